/**
 * Program: the command table as a commander program. It parses, shows help and
 * suggests; what a parsed line leads to is its caller's business.
 */
import { Argument, Command, Option } from "commander";
import type { ArgumentSpec, CommandSpec, OptionSpec } from "./commands/command.js";
import type { Globals } from "./context.js";

/** A line of the command table, parsed. */
export interface Invocation {
  readonly spec: CommandSpec;
  /** Arguments and options by name. */
  readonly input: object;
  readonly globals: Globals;
}

export interface ProgramOptions {
  readonly commands: readonly CommandSpec[];
  readonly version: string;
  readonly act: (invocation: Invocation) => Promise<void>;
  readonly output: {
    write(text: string): void;
    readonly columns: number;
    readonly colour: boolean;
  };
}

/** Builds the program; it throws commander's errors and never ends the process. */
export function createProgram({ commands, version, act, output }: ProgramOptions): Command {
  const root = new Command("hoopx")
    .description("Takes permanent API keys away from AI agents.")
    .enablePositionalOptions()
    .usage("<command> [options]");

  const styleTitle = (text: string) => (output.colour ? `\u001b[1m${text}\u001b[22m` : text);

  function dress(command: Command, examples: readonly string[]): void {
    command
      .exitOverride()
      .configureHelp({
        styleTitle,
        subcommandTerm: (child) =>
          [child.name(), ...child.registeredArguments.map(argumentTerm)].join(" "),
        // The global ones come last, below what the command is about.
        visibleOptions: (each) => each.options.filter((option) => !globalNames.has(option.name())),
      })
      .configureOutput({
        writeOut: (text) => output.write(text),
        // Errors are ours to print; a group called bare shows its help as an answer.
        writeErr: () => {},
        getOutHelpWidth: () => output.columns,
        getOutHasColors: () => output.colour,
      })
      .helpCommand(false)
      .version(version, "-V, --version", "print the version")
      .helpOption("-h, --help", "show help")
      .option("--json", "print JSON")
      .option("-q, --quiet", "print data only")
      .option("--no-color", "print without colour")
      .addHelpText("after", () => `\n${styleTitle("Global options:")}\n${globalOptions}`);
    if (examples.length > 0) {
      command.addHelpText(
        "after",
        () => `\n${styleTitle("Examples:")}\n${examples.map((line) => `  $ ${line}`).join("\n")}`,
      );
    }
  }

  function add(parent: Command, spec: CommandSpec): void {
    const command = parent.command(spec.name, { hidden: spec.hidden ?? false });
    command.summary(spec.summary);
    command.description(
      spec.description === undefined ? spec.summary : `${spec.summary}\n\n${spec.description}`,
    );
    for (const argument of spec.arguments ?? []) command.addArgument(argumentOf(argument));
    for (const option of spec.options ?? []) command.addOption(optionOf(option));
    dress(command, spec.examples);
    command.allowExcessArguments(spec.commands !== undefined);
    if (spec.passThrough) command.passThroughOptions().allowUnknownOption(spec.hidden ?? false);
    if (spec.commands) {
      command.enablePositionalOptions();
      for (const child of spec.commands) add(command, child);
    }
    if (spec.load) {
      // A group that also lists: what it does not know is a mistyped command, not an argument.
      command.action(async () => {
        if (spec.commands && command.args.length > 0) unknownCommand(command);
        await act({ spec, input: inputOf(command, spec), globals: globalsOf(command) });
      });
    } else {
      command.action(() => {
        if (command.args.length > 0) unknownCommand(command);
        command.outputHelp();
      });
    }
  }

  dress(root, [
    "hoopx connections add openai",
    "hoopx run -- node agent.js",
    "hoopx sessions",
    "hoopx replay last",
  ]);
  root.allowExcessArguments().action(() => {
    if (root.args.length > 0) unknownCommand(root);
    root.outputHelp();
  });
  for (const spec of commands) add(root, spec);
  return root;
}

const globalNames = new Set(["json", "quiet", "no-color", "version"]);

const globalOptions = `  --json         print JSON
  -q, --quiet    print data only
  --no-color     print without colour (as NO_COLOR does)
  -V, --version  print the version
  -h, --help     show help`;

function argumentTerm(argument: Argument): string {
  const { required, variadic } = argument;
  const shown = `${argument.name()}${variadic ? "..." : ""}`;
  return required ? `<${shown}>` : `[${shown}]`;
}

/** Commander's own "unknown command", with its suggestion; public on the class, not in its types. */
function unknownCommand(command: Command): never {
  return (command as Command & { unknownCommand(): never }).unknownCommand();
}

function argumentOf(spec: ArgumentSpec): Argument {
  const dots = spec.variadic ? "..." : "";
  const shown = spec.optional ? `[${spec.name}${dots}]` : `<${spec.name}${dots}>`;
  const argument = new Argument(shown, spec.description);
  return spec.choices ? argument.choices(spec.choices) : argument;
}

function optionOf(spec: OptionSpec): Option {
  const option = new Option(spec.flags, spec.description);
  const { parse, fallback } = spec;
  if (spec.choices) option.choices(spec.choices);
  if (parse) option.argParser(parse);
  if (spec.repeat) {
    option.argParser((text: string, before: readonly string[] = []) => [...before, text]);
  }
  if (fallback !== undefined) {
    option.default(
      parse && typeof fallback === "string" ? parse(fallback) : fallback,
      String(fallback),
    );
  }
  return option;
}

function inputOf(command: Command, spec: CommandSpec): object {
  const named = (spec.arguments ?? []).map(({ name }, at) => [name, command.processedArgs[at]]);
  const repeated = command.options
    .filter((_, at) => spec.options?.[at]?.repeat)
    .map((option) => [option.attributeName(), []]);
  const {
    json: _json,
    quiet: _quiet,
    color: _color,
    version: _version,
    ...options
  } = command.opts();
  return { ...Object.fromEntries([...named, ...repeated]), ...options };
}

/** A global flag counts wherever it stands. */
function globalsOf(command: Command): Globals {
  const globals = { json: false, quiet: false, color: true };
  for (let at: Command | null = command; at !== null; at = at.parent) {
    const options = at.opts();
    globals.json ||= options.json === true;
    globals.quiet ||= options.quiet === true;
    globals.color &&= options.color !== false;
  }
  return globals;
}
