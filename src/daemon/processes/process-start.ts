/**
 * Process start: tells a process from a later one that was given its number.
 * Linux counts each process's start in clock ticks since boot; elsewhere only
 * that a process of that number lives can be known.
 */
import { readFileSync } from "node:fs";
import { type ProcessEntry, type ProcessMark, processTable } from "./process-table.js";

/** Ticks since boot name a process only together with the boot. Read once: it cannot change while we run. */
const boot = readBoot();

/** When a process started, as the kernel counts it; null where the system does not say. */
export function processStart(pid: number): string | null {
  if (boot === undefined) return null;
  const entry = processTable.entry(pid);
  return entry === undefined ? null : startOf(entry);
}

/** A process's start as it is kept in the record; null where the system does not say. */
export function startOf({ start }: Pick<ProcessEntry, "start">): string | null {
  return boot === undefined ? null : `${boot}:${start}`;
}

/** The kernel counts a process's start in hundredths of a second on every machine Node runs on. */
const tickMs = 10;

/** When it started by the clock; `bootedAt`: when the machine started, milliseconds since 1970. */
export function startedAt({ start }: ProcessMark, bootedAt: number): Date {
  return new Date(bootedAt + start * tickMs);
}

/** Is it still the process that started then? True where that cannot be found out. */
export function processLives(pid: number, start: string | null): boolean {
  if (start === null || boot === undefined) return processTable.exists(pid);
  const mark = markOf(pid, start);
  if (mark === undefined) return false;
  try {
    const entry = processTable.entry(pid);
    return entry !== undefined && !entry.gone && entry.start === mark.start;
  } catch {
    // Out of file descriptors, or the like: that says nothing about the process.
    return true;
  }
}

/** The process of that number and start; undefined where the start is not known, or of another boot. */
export function markOf(pid: number, start: string | null): ProcessMark | undefined {
  const [of, ticks] = start?.split(":") ?? [];
  return ticks === undefined || of !== boot ? undefined : { pid, start: Number(ticks) };
}

function readBoot(): string | undefined {
  if (process.platform !== "linux") return undefined;
  try {
    return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").slice(0, 8);
  } catch {
    return undefined;
  }
}
