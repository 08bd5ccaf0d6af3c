/**
 * Private folder: a folder of ours and those above it that are missing, made
 * one by one. Node's own recursive way never comes back where a folder cannot
 * be made and the system says that it is not there, as below /proc.
 */
import { existsSync, mkdirSync } from "node:fs";
import { dirname, resolve } from "node:path";

/** Makes the folder, 0700, where it is not there; throws as the system does. */
export function makePrivateFolder(folder: string): void {
  const missing: string[] = [];
  for (let at = resolve(folder); !existsSync(at) && dirname(at) !== at; at = dirname(at)) {
    missing.push(at);
  }
  for (const one of missing.reverse()) {
    try {
      mkdirSync(one, { mode: 0o700 });
    } catch (error) {
      // Another process may have made it just now.
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
  }
}
