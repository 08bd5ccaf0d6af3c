/**
 * Process: stands this process around the command line: its streams, clock,
 * environment and signals.
 */
import { runCommandLine } from "./cli.js";
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
    environment: process.env,
    stdin: openInput(),
    stdout: openOutput(1),
    stderr: openOutput(2),
    now: () => new Date(),
    folder: () => process.cwd(),
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
