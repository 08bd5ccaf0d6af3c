/**
 * Lock file: who holds the record's lock, and which daemon a process of ours
 * started, both as the kernel has it. A `hoopx run` that starts the daemon is
 * its parent, and an agent's process that forked twice has the same parent; so
 * the run vouches for its daemon, with a lock of its own on the byte that has
 * the daemon's number. No other process can take or forge that lock. The file
 * stays open: closing any descriptor of it gives up all of a process's locks.
 */
import { openSync, statSync } from "node:fs";
import type { Kernel } from "./kernel.js";

export interface LockFile {
  /** The process that holds the record; undefined where none does. */
  holder(): number | undefined;
  /** The process that says that it started this one, and lives; undefined where none says so. */
  voucherFor(pid: number): number | undefined;
  /** Says that this process started that one; the promise's end takes it back. */
  vouchFor(pid: number, ended: Promise<void>): void;
}

/** The bytes that SQLite locks for the one process that writes (sqlite.org/fileformat2.html, "The Lock-Byte Page"). */
const recordLock = { from: 0x40000002, length: 510 };

/** Opens nothing yet. */
export function createLockFile(path: string, kernel: Kernel): LockFile {
  let open: { readonly fd: number; readonly dev: number; readonly ino: number } | undefined;

  /** The file that is there now. One that was replaced stays open: this process may have a lock on it. */
  function descriptor(): number | undefined {
    const there = statSync(path, { throwIfNoEntry: false });
    if (there === undefined) return undefined;
    if (open?.dev !== there.dev || open.ino !== there.ino) {
      open = { fd: openSync(path, "r+"), dev: there.dev, ino: there.ino };
    }
    return open.fd;
  }

  return {
    holder() {
      const fd = descriptor();
      return fd === undefined
        ? undefined
        : kernel.lockHolder(fd, recordLock.from, recordLock.length);
    },

    voucherFor(pid) {
      const fd = descriptor();
      return fd === undefined ? undefined : kernel.lockHolder(fd, pid, 1);
    },

    vouchFor(pid, ended) {
      const fd = descriptor();
      if (fd === undefined || !kernel.lockByte(fd, pid)) return;
      // The number may be given to another process.
      void ended.then(() => kernel.unlockByte(fd, pid));
    },
  };
}
