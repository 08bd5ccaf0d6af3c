/**
 * Record: the record of one home and what is done with it as a whole: the
 * store, the key it is signed with, the anchor of its head, what leaves it by
 * age, and the sessions that run against it. Key and anchor stay in the secret
 * store that the key was made in: `record-key.json` says which.
 */
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Home, lockFileOf } from "../../contract/home.js";
import { createExportHandlers } from "../control/handlers/export.js";
import { createImportHandlers } from "../control/handlers/import.js";
import { createIntegrityHandlers } from "../control/handlers/integrity.js";
import { problemOf } from "../control/problem-mapping.js";
import type { Config } from "../lifecycle/config.js";
import type { Masking } from "../masking/masking.js";
import type { Connection } from "../model/connection.js";
import { storedSecretOf } from "../model/credential-config.js";
import { usualMasking } from "../model/masking-terms.js";
import { processLives } from "../processes/process-start.js";
import { processTable } from "../processes/process-table.js";
import { providerNamed } from "../providers/providers.js";
import { createSealing, type RecordVault, type SealingOptions } from "../record/sealing.js";
import { createSaidReader } from "../record/search-text.js";
import { createReruns } from "../replaying/reruns.js";
import { keepAnchor, readAnchor } from "../secrets/record-anchor.js";
import { openRecordKey, openStoreKey } from "../secrets/record-key.js";
import type { SecretStore } from "../secrets/secret-store.js";
import { isPlainFile } from "../store/cipher.js";
import type { RecordLost } from "../store/file-watch.js";
import type { RecordReport, VerifyOptions } from "../store/record-report.js";
import { isSignedBy } from "../store/seals.js";
import { openStore } from "../store/sqlite-store.js";
import type { Store } from "../store/store.js";
import { verifyApart } from "../store/verify-apart.js";

export interface RecordingOptions {
  readonly home: Home;
  readonly config: Pick<Config, "record" | "secretStore">;
  readonly store: Store;
  readonly stores: Readonly<Record<StoreName, SecretStore>>;
  readonly masking: Masking;
  readonly connections: { list(): readonly Connection[] };
  readonly log: SealingOptions["log"];
  readonly now: () => Date;
}

const noSession = "differences";

const verifier = new URL("./verifier.js", import.meta.url);
/** Files that are verified at a time: each has a process of its own. */
const mostCopies = 2;

type StoreName = "keychain" | "file";

const fileOf = (home: Home) => join(home.data, "hoopx.db");
/** Says that the record is encrypted, and which store has its key: whether or not the setting still says so. */
const markOf = (home: Home) => join(home.data, "record-encrypted.json");

/**
 * Opens the record; `store.encrypt` decides whether its file is encrypted from now on. Throws where
 * the secret store has not its key.
 */
export async function openRecord(
  home: Home,
  config: Pick<Config, "store" | "secretStore">,
  stores: RecordingOptions["stores"],
  log: { warn(facts: object, message: string): void },
  lost: (error: RecordLost) => void,
): Promise<Store> {
  const { encrypt } = config.store;
  const mark = markOf(home);
  const kept = keptStore(mark);
  const name = kept ?? config.secretStore;
  const key =
    encrypt || kept !== undefined
      ? await openStoreKey(stores[name], kept === undefined)
      : undefined;
  // Before the file is: a crash in between must not leave an encrypted one without a note of it.
  if (encrypt && kept === undefined) keepStore(mark, { store: name });
  const store = await openStore({
    file: fileOf(home),
    checkpointer: new URL("./checkpointer.js", import.meta.url),
    warn: (message, detail) => log.warn({ detail }, message),
    ...(key && { key, decrypt: !encrypt }),
    read: createSaidReader(providerNamed),
    lost,
    lock: lockFileOf(home),
    runners: { all: processTable.all, lives: processLives },
  });
  if (!encrypt) rmSync(mark, { force: true });
  return store;
}

/** Begins to seal it, and answers for it. */
export function createRecording(options: RecordingOptions) {
  const { home, config, store, stores, log, now } = options;
  const place = join(home.data, "record-key.json");

  async function openVault(): Promise<RecordVault> {
    const kept = keptStore(place);
    // The one that a connection's key is in is known to work.
    const used = options.connections.list().map(({ credential }) => storedSecretOf(credential));
    const name = kept ?? used.find(Boolean)?.secretStore ?? config.secretStore;
    const secrets = stores[name];
    const signer = await openRecordKey(secrets);
    if (kept === undefined) {
      keepStore(place, { store: name, publicKey: signer.publicKey.toString("hex") });
    }
    return {
      signer,
      readAnchor: () => readAnchor(secrets),
      keepAnchor: (anchor) => keepAnchor(secrets, anchor),
    };
  }

  const sealing = createSealing({
    ...config.record,
    ...{ record: store.record, openVault, log, now },
    hasKey: existsSync(place),
  });
  const { signer } = sealing;

  let beingRead = 0;

  /** A copy of a record that is encrypted is read with the same key. */
  async function verifyCopy(file: string, given: VerifyOptions): Promise<RecordReport> {
    const kept = keptStore(markOf(home));
    const isReadable = kept === undefined || !existsSync(file) || isPlainFile(file);
    const key = isReadable ? undefined : await openStoreKey(stores[kept], false);
    if (beingRead >= mostCopies) {
      throw new Error(`${mostCopies} files are being verified already: wait for one of them`);
    }
    beingRead += 1;
    try {
      return await verifyApart({ verifier }, file, given, key);
    } finally {
      beingRead -= 1;
    }
  }

  const handlers = {
    ...createIntegrityHandlers({
      ...{ store, verifyFile: verifyCopy, sealing, problemOf, now },
      file: fileOf(home),
      monotonic: () => performance.now(),
    }),
    ...createExportHandlers({ store, signer, now }),
    ...createImportHandlers({ store, signer, problemOf, isSignedBy, folder: home.data, now }),
  };
  const { masking } = options;
  // Under no session's name: what differs is shown once, and its marks need mean nothing later.
  const mask = (text: string) => {
    const { text: shown } = masking.open(noSession, usualMasking).mask(text);
    masking.forget(noSession);
    return shown;
  };
  const reruns = createReruns({ exchanges: store.exchanges, mask });
  return { sealing, handlers, reruns };
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
