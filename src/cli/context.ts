/**
 * Context: all that a command may touch. Streams, client, prompter, clock and
 * environment are handed in, so that a test can stand in for each of them; no
 * command reads `process` for any of these.
 */
import type { ChalkInstance } from "chalk";
import { type Home, homeOf } from "../contract/home.js";
import { type Client, createClient } from "./client.js";
import type { Door, DoorOptions } from "./door/door.js";
import { colours, hasColour } from "./output/colour.js";
import { escapeLine } from "./output/escape.js";
import type { TableOptions } from "./output/table.js";
import { createPrompter, type Prompter } from "./prompter.js";
import type { Environment } from "./start-daemon.js";
import type { Input, Output } from "./terminal.js";

/** What stands around the command line: the process, or a test. */
export interface Host {
  readonly environment: Environment;
  readonly stdin: Input;
  readonly stdout: Output;
  readonly stderr: Output;
  /** Path of `hoopxd.js`. */
  readonly daemonProgram: string;
  readonly version: string;
  /** The way to the daemon. */
  readonly createDoor: (options: DoorOptions) => Door;
  readonly now: () => Date;
  /** Where the person stands. */
  readonly folder: () => string;
  /** Shows a web page to the person; false where that failed. */
  readonly openBrowser: (address: string) => Promise<boolean>;
  /** Aborted by Ctrl-C or SIGTERM; asking for it takes those signals over. */
  readonly interrupted: () => AbortSignal;
}

/** The global flags. */
export interface Globals {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly color: boolean;
}

export interface Context extends Host, Globals {
  readonly home: Home;
  /** To the daemon; `client` goes through it, and starts the daemon besides. */
  readonly door: Door;
  readonly client: Client;
  readonly prompter: Prompter;
  /** Colours of stdout. */
  readonly colours: ChalkInstance;
  /** How tables are drawn on stdout. */
  readonly table: TableOptions;
  /** Says what was done, on stdout; nothing with `--quiet` or `--json`. */
  confirm(text: string): void;
  /** Says something beside the point, on stderr; nothing with `--quiet`. */
  note(text: string): void;
}

/** The context of one command. */
export function createContext(host: Host, globals: Globals): Context {
  const { environment, stdin, stdout, stderr } = host;
  const home = homeOf(environment);
  const door = host.createDoor({ home, program: host.daemonProgram, environment });
  const paint = colours(hasColour({ wanted: globals.color, isTTY: stdout.isTTY, environment }));
  const prompter = createPrompter({ interactive: stdin.isTTY && stderr.isTTY, stderr });
  const note = (text: string) => {
    if (!globals.quiet) stderr.write(`hoopx: ${escapeLine(text)}\n`);
  };
  return {
    ...host,
    ...globals,
    home,
    prompter,
    note,
    colours: paint,
    table: { width: stdout.isTTY ? stdout.columns : undefined, colours: paint },
    door,
    client: createClient({
      door,
      program: host.daemonProgram,
      version: host.version,
      environment,
      prompter,
      note,
    }),
    confirm(text) {
      if (globals.quiet || globals.json) return;
      const mark = stdout.isTTY ? `${paint.green("✓")} ` : "";
      stdout.write(`${mark}${escapeLine(text)}\n`);
    },
  };
}
