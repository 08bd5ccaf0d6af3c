/**
 * Recording: the record of one home and what is done with it as a whole, put
 * together: the store, the key it is signed with, what leaves it by age. The
 * key stays in the secret store it was made in: `record-key.json` says which.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Home } from "../contract/home.js";
import type { Config } from "./config.js";
import { createIntegrityHandlers } from "./control/handlers/integrity.js";
import type { Connection } from "./model/connection.js";
import { storedSecretOf } from "./model/credential-config.js";
import { providerNamed } from "./providers/providers.js";
import { createSaidReader } from "./said.js";
import { createSealing, type SealingOptions } from "./sealing.js";
import { openRecordKey, type RecordKey } from "./secrets/record-key.js";
import type { SecretStore } from "./secrets/secret-store.js";
import { verifyFile } from "./store/record-log.js";
import { openStore } from "./store/sqlite-store.js";
import type { Store } from "./store/store.js";

export interface RecordingOptions {
  readonly home: Home;
  readonly config: Pick<Config, "record" | "secretStore">;
  readonly store: Store;
  readonly stores: Readonly<Record<StoreName, SecretStore>>;
  readonly connections: { list(): readonly Connection[] };
  readonly log: SealingOptions["log"];
  readonly now: () => Date;
}

type StoreName = "keychain" | "file";

const fileOf = (home: Home) => join(home.data, "hoopx.db");

/** Opens the record. */
export function openRecord(
  home: Home,
  log: { warn(facts: object, message: string): void },
): Promise<Store> {
  return openStore({
    file: fileOf(home),
    checkpointer: new URL("./checkpointer.js", import.meta.url),
    warn: (message, detail) => log.warn({ detail }, message),
    read: createSaidReader(providerNamed),
  });
}

/** Begins to seal it, and answers for it. */
export function createRecording(options: RecordingOptions) {
  const { home, config, store, stores, log, now } = options;
  const place = join(home.data, "record-key.json");

  async function openKey(): Promise<RecordKey> {
    const kept = keptStore(place);
    // The one that a connection's key is in is known to work.
    const used = options.connections.list().map(({ credential }) => storedSecretOf(credential));
    const name = kept ?? used.find(Boolean)?.secretStore ?? config.secretStore;
    const key = await openRecordKey(stores[name]);
    if (kept === undefined) {
      const text = JSON.stringify({ store: name, publicKey: key.publicKey.toString("hex") });
      writeFileSync(place, `${text}\n`, { mode: 0o600 });
    }
    return key;
  }

  const sealing = createSealing({ ...config.record, record: store.record, openKey, log, now });
  const handlers = createIntegrityHandlers({
    ...{ store, verifyFile, now },
    file: fileOf(home),
    signer: sealing.signer,
    monotonic: () => performance.now(),
  });
  return { sealing, handlers };
}

/** The store that the key was made in; undefined where none was made yet. */
function keptStore(file: string): StoreName | undefined {
  try {
    const { store } = JSON.parse(readFileSync(file, "utf8")) as { readonly store?: unknown };
    return store === "keychain" || store === "file" ? store : undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new Error(`${file} cannot be read: the record stays unsigned`, { cause: error });
  }
}
