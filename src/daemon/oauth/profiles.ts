/**
 * Profiles: `profiles.yaml`, what each profile remembers of its login: the
 * settings that were given by flags, and where its refresh token is. Never a
 * token. A file that is not understood is refused whole: a profile that lost
 * its row would run agents without their identity.
 */
import { readFile } from "node:fs/promises";
import * as z from "zod";
import { writePrivate } from "../secrets/private-file.js";
import { problemLine, readCheckedYaml } from "../yaml/checked-yaml.js";
import { parseYaml } from "../yaml/syntax-mistake.js";
import { LoginError } from "./login-error.js";

const setting = z.string().min(1).max(2048).exactOptional();
const rowSchema = z.strictObject({
  issuer: setting,
  clientId: setting,
  scope: setting,
  audience: setting,
  groupsClaim: setting,
  /** Where its refresh token is; absent: there is no login with one. */
  secretStore: z.enum(["keychain", "file"]).exactOptional(),
  /** A workload's proof that was to be remembered. */
  workload: z
    .discriminatedUnion("kind", [
      z.strictObject({ kind: z.literal("id-token-file"), file: z.string().min(1) }),
      z.strictObject({ kind: z.literal("client-key"), keyFile: z.string().min(1) }),
    ])
    .exactOptional(),
});

const fileSchema = z.strictObject({
  profiles: z.record(z.string(), rowSchema).nullable().default({}),
});

export type ProfileRow = z.infer<typeof rowSchema>;

export interface Profiles {
  /** Undefined: nothing is remembered of it. */
  get(name: string): Promise<ProfileRow | undefined>;
  names(): Promise<readonly string[]>;
  /** Replaces a row; undefined takes it out. */
  set(name: string, row: ProfileRow | undefined): Promise<void>;
}

const heading =
  " The profiles of hoopx: which identity provider each logs in at. Tokens are not here, they are\n" +
  " in the secret store. hoopx login and hoopx logout write this file.";

/** Is it a profile's name? It names a file and a secret. */
export function checkProfileName(name: string): string {
  if (/^[a-z0-9][a-z0-9-]{0,62}$/.test(name)) return name;
  throw new LoginError(
    "bad_request",
    "a profile's name is lower-case letters, digits and hyphens",
    "write --profile work",
  );
}

export interface ProfilesOptions {
  readonly file: string;
  /** Held by one writer at a time, so that none starts from rows another is replacing. */
  readonly lock: (name: string, signal: AbortSignal) => Promise<() => void>;
}

const lockLimit = 15_000;

/** Creates the profiles over a file that need not exist; it is read again each time. */
export function createProfiles({ file, lock }: ProfilesOptions): Profiles {
  async function read() {
    let text = "";
    try {
      text = await readFile(file, "utf8");
    } catch (error) {
      const { code = "unknown" } = error as NodeJS.ErrnoException;
      if (code !== "ENOENT") throw unusable(`${file} cannot be read (${code})`);
    }
    const { value, problems } = readCheckedYaml(file, text, fileSchema);
    if (value === undefined) throw unusable(problems.map(problemLine).join("; "));
    return { text, rows: value.profiles ?? {} };
  }

  return {
    get: async (name) => {
      const { rows } = await read();
      return Object.hasOwn(rows, name) ? rows[name] : undefined;
    },
    names: async () => Object.keys((await read()).rows),

    async set(name, row) {
      const release = await lock("profiles", AbortSignal.timeout(lockLimit));
      try {
        await write(name, row);
      } finally {
        release();
      }
    },
  };

  async function write(name: string, row: ProfileRow | undefined): Promise<void> {
    const { text, rows } = await read();
    if (row === undefined && !Object.hasOwn(rows, name)) return;
    const { document } = parseYaml(text);
    if (document.contents === null) {
      document.contents = document.createNode({}) as never;
      document.commentBefore ??= heading;
    }
    if (document.get("profiles") == null) document.set("profiles", document.createNode({}));
    if (row === undefined) document.deleteIn(["profiles", name]);
    else document.setIn(["profiles", name], document.createNode(row));
    await writePrivate(file, document.toString());
  }
}

function unusable(message: string): LoginError {
  return new LoginError("bad_request", message, "mend the file, or remove it and log in again");
}
