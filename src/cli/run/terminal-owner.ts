/**
 * Terminal owner: whether the agent has taken the terminal for a screen or an
 * input line of its own. Such a program reads each key by itself: the terminal
 * is no longer in canonical mode (termios(3)), whether the program uses the
 * alternate screen or not. Only `stty` of POSIX tells without native code;
 * where there is none, as on Windows, it is not known and taken for a no.
 */
import { spawn } from "node:child_process";

/** The descriptor that lines of ours go to. */
const stderrFd = 2;
/** Milliseconds to wait for the answer. */
const limit = 1_000;

/** True while a program reads the terminal's keys by itself. */
export function terminalIsTaken(fd: number = stderrFd): Promise<boolean> {
  if (process.platform === "win32") return Promise.resolve(false);
  return new Promise((resolve) => {
    // It asks about the terminal on its stdin.
    const stty = spawn("stty", ["-a"], { stdio: [fd, "pipe", "ignore"], timeout: limit });
    let told = "";
    stty.stdout?.setEncoding("latin1").on("data", (text: string) => {
      told += text;
    });
    stty.on("error", () => resolve(false));
    stty.on("close", () => resolve(/(^|\s)-icanon\b/.test(told)));
  });
}
