/**
 * Candidates: what can stand at the cursor, found by walking the program that
 * parses the line, so that completion can never know other commands than the
 * parser does. Live names come from the daemon if one runs; none is started,
 * and nothing is ever printed but candidates.
 */
import type { Command, Option } from "commander";
import type { CommandSpec, Completion } from "../commands/command.js";

export interface Candidate {
  readonly value: string;
  readonly description: string;
}

export interface Candidates {
  readonly candidates: readonly Candidate[];
  /** What the shell itself is to complete, beside the candidates. */
  readonly shell: "none" | "files" | "commands";
}

/** What is completed by names that only the daemon, or the environment, knows. */
export type LiveKind = Exclude<Completion, "file" | "command">;

export interface CandidateOptions {
  readonly program: Command;
  readonly commands: readonly CommandSpec[];
  /** The words after `hoopx`; the last is the one under the cursor, perhaps empty. */
  readonly words: readonly string[];
  /** Names that only the daemon, or the environment, knows. */
  readonly live: (kind: LiveKind) => Promise<readonly Candidate[]>;
}

interface Place {
  readonly command: Command;
  readonly spec: CommandSpec | undefined;
  /** The option whose value is under the cursor. */
  readonly option: Option | undefined;
  /** How many arguments stand before the cursor. */
  readonly given: number;
  /** After `--` no option is meant. */
  readonly optionsOver: boolean;
}

/** The candidates for the last word. */
export async function candidatesFor(options: CandidateOptions): Promise<Candidates> {
  // bash splits `--option=value` at the equals sign.
  const words = options.words.filter((word, at, all) => word !== "=" || at === all.length - 1);
  const current = words.at(-1) === "=" ? "" : (words.at(-1) ?? "");
  const place = walk(options, words.slice(0, -1));

  const joined = /^(--[a-z-]+)=(.*)$/s.exec(current);
  const named = joined && place.command.options.find(({ long }) => long === joined[1]);
  if (joined && named) {
    const found = await ofOption(options, place.spec, named);
    return matching(prefixed(found, `${joined[1]}=`), current);
  }
  if (place.option) return matching(await ofOption(options, place.spec, place.option), current);
  if (current.startsWith("-") && !place.optionsOver) {
    return matching({ candidates: flagsOf(place.command), shell: "none" }, current);
  }
  return matching(await ofArgument(options, place), current);
}

function walk({ program, commands }: CandidateOptions, words: readonly string[]): Place {
  let place: Place = {
    command: program,
    spec: undefined,
    option: undefined,
    given: 0,
    optionsOver: false,
  };
  for (const word of words) place = step(place, word, commands);
  return place;
}

function step(place: Place, word: string, commands: readonly CommandSpec[]): Place {
  const { command, spec } = place;
  if (place.option) return { ...place, option: undefined };
  if (!place.optionsOver && word === "--") return { ...place, optionsOver: true };
  if (!place.optionsOver && word.startsWith("-")) {
    const option = command.options.find(({ long, short }) => long === word || short === word);
    return option?.required ? { ...place, option } : place;
  }
  const child = command.commands.find((each) => each.name() === word);
  if (child && place.given === 0 && !place.optionsOver) {
    const rows = spec?.commands ?? commands;
    return { ...place, command: child, spec: rows.find(({ name }) => name === word), given: 0 };
  }
  // From here on the line is another program's.
  const over = place.optionsOver || spec?.passThrough === true;
  return { ...place, given: place.given + 1, optionsOver: over };
}

async function ofArgument(options: CandidateOptions, place: Place): Promise<Candidates> {
  const { command, spec, given } = place;
  const rows = spec?.arguments ?? [];
  const last = rows.at(-1);
  const argument = rows[given] ?? (last?.variadic ? last : undefined);
  const children =
    given === 0 && !place.optionsOver
      ? command.commands
          .filter((child) => !isHidden(command, child))
          .map((child) => ({ value: child.name(), description: child.summary() }))
      : [];
  if (argument?.complete === "command" && given > 0) return { candidates: [], shell: "files" };
  const own = await completed(options, argument?.choices, argument?.complete);
  return { ...own, candidates: [...children, ...own.candidates] };
}

function ofOption(
  options: CandidateOptions,
  spec: CommandSpec | undefined,
  option: Option,
): Promise<Candidates> {
  const row = spec?.options?.find(({ flags }) => flags === option.flags);
  return completed(options, row?.choices, row?.complete);
}

async function completed(
  { live }: CandidateOptions,
  choices: readonly string[] = [],
  kind: Completion | undefined,
): Promise<Candidates> {
  if (kind === "file") return { candidates: [], shell: "files" };
  if (kind === "command") return { candidates: [], shell: "commands" };
  if (kind !== undefined) return { candidates: await live(kind), shell: "none" };
  return { candidates: choices.map((value) => ({ value, description: "" })), shell: "none" };
}

function flagsOf(command: Command): readonly Candidate[] {
  const flags = command.options
    .filter(({ hidden }) => !hidden)
    .flatMap(({ long, description }) => (long ? [{ value: long, description }] : []));
  return [...flags, { value: "--help", description: "show help" }];
}

function isHidden(parent: Command, child: Command): boolean {
  return !parent.createHelp().visibleCommands(parent).includes(child);
}

function prefixed(found: Candidates, prefix: string): Candidates {
  return {
    ...found,
    candidates: found.candidates.map((each) => ({ ...each, value: prefix + each.value })),
  };
}

function matching(found: Candidates, current: string): Candidates {
  return {
    ...found,
    candidates: found.candidates.filter(({ value }) => value.startsWith(current)),
  };
}
