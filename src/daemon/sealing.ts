/**
 * Sealing: when the record's head is signed, and when old sessions leave it,
 * put together for one home: after a session ended, now and then, and as the
 * daemon stops. A secret store that cannot be used leaves the record unsigned
 * and is said once; nothing else waits for it.
 */
import type { RecordLog } from "./store/record-log.js";
import type { Signer } from "./store/seals.js";

export interface SealingOptions {
  readonly record: RecordLog;
  /** Asks the secret store for the installation's key. */
  readonly openKey: () => Promise<Signer>;
  /** Days after which a session that is over leaves the record; null: never. */
  readonly keepDays: number | null;
  /** Bytes that the record may take; the oldest sessions leave first. Null: as many as there are. */
  readonly keepBytes: number | null;
  readonly log: {
    info(facts: object, message: string): void;
    warn(facts: object, message: string): void;
  };
  readonly now: () => Date;
}

export interface Sealing {
  /** The installation's key; one who asks again after a failure has the store asked again. */
  signer(): Promise<Signer>;
  /** A session is over: what it left is signed soon. */
  sessionOver(): void;
  /** Signs what there is, and stops. */
  close(): Promise<void>;
}

const sealEvery = 10 * 60_000;
const pruneEvery = 60 * 60_000;
/** Sessions of one run of a script end together. */
const settleMs = 2_000;
const dayMs = 24 * 60 * 60_000;

/** Begins to seal a record. */
export function createSealing(options: SealingOptions): Sealing {
  const { record, openKey, keepDays, keepBytes, log, now } = options;
  let key: Promise<Signer> | undefined;
  let soon: NodeJS.Timeout | undefined;
  let failed = false;

  function signer(): Promise<Signer> {
    key ??= openKey().then(
      (opened) => {
        failed = false;
        return opened;
      },
      (error) => {
        key = undefined;
        throw error;
      },
    );
    return key;
  }

  async function seal(): Promise<void> {
    // Asked again only by a person: a keychain that is locked would ask for its password each time.
    if (failed) return;
    try {
      await record.seal(await signer());
    } catch (error) {
      failed = true;
      log.warn({ err: error }, "the record is not signed");
    }
  }

  async function prune(): Promise<void> {
    if (failed || (keepDays === null && keepBytes === null)) return;
    try {
      const own = await signer();
      const before = keepDays === null ? null : new Date(now().getTime() - keepDays * dayMs);
      if (before !== null) say(await record.prune(before, own));
      if (keepBytes !== null) say(await record.pruneTo(keepBytes, own));
    } catch (error) {
      log.warn({ err: error }, "old sessions could not be taken out of the record");
    }
  }

  function say(count: { readonly sessions: number; readonly exchanges: number }): void {
    if (count.exchanges + count.sessions > 0) log.info(count, "old sessions left the record");
  }

  const timers = [
    setInterval(() => void seal(), sealEvery).unref(),
    setInterval(() => void prune(), pruneEvery).unref(),
    setTimeout(() => void prune(), settleMs).unref(),
  ];

  return {
    signer,
    sessionOver() {
      clearTimeout(soon);
      soon = setTimeout(() => void seal(), settleMs);
      soon.unref();
    },
    async close() {
      clearTimeout(soon);
      for (const timer of timers) clearInterval(timer);
      // Only where the key is at hand: a stop asks nobody for a password.
      if (key !== undefined) await seal();
    },
  };
}
