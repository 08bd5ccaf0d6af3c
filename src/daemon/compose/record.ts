/**
 * Record: the record of one home and what is done with it as a whole, put
 * together: the store, its keys, the anchor of its head, what leaves it by age,
 * and the sessions that run against it.
 */
import { join } from "node:path";
import { type Home, lockFileOf } from "../../contract/home.js";
import { problemOf } from "../control/problem-mapping.js";
import { createExportHandlers } from "../control/record/export-handlers.js";
import { createImportHandlers } from "../control/record/import-handlers.js";
import { createIntegrityHandlers } from "../control/record/integrity-handlers.js";
import type { Config } from "../lifecycle/config.js";
import type { Masking } from "../masking/masking.js";
import type { Connection } from "../model/connection.js";
import { storedSecretOf } from "../model/credential-config.js";
import { usualMasking } from "../model/masking-terms.js";
import { processLives } from "../processes/process-start.js";
import { processTable } from "../processes/process-table.js";
import { providerNamed } from "../providers/providers.js";
import { createRecordKeys, type RecordKeysOptions } from "../record/record-keys.js";
import { createSealing, type SealingOptions } from "../record/sealing.js";
import { createSaidReader } from "../record/search-text.js";
import { createReruns } from "../replaying/reruns.js";
import type { RecordReport, VerifyOptions } from "../store/record-report.js";
import { isSignedBy } from "../store/signature.js";
import { openStore } from "../store/sqlite-store.js";
import { verifyApart } from "../store/verify-apart.js";

export interface RecordOptions {
  readonly home: Home;
  readonly config: Pick<Config, "store" | "record" | "secretStore">;
  readonly stores: RecordKeysOptions["stores"];
  readonly masking: Masking;
  readonly connections: { list(): readonly Connection[] };
  readonly log: SealingOptions["log"];
  readonly now: () => Date;
}

export type RecordRooms = Awaited<ReturnType<typeof composeRecord>>;

const noSession = "differences";

const verifier = new URL("./verifier.js", import.meta.url);
/** Files that are verified at a time: each has a process of its own. */
const mostCopies = 2;

/**
 * Opens the record and begins to seal it; `store.encrypt` decides whether its file is encrypted
 * from now on. Throws where the secret store does not have its key.
 */
export async function composeRecord(options: RecordOptions) {
  const { home, config, stores, connections, masking, log, now } = options;
  const keys = createRecordKeys({
    ...{ folder: home.data, stores, usual: config.secretStore },
    known: () =>
      connections
        .list()
        .map(({ credential }) => storedSecretOf(credential))
        .find(Boolean)?.secretStore,
  });
  const file = join(home.data, "hoopx.db");
  const { encrypt } = config.store;
  const key = await keys.ofFile(encrypt);
  const loss = new AbortController();
  const store = await openStore({
    file,
    checkpointer: new URL("./checkpointer.js", import.meta.url),
    warn: (message, detail) => log.warn({ detail }, message),
    ...(key && { key, decrypt: !encrypt }),
    read: createSaidReader(providerNamed),
    lost: (error) => loss.abort(error),
    lock: lockFileOf(home),
    runners: { all: processTable.all, lives: processLives },
  });
  if (!encrypt) keys.fileIsPlain();

  const sealing = createSealing({
    ...config.record,
    ...{ record: store.record, openVault: keys.openVault, lost: loss.signal, log, now },
    hasKey: keys.hasSigner(),
  });
  const { signer } = sealing;

  let beingRead = 0;

  async function verifyCopy(copy: string, given: VerifyOptions): Promise<RecordReport> {
    const copyKey = await keys.ofCopy(copy);
    if (beingRead >= mostCopies) {
      throw new Error(`${mostCopies} files are being verified already: wait for one of them`);
    }
    beingRead += 1;
    try {
      return await verifyApart({ verifier }, copy, given, copyKey);
    } finally {
      beingRead -= 1;
    }
  }

  // Under no session's name: what differs is shown once, and its marks need mean nothing later.
  function mask(text: string): string {
    const { text: shown } = masking.open(noSession, usualMasking).mask(text);
    masking.forget(noSession);
    return shown;
  }

  return {
    store,
    sealing,
    reruns: createReruns({ exchanges: store.exchanges, mask }),
    handlers: {
      ...createIntegrityHandlers({
        ...{ store, file, verifyFile: verifyCopy, sealing, problemOf, now },
        monotonic: () => performance.now(),
      }),
      ...createExportHandlers({ store, signer, now }),
      ...createImportHandlers({ store, signer, problemOf, isSignedBy, folder: home.data, now }),
    },
  };
}
