/**
 * Spool: bytes kept on disk while they are looked through, so that they can be
 * read once more. The file has no name as soon as the system allows that, and
 * is ours alone.
 */
import { randomBytes } from "node:crypto";
import { open, rm } from "node:fs/promises";
import { join } from "node:path";
import { ControlProblem } from "../control-problem.js";

export interface Spool {
  write(bytes: Buffer): Promise<void>;
  /** From the beginning. */
  read(): AsyncIterable<Buffer>;
  close(): Promise<void>;
}

/** Opens an empty one in a folder. */
export async function openSpool(folder: string): Promise<Spool> {
  const file = join(folder, `spool-${randomBytes(8).toString("hex")}`);
  const handle = await open(file, "wx+", 0o600);
  // A system that keeps an open file's name removes it at the end.
  await rm(file).catch(() => undefined);
  return {
    write: (bytes) => handle.appendFile(bytes).catch(noRoom),
    read: () => handle.createReadStream({ start: 0, autoClose: false }),
    async close() {
      await handle.close();
      await rm(file, { force: true });
    },
  };
}

function noRoom(cause: NodeJS.ErrnoException): never {
  if (cause.code !== "ENOSPC") throw cause;
  const hint = "free disk space, then try again";
  throw new ControlProblem("store_unavailable", "there is no room for the file", hint, { cause });
}
