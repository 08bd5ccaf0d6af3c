/**
 * Process: stands this process around the command line: its streams, clock,
 * environment and signals.
 */
import { runCommandLine } from "./cli.js";
import { CliError } from "./cli-error.js";
import { createDoor } from "./door/door.js";
import { openInput, openOutput } from "./terminal.js";

export interface ProgramPaths {
  /** Path of `hoopxd.js`. */
  readonly daemonProgram: string;
  readonly version: string;
}

/** Runs a command line on this process and gives its exit code. */
export function runOnProcess(argv: readonly string[], paths: ProgramPaths): Promise<number> {
  let interruption: AbortController | undefined;
  return runCommandLine(argv, {
    ...paths,
    createDoor,
    environment: process.env,
    stdin: openInput(),
    stdout: openOutput(1),
    stderr: openOutput(2),
    now: () => new Date(),
    folder: currentFolder,
    async openBrowser(address) {
      const { openBrowser } = await import("./login/browser.js");
      return openBrowser(address);
    },
    interrupted() {
      if (interruption === undefined) {
        const controller = new AbortController();
        interruption = controller;
        for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
          process.once(signal, () => controller.abort());
        }
      }
      return interruption.signal;
    },
  });
}

/** The working folder; agents delete theirs, and a shell stays in one that is gone. */
function currentFolder(): string {
  try {
    return process.cwd();
  } catch (cause) {
    const message = "the folder that you are in does not exist any more";
    throw new CliError("folder_gone", message, "cd to another folder, then try again", { cause });
  }
}
