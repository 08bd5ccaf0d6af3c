/**
 * Sealed file: the secret store for machines without a keychain, chosen by
 * name and never a silent fallback. Everything in it is encrypted under a
 * passphrase, or under a key file where none was given when it was first used
 * (sealed-format.ts has the bytes).
 *
 * Every write replaces the whole file; writes take their turn, and a crash
 * leaves the old file or the new one.
 */
import { Secret } from "../model/secret.js";
import { OpenToOthers, readPrivate, writePrivate } from "./private-file.js";
import {
  type Entries,
  fileKey,
  newFileKey,
  opens,
  passphraseKey,
  readSealed,
  type SealedText,
  type SealingKey,
  seal,
  unseal,
} from "./sealed-format.js";
import { type SecretStore, SecretStoreError } from "./secret-store.js";

export interface SealedFileOptions {
  /** The sealed file. */
  readonly file: string;
  /** Where its key lies if it is not sealed by a passphrase. */
  readonly keyFile: string;
  /**
   * Held by one writer of this machine at a time, whatever daemons share the
   * file; absent where there can be no other.
   */
  readonly lock?: () => Promise<() => void>;
}

export interface SealedFileStore extends SecretStore {
  /** Checks the passphrase of a file that is there; for a new one decides that it is used. */
  unlock(passphrase: Secret): Promise<void>;
}

const restoreHint = "restore it from a copy, or remove it and add the connections again";

/** Creates the store over a file that need not exist yet; touches nothing until it is used. */
export function createSealedFileStore({
  file,
  keyFile,
  lock = async () => () => undefined,
}: SealedFileOptions): SealedFileStore {
  /** The passphrase's key, once it was given. */
  let unlocked: SealingKey | undefined;
  let tail: Promise<unknown> = Promise.resolve();

  /** One at a time, so that no write starts from entries another is replacing. */
  function inTurn<Result>(job: () => Promise<Result>): Promise<Result> {
    const turn = tail.then(job);
    tail = turn.catch(() => undefined);
    return turn;
  }

  async function read(): Promise<SealedText | undefined> {
    const bytes = await guarded(file, () => readPrivate(file));
    if (bytes === undefined) return undefined;
    const sealed = readSealed(bytes.toString("latin1"));
    if (sealed === undefined) throw damaged(`${file} was changed or cut`, restoreHint);
    return sealed;
  }

  async function keyFor(sealed: SealedText | undefined): Promise<SealingKey> {
    if (sealed === undefined) return unlocked ?? (await readKey()) ?? (await createKey());
    if (sealed.salt !== undefined) {
      if (unlocked !== undefined && opens(unlocked, sealed)) return unlocked;
      throw new SecretStoreError(
        "passphrase-needed",
        `${file} is sealed by a passphrase`,
        "hoopx asks for it at the terminal, or set HOOPX_PASSPHRASE",
      );
    }
    const key = await readKey();
    if (key !== undefined && opens(key, sealed)) return key;
    throw damaged(
      `${keyFile} ${key === undefined ? "is missing" : "is not the key"} that opens ${file}`,
      `restore ${keyFile}, or remove ${file} and add the connections again`,
    );
  }

  async function readKey(): Promise<SealingKey | undefined> {
    const bytes = await guarded(keyFile, () => readPrivate(keyFile));
    if (bytes === undefined) return undefined;
    const key = fileKey(bytes.toString("latin1"));
    if (key === undefined) throw damaged(`${keyFile} holds no key`, restoreHint);
    return key;
  }

  async function createKey(): Promise<SealingKey> {
    const text = newFileKey();
    await guarded(keyFile, () => writePrivate(keyFile, text, { keep: true }));
    return fileKey(text) as SealingKey;
  }

  function entriesOf(sealed: SealedText, key: SealingKey): Entries {
    const entries = unseal(sealed, key);
    if (entries === undefined) throw damaged(`${file} was changed or cut`, restoreHint);
    return entries;
  }

  async function change(edit: (entries: Map<string, string>) => void): Promise<void> {
    const release = await lock();
    try {
      const sealed = await read();
      const key = await keyFor(sealed);
      const entries = new Map(sealed === undefined ? [] : entriesOf(sealed, key));
      edit(entries);
      await guarded(file, () => writePrivate(file, seal(entries, key)));
    } finally {
      release();
    }
  }

  return {
    name: "file",

    get: (name) =>
      inTurn(async () => {
        const sealed = await read();
        if (sealed === undefined) return undefined;
        const text = entriesOf(sealed, await keyFor(sealed)).get(name);
        return text === undefined ? undefined : new Secret(text);
      }),

    set: (name, secret) =>
      inTurn(() => change((entries) => void entries.set(name, secret.reveal()))),

    delete: (name) =>
      inTurn(async () => {
        if ((await read()) === undefined) return;
        await change((entries) => void entries.delete(name));
      }),

    unlock: (passphrase) =>
      inTurn(async () => {
        const sealed = await read();
        if (passphrase.reveal() === "") {
          throw wrong("the passphrase is empty", "give one, or leave HOOPX_PASSPHRASE unset");
        }
        if (sealed !== undefined && sealed.salt === undefined) {
          throw wrong(
            `${file} is opened by ${keyFile}, not by a passphrase`,
            "leave HOOPX_PASSPHRASE unset",
          );
        }
        const key = await passphraseKey(passphrase.reveal(), sealed?.salt);
        if (sealed !== undefined && !opens(key, sealed)) {
          throw wrong(
            `the passphrase does not open ${file}`,
            "try again, or mend HOOPX_PASSPHRASE",
          );
        }
        unlocked = key;
      }),
  };
}

/** Says what the system's refusal means for the store. */
async function guarded<Result>(file: string, job: () => Promise<Result>): Promise<Result> {
  try {
    return await job();
  } catch (error) {
    if (error instanceof OpenToOthers) throw damaged(error.message, `chmod 600 ${file}`);
    const { code = "unknown" } = error as NodeJS.ErrnoException;
    throw new SecretStoreError(
      "unwritable",
      `${file} cannot be used (${code})`,
      "free disk space, or give its owner the right to read and write it and its folder",
      { cause: error },
    );
  }
}

function damaged(message: string, hint: string): SecretStoreError {
  return new SecretStoreError("damaged", message, hint);
}

function wrong(message: string, hint: string): SecretStoreError {
  return new SecretStoreError("passphrase-wrong", message, hint);
}
