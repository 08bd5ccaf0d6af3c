/**
 * Bound file: the control socket at its path, told from any other that is put
 * there. The server binds under a name that no other program can know yet and
 * is moved to its path then: at the path itself another's may lie at once.
 */
import { randomBytes } from "node:crypto";
import { chmodSync, lstatSync, renameSync } from "node:fs";
import type { Server } from "node:net";
import { dirname, join } from "node:path";

/** The number is no other file's while the server listens: its socket keeps the file. */
export interface BoundFile {
  /** Is what lies at the path this file? */
  isThere(): boolean;
}

/** A named pipe of Windows is in no folder, and ends with its process. */
const isNamed = process.platform === "win32";

/** Makes the server listen; what lies at the path is replaced. */
export async function bindTo(path: string, server: Server): Promise<BoundFile> {
  const draft = isNamed ? path : join(dirname(path), `.${randomBytes(4).toString("hex")}`);
  const listening = new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(draft, resolve);
  });
  const mark = isNamed ? undefined : markOf(draft);
  await listening;
  if (isNamed) return { isThere: () => true };
  try {
    // The umask made it so already; said here once more because everything hangs on it.
    chmodSync(draft, 0o600);
    renameSync(draft, path);
  } catch (error) {
    server.close();
    throw error;
  }
  return {
    isThere() {
      const there = markOf(path);
      return mark !== undefined && there?.dev === mark.dev && there.ino === mark.ino;
    },
  };
}

function markOf(file: string): { readonly dev: bigint; readonly ino: bigint } | undefined {
  try {
    return lstatSync(file, { bigint: true });
  } catch {
    return undefined;
  }
}
