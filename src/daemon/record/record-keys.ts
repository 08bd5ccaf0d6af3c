/**
 * Record keys: which secret store has the keys of a home's record. Both stay in
 * the store that they were made in, whatever the settings say later:
 * `record-key.json` names it for the key that the record is signed with,
 * `record-encrypted.json` for the one that its file is encrypted with.
 */
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { keepAnchor, readAnchor } from "../secrets/record-anchor.js";
import { openRecordKey, openStoreKey } from "../secrets/record-key.js";
import type { SecretStore } from "../secrets/secret-store.js";
import { isPlainFile } from "../store/cipher.js";
import type { RecordVault } from "./sealing.js";

type StoreName = "keychain" | "file";

export interface RecordKeysOptions {
  /** The home's data folder. */
  readonly folder: string;
  readonly stores: Readonly<Record<StoreName, SecretStore>>;
  /** The store that a new key goes to. */
  readonly usual: StoreName;
  /** A store that has another secret already, and so is known to work: the signing key goes there. */
  readonly known: () => StoreName | undefined;
}

export interface RecordKeys {
  /** The key of the record's file; undefined for a plain one. Throws where its store does not have it. */
  ofFile(encrypt: boolean): Promise<Buffer | undefined>;
  /** The file is plain from now on. */
  fileIsPlain(): void;
  /** The key for a copy of the record; undefined where it needs none. */
  ofCopy(file: string): Promise<Buffer | undefined>;
  /** Does this installation have a signing key? */
  hasSigner(): boolean;
  openVault(): Promise<RecordVault>;
}

/** Creates the access to a home's record keys. */
export function createRecordKeys(options: RecordKeysOptions): RecordKeys {
  const { folder, stores, usual, known } = options;
  const signing = join(folder, "record-key.json");
  const encrypted = join(folder, "record-encrypted.json");

  return {
    async ofFile(encrypt) {
      const kept = keptStore(encrypted);
      if (!encrypt && kept === undefined) return undefined;
      const name = kept ?? usual;
      const key = await openStoreKey(stores[name], kept === undefined);
      // Before the file is: a crash in between must not leave an encrypted one without a note of it.
      if (kept === undefined) keepStore(encrypted, { store: name });
      return key;
    },

    fileIsPlain: () => rmSync(encrypted, { force: true }),

    async ofCopy(file) {
      const kept = keptStore(encrypted);
      const isReadable = kept === undefined || !existsSync(file) || isPlainFile(file);
      return isReadable ? undefined : openStoreKey(stores[kept], false);
    },

    hasSigner: () => existsSync(signing),

    async openVault() {
      const kept = keptStore(signing);
      const name = kept ?? known() ?? usual;
      const secrets = stores[name];
      const signer = await openRecordKey(secrets);
      if (kept === undefined) {
        keepStore(signing, { store: name, publicKey: signer.publicKey.toString("hex") });
      }
      return {
        signer,
        readAnchor: () => readAnchor(secrets),
        keepAnchor: (anchor) => keepAnchor(secrets, anchor),
      };
    },
  };
}

function keepStore(
  file: string,
  content: { readonly store: StoreName; readonly publicKey?: string },
) {
  writeFileSync(file, `${JSON.stringify(content)}\n`, { mode: 0o600 });
}

/** The store that the key was made in; undefined where none was made yet. */
function keptStore(file: string): StoreName | undefined {
  try {
    const { store } = JSON.parse(readFileSync(file, "utf8")) as { readonly store?: unknown };
    return store === "keychain" || store === "file" ? store : undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new Error(`${file} cannot be read`, { cause: error });
  }
}
