/**
 * Recording: the record of one home and what is done with it as a whole, put
 * together: the store, the key it is signed with, what leaves it by age.
 */
import { join } from "node:path";
import type { Home } from "../contract/home.js";
import type { Config } from "./config.js";
import { createIntegrityHandlers } from "./control/handlers/integrity.js";
import { createSealing, type SealingOptions } from "./sealing.js";
import type { SecretStore } from "./secrets/secret-store.js";
import { verifyFile } from "./store/record-log.js";
import { openStore } from "./store/sqlite-store.js";
import type { Store } from "./store/store.js";

export interface RecordingOptions {
  readonly home: Home;
  readonly config: Pick<Config, "record" | "secretStore">;
  readonly store: Store;
  readonly stores: Readonly<Record<"keychain" | "file", SecretStore>>;
  readonly log: SealingOptions["log"];
  readonly now: () => Date;
}

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
  });
}

/** Begins to seal it, and answers for it. */
export function createRecording({ home, config, store, stores, log, now }: RecordingOptions) {
  const secrets = stores[config.secretStore];
  const sealing = createSealing({ ...config.record, record: store.record, secrets, log, now });
  const handlers = createIntegrityHandlers({
    ...{ store, verifyFile, now },
    file: fileOf(home),
    signer: sealing.signer,
    monotonic: () => performance.now(),
  });
  return { sealing, handlers };
}
