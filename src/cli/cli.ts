/**
 * Cli: one command line from words to exit code. Parses, runs the command, and
 * turns whatever stops it into `error:` and `hint:` lines, or with `--json`
 * into one document. Nothing below here prints an error or ends the process.
 */
import { CommanderError } from "commander";
import { CliError, exitCodes, usage } from "./cli-error.js";
import { commands } from "./commands/index.js";
import { createContext, type Globals, type Host } from "./context.js";
import { colours, hasColour } from "./output/colour.js";
import { escapeLine } from "./output/escape.js";
import { printJson, printJsonLine } from "./output/json.js";
import { plainUsage } from "./plain-usage.js";
import { createProgram, type Invocation } from "./program.js";
import { ClosedPipe, type Output } from "./terminal.js";

/** Runs one command line and gives its exit code. */
export async function runCommandLine(words: readonly string[], host: Host): Promise<number> {
  // `hoopx help run`, as git and gh have it; one way to show help is enough below.
  const argv = words[0] === "help" ? [...words.slice(1), "--help"] : words;
  const { stdout, environment } = host;
  let exitCode: number = exitCodes.done;
  let current: Invocation | undefined;
  const guessed = guessGlobals(argv);
  const program = createProgram({
    commands,
    version: host.version,
    output: {
      write: (text) => stdout.write(text),
      columns: stdout.isTTY ? stdout.columns : 80,
      colour: hasColour({ wanted: guessed.color, isTTY: stdout.isTTY, environment }),
    },
    async act(invocation) {
      current = invocation;
      const { spec, input, globals } = invocation;
      const module = await spec.load?.();
      exitCode = (await module?.run(createContext(host, globals), input)) ?? exitCodes.done;
    },
  });
  try {
    await program.parseAsync(argv, { from: "user" });
    return exitCode;
  } catch (error) {
    if (error instanceof ClosedPipe) return exitCodes.done;
    const told = errorOf(error, argv);
    if (told === undefined) return exitCodes.done;
    const globals = current?.globals ?? guessed;
    const foreign = current?.spec.foreignStdout ?? argv.includes("run");
    try {
      report(told, globals, host, foreign);
    } catch (failure) {
      if (!(failure instanceof ClosedPipe)) throw failure;
    }
    return told.exitCode;
  }
}

/** What to tell the person; undefined where help or the version was the answer. */
function errorOf(error: unknown, argv: readonly string[]): CliError | undefined {
  if (error instanceof CliError) return error;
  if (error instanceof CommanderError) {
    return error.exitCode === 0 ? undefined : misunderstood(error, argv);
  }
  const message = error instanceof Error ? error.message : String(error);
  return new CliError("fault", message, "that is a defect of hoopx: please report it");
}

/** Commander's error in our words, with the help of the command that was meant. */
function misunderstood(error: CommanderError, argv: readonly string[]): CliError {
  const path = pathOf(argv);
  const help = `${["hoopx", ...path].join(" ")} --help`;
  if (error.code === "commander.excessArguments" && ["add", "rotate"].includes(path.at(-1) ?? "")) {
    return usage(
      "too many arguments: a key is never one of them",
      "give the key by prompt, --secret-stdin, --secret-env NAME or --secret-command CMD",
    );
  }
  const { message, suggestion } = plainUsage(error.message);
  return usage(message, suggestion ? `did you mean ${suggestion}? (${help})` : help);
}

/** The commands that the line names, as far as it goes. */
function pathOf(argv: readonly string[]): readonly string[] {
  const path: string[] = [];
  let rows = commands;
  for (const word of argv) {
    const row = rows.find(({ name, hidden }) => name === word && !hidden);
    if (row === undefined) {
      if (word.startsWith("-")) continue;
      break;
    }
    path.push(row.name);
    rows = row.commands ?? [];
  }
  return path;
}

/** The global flags of a line that may not parse. */
function guessGlobals(argv: readonly string[]): Globals {
  const end = argv.indexOf("--");
  const own = end === -1 ? argv : argv.slice(0, end);
  return {
    json: own.includes("--json"),
    quiet: own.includes("--quiet") || own.includes("-q"),
    color: !own.includes("--no-color"),
  };
}

function report(error: CliError, globals: Globals, host: Host, foreignStdout: boolean): void {
  const { stdout, stderr, environment } = host;
  if (globals.json) {
    const { code, message, hint, details } = error;
    const document = { error: { code, message, hint, ...(details.length > 0 && { details }) } };
    if (foreignStdout) printJsonLine(stderr, document);
    else printJson(stdout, document);
    return;
  }
  const on = hasColour({ wanted: globals.color, isTTY: stderr.isTTY, environment });
  print(stderr, colours(on).red("error:"), error.message);
  for (const detail of error.details) print(stderr, " ", detail);
  print(stderr, colours(on).cyan("hint:"), error.hint);
}

function print(output: Output, label: string, text: string): void {
  output.write(`${label} ${escapeLine(text)}\n`);
}
