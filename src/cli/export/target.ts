/**
 * Target: where an export goes: stdout, or a file that only its owner may read
 * and that is whole or not there. A file that exists is left alone unless told
 * otherwise.
 */
import { randomBytes } from "node:crypto";
import { link, open, rename, rm } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { CliError } from "../cli-error.js";
import type { Output } from "../terminal.js";

type Pieces = AsyncIterable<string | Uint8Array>;

/** Writes the pieces as they come; a closed pipe ends it. */
export async function toOutput(stdout: Output, pieces: Pieces): Promise<void> {
  for await (const piece of pieces) stdout.write(piece);
}

/** Writes them to a file; gives its size, bytes. */
export async function toFile(file: string, force: boolean, pieces: Pieces): Promise<number> {
  const place = resolve(file);
  const draft = join(dirname(place), `.hoopx-${randomBytes(6).toString("hex")}.part`);
  let bytes = 0;
  try {
    const handle = await open(draft, "wx", 0o600).catch((cause) => unwritable(file, cause));
    try {
      for await (const piece of pieces) {
        const data = typeof piece === "string" ? Buffer.from(piece) : piece;
        await handle.writeFile(data).catch((cause) => unwritable(file, cause));
        bytes += data.length;
      }
    } finally {
      await handle.close();
    }
    if (force) await rename(draft, place).catch((cause) => unwritable(file, cause));
    // Unlike a rename, a link never takes another file's place.
    else await link(draft, place).catch((cause) => unwritable(file, cause));
  } finally {
    await rm(draft, { force: true });
  }
  return bytes;
}

function unwritable(file: string, cause: NodeJS.ErrnoException): never {
  if (cause.code === "EEXIST") {
    throw new CliError("file_exists", `${file} exists already`, "--force replaces it", { cause });
  }
  const why: Readonly<Record<string, string>> = {
    ENOENT: "there is no such folder",
    ENOTDIR: "there is no such folder",
    EISDIR: "it is a folder",
    EACCES: "you may not write there",
    ENOSPC: "the disk is full",
  };
  const reason = why[cause.code ?? ""] ?? "writing it failed";
  const message = `${file} cannot be written: ${reason}`;
  throw new CliError("file_unwritable", message, "name another file with --output", { cause });
}
