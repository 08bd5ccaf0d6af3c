/**
 * Process start: tells a process from a later one that was given its number.
 * Linux counts each process's start in clock ticks since boot; elsewhere only
 * that a process of that number lives can be known.
 */
import { readFileSync } from "node:fs";
import { type ProcessMark, processTable } from "./process-table.js";

/** When a process started, as the kernel counts it; null where the system does not say. */
export function processStart(pid: number): string | null {
  if (process.platform !== "linux") return null;
  const entry = processTable.entry(pid);
  return entry === undefined ? null : `${boot()}:${entry.start}`;
}

/** Is it still the process that started then? */
export function processLives(pid: number, start: string | null): boolean {
  if (start !== null && process.platform === "linux") {
    const entry = processTable.entry(pid);
    return entry !== undefined && !entry.gone && processStart(pid) === start;
  }
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it is there, and another user's.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** The process of that number and start; undefined where the start is not known, or of another boot. */
export function markOf(pid: number, start: string | null): ProcessMark | undefined {
  const [of, ticks] = start?.split(":") ?? [];
  return ticks === undefined || of !== boot() ? undefined : { pid, start: Number(ticks) };
}

/** Ticks since boot name a process only together with the boot. */
function boot(): string {
  return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").slice(0, 8);
}
