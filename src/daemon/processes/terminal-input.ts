/**
 * Terminal input: may a program put characters into the input of the terminal
 * that it runs in (TIOCSTI, ioctl_tty(2))? An agent could stop its `hoopx run`,
 * so that the shell reads the terminal again, and have typed `hoopx approve`
 * there: to the kernel, and so to hoopx, the shell's command is the person's.
 * Linux can forbid it since 6.2; before that it has no such setting.
 */
import { readFileSync } from "node:fs";

const setting = "/proc/sys/dev/tty/legacy_tiocsti";

export type TerminalInput =
  | "closed"
  /** Until the setting is turned off. */
  | "open"
  /** This kernel cannot be told to forbid it. */
  | "always-open";

/** What this system permits; undefined where hoopx does not tell callers apart anyway. */
export function terminalInput(
  platform: string = process.platform,
  read: () => string = () => readFileSync(setting, "latin1"),
): TerminalInput | undefined {
  if (platform !== "linux") return undefined;
  try {
    return read().trim() === "0" ? "closed" : "open";
  } catch {
    return "always-open";
  }
}
