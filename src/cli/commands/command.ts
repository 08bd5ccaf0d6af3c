/**
 * Command: one row of the command table. Parser, help, completions and
 * docs/cli.md are all made from these rows; the module that does the work is
 * loaded only when its command runs.
 */
import type { Context } from "../context.js";

/** What completes a value: names that only the daemon knows, or what the shell itself knows. */
export type Completion =
  | "connection"
  | "session"
  | "review"
  | "grant"
  | "file"
  | "command"
  | "variable";

export interface ArgumentSpec {
  /** Also its key in the command's input. */
  readonly name: string;
  readonly description: string;
  readonly optional?: true;
  /** Takes the rest of the line; its value is an array. */
  readonly variadic?: true;
  readonly choices?: readonly string[];
  readonly complete?: Completion;
}

export interface OptionSpec {
  /** `-n, --lines <number>`. */
  readonly flags: string;
  readonly description: string;
  readonly choices?: readonly string[];
  readonly fallback?: string | number;
  /** Reads the value; throws a usage error that never repeats it. */
  readonly parse?: (text: string) => unknown;
  /** May be given again; its value is an array. */
  readonly repeat?: true;
  readonly complete?: Completion;
}

export interface CommandSpec {
  readonly name: string;
  readonly summary: string;
  /** Paragraphs below the summary in its help. */
  readonly description?: string;
  readonly arguments?: readonly ArgumentSpec[];
  readonly options?: readonly OptionSpec[];
  readonly examples: readonly string[];
  /** Absent: the command only groups others. */
  readonly load?: () => Promise<CommandModule>;
  readonly commands?: readonly CommandSpec[];
  /** Everything from the first argument on belongs to another program. */
  readonly passThrough?: true;
  /** stdout belongs to another program: our errors go to stderr as JSON too. */
  readonly foreignStdout?: true;
  readonly hidden?: true;
}

export interface CommandModule {
  /**
   * Does the work; `input` holds arguments and options by name. Ends with an
   * exit code where that is not 0. (A method, so that each module may declare
   * the input that its own row makes.)
   */
  run(context: Context, input: object): Promise<number | undefined>;
}

/** Of commands that ask first on a terminal. */
export const yesOption: OptionSpec = { flags: "-y, --yes", description: "do not ask" };
