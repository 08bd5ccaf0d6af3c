/**
 * Read whole: a policy's file as text. An agent can put something else in its
 * place: a pipe without a writer would hold a thread of the daemon for
 * good, and a device never ends. Only a file is read, and only so much of it.
 */
import { constants } from "node:fs";
import { open } from "node:fs/promises";

/** A policy is text that people write. */
const sizeLimit = 1 << 20;

/** The file's text; a RangeError says why it is none that would be read. */
export async function readWhole(file: string): Promise<string> {
  // Absent on Windows, where no file is a pipe.
  const handle = await open(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const found = await handle.stat();
    if (!found.isFile() && !found.isDirectory()) throw new RangeError("it is not a file");
    if (found.size > sizeLimit) throw tooLarge();
    const bytes = Buffer.alloc(sizeLimit + 1);
    let length = 0;
    for (;;) {
      const { bytesRead } = await handle.read(bytes, length, bytes.length - length);
      length += bytesRead;
      if (length > sizeLimit) throw tooLarge();
      if (bytesRead === 0) return bytes.toString("utf8", 0, length);
    }
  } finally {
    await handle.close();
  }
}

const tooLarge = () => new RangeError(`it is over ${sizeLimit} bytes`);
