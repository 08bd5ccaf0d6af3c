/**
 * Private file: bytes that only their owner may read. A write is whole or not
 * at all (temporary file, fsync, rename), so a crash leaves the old file or
 * the new one; what others could read is refused, not quietly mended, because
 * it may have been read already.
 */
import { randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { makePrivateFolder } from "./private-folder.js";

/** A file that others than its owner may read or write. */
export class OpenToOthers extends Error {
  constructor(file: string) {
    super(`${file} is open to other users`);
    this.name = "OpenToOthers";
  }
}

/** The file's bytes; undefined where there is none. Throws OpenToOthers. */
export async function readPrivate(file: string): Promise<Buffer | undefined> {
  let handle: Awaited<ReturnType<typeof open>>;
  try {
    // NONBLOCK: a named pipe in its place would hold the daemon for ever.
    handle = await open(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  try {
    // Windows keeps rights elsewhere: the profile's folder is the user's own.
    const { mode } = await handle.stat();
    if (process.platform !== "win32" && (mode & 0o077) !== 0) throw new OpenToOthers(file);
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}

/** Replaces the file, or with `keep` creates it and fails with EEXIST where there is one. */
export async function writePrivate(
  file: string,
  data: string | Uint8Array,
  options: { readonly keep?: boolean } = {},
): Promise<void> {
  makePrivateFolder(dirname(file));
  if (options.keep === true) {
    await writeSynced(file, data);
  } else {
    const temporary = `${file}.${randomBytes(6).toString("hex")}.tmp`;
    try {
      await writeSynced(temporary, data);
      await rename(temporary, file);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  }
  await syncFolder(dirname(file));
}

async function writeSynced(file: string, data: string | Uint8Array): Promise<void> {
  const handle = await open(file, "wx", 0o600);
  try {
    await handle.writeFile(data);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** The name itself is durable only once the folder is; Windows has no such call. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
