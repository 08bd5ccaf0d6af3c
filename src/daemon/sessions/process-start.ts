/**
 * Process start: tells a process from a later one that was given its number.
 * Linux counts each process's start in clock ticks since boot; elsewhere only
 * that a process of that number lives can be known.
 */
import { readFileSync } from "node:fs";

/** When a process started, as the kernel counts it; null where the system does not say. */
export function processStart(pid: number): string | null {
  if (process.platform !== "linux") return null;
  const stat = statOf(pid);
  if (stat === undefined) return null;
  // Ticks since boot name a process only together with the boot.
  const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").slice(0, 8);
  return `${boot}:${stat.start}`;
}

/** Is it still the process that started then? */
export function processLives(pid: number, start: string | null): boolean {
  if (start !== null && process.platform === "linux") {
    const stat = statOf(pid);
    return stat !== undefined && !stat.gone && processStart(pid) === start;
  }
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it is there, and another user's.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

interface Stat {
  /** A zombie: ended, and only waiting for its parent to hear of it. */
  readonly gone: boolean;
  readonly start: string;
}

/** proc(5), /proc/PID/stat: the name may hold spaces and brackets, so the fields count from its last bracket. */
function statOf(pid: number): Stat | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    const [state] = fields;
    const start = fields[19];
    if (start === undefined) return undefined;
    return { gone: state === "Z" || state === "X", start };
  } catch {
    return undefined;
  }
}
