/**
 * Log file: one stable name, 0600, rotated by size: `hoopxd.log` is the newest,
 * `hoopxd.log.1` the one before, and beyond the last nothing is kept. Writing
 * is buffered and asynchronous; a full disk loses log lines, never a request.
 * A file that cannot be rotated grows on, and is tried again each time that it
 * has grown by its size.
 */
import { existsSync, renameSync, rmSync, statSync } from "node:fs";
import pino from "pino";

export interface LogFileOptions {
  readonly file: string;
  readonly maxBytes: number;
  /** Files kept, the current one included. */
  readonly files: number;
  /** Told when it could not be rotated: once, until it can be again. */
  readonly stuck: (error: unknown) => void;
}

export type LogFile = ReturnType<typeof pino.destination>;

/** Opens the file for appending. */
export function openLogFile({ file, maxBytes, files, stuck }: LogFileOptions): LogFile {
  let isStuck = false;
  let size = existsSync(file) ? statSync(file).size : 0;
  const destination = pino.destination({ dest: file, mode: 0o600, sync: false });

  function rotate(): void {
    const nameOf = (age: number) => (age === 0 ? file : `${file}.${age}`);
    rmSync(nameOf(files - 1), { force: true });
    for (let age = files - 2; age >= 0; age -= 1) {
      if (existsSync(nameOf(age))) renameSync(nameOf(age), nameOf(age + 1));
    }
    destination.reopen();
  }

  destination.on("write", (written: number) => {
    size += written;
    if (size < maxBytes) return;
    size = 0;
    try {
      rotate();
      isStuck = false;
    } catch (error) {
      const before = isStuck;
      isStuck = true;
      if (!before) stuck(error);
    }
  });
  // Nowhere is left to say it; the data path must not stop for want of a log.
  destination.on("error", () => undefined);
  return destination;
}
