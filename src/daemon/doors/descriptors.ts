/**
 * Descriptors: how many connections this process can hold. Each takes a file
 * descriptor, and on the data path another one upstream; where the system gives
 * fewer than the settings want, fewer connections are taken, so that the record,
 * the key store and /proc can always be opened.
 */
import { readFileSync } from "node:fs";

/** For the record, the logs, the key store, /proc and what Node itself has open. */
const kept = 48;
const mostControl = 256;
const fewest = 8;

/** Connections of the data path and of the control socket, under a limit of open files. */
export function connectionsWithin(
  files: number,
  wanted: number,
): { readonly data: number; readonly control: number } {
  const control = within(mostControl, Math.floor(files / 8));
  return { control, data: within(wanted, Math.floor((files - kept - control) / 2)) };
}

/** As many as are wanted and can be had; never so few that nothing works. */
function within(wanted: number, possible: number): number {
  return Math.min(wanted, Math.max(possible, fewest));
}

/** How many files this process may have open; Infinity where the system does not tell. */
export function openFilesLimit(): number {
  if (process.platform !== "linux") return Number.POSITIVE_INFINITY;
  try {
    const text = readFileSync("/proc/self/limits", "utf8");
    const soft = /^Max open files +(\d+)/m.exec(text)?.[1];
    return soft === undefined ? Number.POSITIVE_INFINITY : Number(soft);
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
