/**
 * Sealing: when the record's head is signed and anchored in the secret store,
 * and when old sessions leave the record, put together for one home: after a
 * session started or ended, now and then, and as the daemon stops.
 *
 * The head is signed first and anchored second. A crash in between leaves an
 * anchor that is one seal old, which the record still goes on from; the other
 * way round it would look like a record that was cut. Nothing is signed that
 * does not go on from the anchor: what stands in the record's place is named
 * (`standing`) until a person accepts it. A secret store that cannot be used
 * leaves the record unsigned and is said once; nothing else waits for it.
 */
import type { RecordAnchor } from "../secrets/record-anchor.js";
import type { ChainHead } from "../store/chain.js";
import type { RecordLost } from "../store/file-watch.js";
import type { PruneCount } from "../store/prune.js";
import type { RecordLog } from "../store/record-log.js";
import { anchorMessage, type Signer } from "../store/seals.js";

/** The record is not the one that was sealed last: what would hide that is not done. */
export class RecordAltered extends Error {
  readonly hint: string;

  constructor(message: string, hint: string) {
    super(message);
    this.name = "RecordAltered";
    this.hint = hint;
  }
}

/** The installation's key, and the anchor beside it. */
export interface RecordVault {
  readonly signer: Signer;
  readAnchor(): Promise<RecordAnchor | undefined>;
  keepAnchor(anchor: RecordAnchor): Promise<void>;
}

/** Whether the record is the one that was sealed last. */
export interface Standing {
  readonly state: "anchored" | "not-anchored" | "not-checked" | "altered" | "lost";
  /** One sentence; null where nothing is wrong. */
  readonly message: string | null;
  readonly hint: string | null;
}

export interface SealingOptions {
  readonly record: Pick<RecordLog, "head" | "continues" | "seal" | "settle" | "prune" | "pruneTo">;
  /** Asks the secret store for the installation's key. */
  readonly openVault: () => Promise<RecordVault>;
  /** Has this installation a key already? Then the anchor is asked for at the start. */
  readonly hasKey: boolean;
  /** Days after which a session that is over leaves the record; null: never. */
  readonly keepDays: number | null;
  /** Bytes that the record may take; the oldest sessions leave first. Null: as many as there are. */
  readonly keepBytes: number | null;
  /**
   * Aborts with a RecordLost when the record's file is not written any more. What it held is
   * anchored if the key is at hand.
   */
  readonly lost: AbortSignal;
  readonly log: {
    info(facts: object, message: string): void;
    warn(facts: object, message: string): void;
    error(facts: object, message: string): void;
  };
  readonly now: () => Date;
}

export interface Sealing {
  /** The installation's key; one who asks again after a failure has the store asked again. */
  signer(): Promise<Signer>;
  /** A session started or is over: what there is, is signed soon. */
  sessionChanged(): void;
  /** The secret store was opened: what it could not be asked before, it is asked now. */
  unlocked(): void;
  /** What the secret store has of the record's head; undefined where it has nothing. */
  anchor(): Promise<RecordAnchor | undefined>;
  standing(): Standing;
  /** Takes out what is over since before then; throws where the record is not the one that was sealed. */
  prune(before: Date): Promise<PruneCount>;
  /** A person says that the record as it is now is the one to go on with. */
  accept(): Promise<ChainHead>;
  /** Signs what there is, and stops. */
  close(): Promise<void>;
}

const sealEvery = 10 * 60_000;
const pruneEvery = 60 * 60_000;
/** Sessions of one run of a script start and end together. */
const settleMs = 2_000;
const dayMs = 24 * 60 * 60_000;

const alteredHint =
  "hoopx sessions verify tells more; put the right record back, or hoopx sessions accept goes on with this one";

