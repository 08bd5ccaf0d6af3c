/**
 * Renewal marks: a file for each refresh token that was sent and whose answer
 * is not stored yet. One that is found later says that a daemon was stopped,
 * or an answer lost, in between: the provider may have rotated the token, and
 * the new one is gone. It names the stored login's generation, no secret.
 */
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { writePrivate } from "../secrets/private-file.js";

export interface RenewalMarks {
  /** Durable once it resolves: before the token is sent. */
  set(profile: string, generation: string): Promise<void>;
  /** The generation whose answer is open; undefined where none is. */
  open(profile: string): Promise<string | undefined>;
  clear(profile: string): Promise<void>;
}

/** Creates the marks in a folder, which is made when it is needed. */
export function createRenewalMarks(folder: string): RenewalMarks {
  const fileOf = (profile: string) => join(folder, `${profile}.renewing`);
  return {
    set: (profile, generation) => writePrivate(fileOf(profile), `${generation}\n`),

    async open(profile) {
      try {
        return (await readFile(fileOf(profile), "utf8")).trim();
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
        throw error;
      }
    },

    clear: (profile) => rm(fileOf(profile), { force: true }),
  };
}
