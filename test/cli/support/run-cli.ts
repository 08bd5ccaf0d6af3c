/** The command line run within the test, on streams that a test can read. */
import { runCommandLine } from "../../../src/cli/cli.js";
import { openDoor } from "../../../src/cli/door/door.js";
import type { Output } from "../../../src/cli/terminal.js";

export interface RunCliOptions {
  readonly home: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Cells of the terminal on stdout and stderr; absent: neither is one. */
  readonly columns?: number;
  readonly stdin?: string;
  /** Where the person stands. */
  readonly folder?: string;
  readonly interrupted?: AbortSignal;
  /** Called with each page that is to be shown; absent: there is no browser. */
  readonly openBrowser?: (address: string) => boolean;
  /** Called with each write on stdout. */
  readonly wrote?: (text: string) => void;
}

export interface CliOutcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export async function runCli(
  argv: readonly string[],
  {
    home,
    environment = {},
    columns,
    stdin,
    folder,
    interrupted,
    openBrowser,
    wrote,
  }: RunCliOptions,
): Promise<CliOutcome> {
  let stdout = "";
  let stderr = "";
  const output = (write: (text: string) => void): Output => ({
    isTTY: columns !== undefined,
    columns: columns ?? 80,
    write,
  });
  const code = await runCommandLine(argv, {
    environment: { HOOPX_HOME: home, ...environment },
    stdin: {
      isTTY: false,
      text: async () => stdin ?? "",
      async *bytes() {
        yield Buffer.from(stdin ?? "");
      },
    },
    stdout: output((text) => {
      stdout += text;
      wrote?.(text);
    }),
    stderr: output((text) => {
      stderr += text;
    }),
    daemonProgram: "/nowhere/hoopxd.js",
    version: "0.0.0-dev",
    // The fake daemon is in this very process.
    createDoor: ({ home: { socket } }) => openDoor(socket),
    now: () => new Date("2026-11-24T10:00:00.000Z"),
    folder: () => folder ?? "/work/agent",
    openBrowser: async (address) => openBrowser?.(address) ?? false,
    interrupted: () => interrupted ?? new AbortController().signal,
  });
  return { code, stdout, stderr };
}