/** Begins to seal a record. */
export function createSealing(options: SealingOptions): Sealing {
  const { record, openVault, keepDays, keepBytes, log, now } = options;
  let opening: Promise<RecordVault> | undefined;
  let soon: NodeJS.Timeout | undefined;
  let failure: string | undefined;
  /** Null: the secret store has none. Undefined: it was not asked yet. */
  let anchor: RecordAnchor | null | undefined;
  let altered: string | undefined;
  let loss: RecordLost | undefined;
  let tail: Promise<unknown> = Promise.resolve();

  /** One after another: two at once would anchor in the wrong order. */
  function inTurn<Result>(job: () => Promise<Result>): Promise<Result> {
    const turn = tail.then(job);
    tail = turn.catch(() => undefined);
    return turn;
  }

  function vault(): Promise<RecordVault> {
    opening ??= openVault().then(
      (opened) => {
        failure = undefined;
        return opened;
      },
      (error) => {
        opening = undefined;
        throw error;
      },
    );
    return opening;
  }

  /** Reads the anchor once and holds the record to it; true where the record may be signed. */
  async function check({ signer, readAnchor }: RecordVault): Promise<boolean> {
    if (loss !== undefined) return false;
    if (anchor === undefined) {
      anchor = (await readAnchor()) ?? null;
      if (anchor === null && record.head().place > 0) {
        log.info(
          { place: record.head().place },
          "the record's head is kept in the secret store from now on",
        );
      }
    }
    const found = anchor === null ? "yes" : record.continues(anchor, signer.publicKey);
    const before = altered;
    altered =
      anchor === null || found === "yes"
        ? undefined
        : anchorMessage(found, anchor.place, record.head().place);
    if (altered !== undefined && before === undefined) {
      log.error({ anchored: anchor, head: record.head(), hint: alteredHint }, altered);
    }
    return altered === undefined;
  }

  async function keep(own: RecordVault, head: ChainHead, accepted = anchor?.accepted ?? null) {
    const kept: RecordAnchor = { place: head.place, hash: head.hash, at: now(), accepted };
    await own.keepAnchor(kept);
    anchor = kept;
  }

  async function seal(): Promise<void> {
    // Asked again only by a person: a keychain that is locked would ask for its password each time.
    if (failure !== undefined) return;
    await inTurn(async () => {
      const own = await vault();
      if (!(await check(own)) || record.head().place === (anchor?.place ?? 0)) return;
      const head = await record.seal(own.signer);
      // The secret store's file is synced; the record must not come back shorter after a power cut.
      await record.settle();
      await keep(own, head);
    }).catch((error: unknown) => {
      failure = error instanceof Error ? error.message : String(error);
      if (loss === undefined) log.warn({ err: error }, "the record is not signed");
    });
  }

  /** Runs a pruning of a record that is the one that was sealed, and seals what is left. */
  async function pruning(run: (signer: Signer) => Promise<PruneCount>): Promise<PruneCount> {
    const count = await inTurn(async () => {
      const own = await vault();
      if (!(await check(own))) throw new RecordAltered(altered ?? loss?.message ?? "", alteredHint);
      return run(own.signer);
    });
    if (count.exchanges + count.sessions > 0) await seal();
    return count;
  }

  async function pruneOld(): Promise<void> {
    if (failure !== undefined || (keepDays === null && keepBytes === null)) return;
    try {
      if (keepDays !== null) {
        const before = new Date(now().getTime() - keepDays * dayMs);
        say(await pruning((signer) => record.prune(before, signer)));
      }
      if (keepBytes !== null) say(await pruning((signer) => record.pruneTo(keepBytes, signer)));
    } catch (error) {
      log.warn({ err: error }, "old sessions could not be taken out of the record");
    }
  }

  function say({ sessions, exchanges }: PruneCount): void {
    if (exchanges + sessions === 0) return;
    log.info({ sessions, exchanges }, "old sessions left the record");
  }

  function markLost(error: RecordLost): void {
    loss = error;
    log.error({ hint: error.hint }, error.message);
    const head = record.head();
    if (opening === undefined || altered !== undefined) return;
    // Known only to this process now: the next start is to miss all of it.
    void inTurn(async () => {
      const own = await vault();
      anchor ??= (await own.readAnchor()) ?? null;
      if (head.place > (anchor?.place ?? 0)) await keep(own, head);
    }).catch((cause) => log.warn({ err: cause }, "the lost record's head is not kept"));
  }

  if (options.lost.aborted) markLost(options.lost.reason);
  options.lost.addEventListener("abort", () => markLost(options.lost.reason));
  const timers = [
    setInterval(() => void seal(), sealEvery).unref(),
    setInterval(() => void pruneOld(), pruneEvery).unref(),
    setTimeout(() => void pruneOld(), settleMs).unref(),
  ];
  if (options.hasKey) void seal();

  return {
    signer: async () => (await vault()).signer,

    sessionChanged() {
      clearTimeout(soon);
      soon = setTimeout(() => void seal(), settleMs);
      soon.unref();
    },

    unlocked() {
      failure = undefined;
      if (options.hasKey || opening !== undefined) void seal();
    },

    anchor: () =>
      inTurn(async () => {
        await check(await vault());
        return anchor ?? undefined;
      }),

    standing() {
      if (loss !== undefined) return { state: "lost", message: loss.message, hint: loss.hint };
      if (altered !== undefined) return { state: "altered", message: altered, hint: alteredHint };
      if (failure !== undefined) {
        const message = `the record could not be held to what the secret store has of it: ${failure}`;
        return { state: "not-checked", message, hint: "hoopx sessions verify asks again" };
      }
      return { state: anchor ? "anchored" : "not-anchored", message: null, hint: null };
    },

    prune: (before) => pruning((signer) => record.prune(before, signer)),

    accept: () =>
      inTurn(async () => {
        if (loss !== undefined) throw new RecordAltered(loss.message, loss.hint);
        const own = await vault();
        await check(own);
        const before = anchor;
        const head = await record.seal(own.signer);
        await record.settle();
        const instead = before && { place: before.place, hash: before.hash };
        const isOther = altered !== undefined && instead;
        await keep(
          own,
          head,
          isOther ? { at: now(), instead, place: head.place } : before?.accepted,
        );
        if (isOther) log.warn({ instead, head }, "a person accepted the record as it is");
        altered = undefined;
        return head;
      }),

    async close() {
      clearTimeout(soon);
      for (const timer of timers) clearInterval(timer);
      // Only where the key is at hand: a stop asks for no password.
      if (opening !== undefined) await seal();
      await tail;
    },
  };
}
