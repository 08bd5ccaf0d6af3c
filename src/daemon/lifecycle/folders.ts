/**
 * Folders: the home's, made 0700, and refused where they are not this user's
 * alone (SECURITY L4, S1). The owner of the run folder owns the control
 * socket, so what is wrong there is said and not mended in silence.
 */
import { chmodSync, lstatSync, statSync } from "node:fs";
import { dirname } from "node:path";
import type { Home } from "../../contract/home.js";
import { makePrivateFolder } from "../secrets/private-folder.js";

/** A folder that must not be used; the message names it and says why. */
export class FolderError extends Error {
  readonly hint: string;

  constructor(message: string, hint: string) {
    super(message);
    this.name = "FolderError";
    this.hint = hint;
  }
}

/** Makes the home's folders; throws a FolderError where one is not safe to use. */
export function prepareFolders(home: Home): void {
  for (const folder of [home.config, home.data, home.log]) makePrivate(folder);
  prepareRunFolders(home);
}

/** The folders of socket and pid file alone: a logout may remove them under a running daemon. */
export function prepareRunFolders(home: Home): void {
  makeRunFolder(home.run);
  // A short socket lives in a folder of its own in the shared temporary one.
  if (process.platform !== "win32") makeRunFolder(dirname(home.socket));
}

/** Ours and closed to others: what group and world may do is taken away. */
function makePrivate(folder: string): void {
  const { mode } = makeOwn(folder);
  if ((mode & 0o077) !== 0) chmodSync(folder, 0o700);
}

/** The same, but a folder that others could have written to is refused. */
function makeRunFolder(folder: string): void {
  const { mode } = makeOwn(folder);
  // In a shared temporary folder a link may be another user's, whatever it points at.
  if (lstatSync(folder).isSymbolicLink()) {
    throw new FolderError(
      `the folder ${folder} is a symbolic link`,
      "set HOOPX_HOME to a folder of your own",
    );
  }
  if ((mode & 0o022) !== 0) {
    throw new FolderError(
      `the folder ${folder} can be written to by other users`,
      `chmod 700 ${folder}, after a look at what is in it`,
    );
  }
  if ((mode & 0o055) !== 0) chmodSync(folder, 0o700);
}

function makeOwn(folder: string): { readonly mode: number } {
  try {
    makePrivateFolder(folder);
    if (!statSync(folder).isDirectory()) throw Object.assign(new Error(), { code: "ENOTDIR" });
  } catch (error) {
    const { code = "unknown" } = error as NodeJS.ErrnoException;
    throw new FolderError(
      `the folder ${folder} cannot be made or used (${code})`,
      "set HOOPX_HOME to a folder that can be written to, or give this user the right to it",
    );
  }
  // Windows has neither owner nor mode here; its profile folder's access list holds.
  if (process.platform === "win32") return { mode: 0o700 };
  const { uid, mode } = statSync(folder);
  if (uid !== process.getuid?.()) {
    throw new FolderError(
      `the folder ${folder} belongs to another user`,
      "set HOOPX_HOME to a folder of your own",
    );
  }
  return { mode };
}
