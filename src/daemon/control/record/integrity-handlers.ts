/**
 * Integrity handlers: whether the record is as it was written, what is taken
 * out of it, and that a person goes on with it as it is.
 */
import type { RecordVerifyView } from "../../../contract/record-views.js";
import { exchangeIdOf } from "../../model/exchange.js";
import type { ChainHead } from "../../store/chain.js";
import type { PruneCount } from "../../store/prune.js";
import type { RecordLog } from "../../store/record-log.js";
import type { RecordProblem, RecordReport, VerifyOptions } from "../../store/record-report.js";
import type { Signer } from "../../store/seals.js";
import type { Store } from "../../store/store.js";
import { ControlProblem } from "../control-problem.js";
import type { HandlersOf } from "../handler.js";
import { findSession } from "../sessions/session-finder.js";

export interface IntegrityHandlersOptions {
  readonly store: Pick<Store, "sessions"> & { readonly record: RecordLog };
  /** Of the daemon's own record. */
  readonly file: string;
  /** Holds a file that is not the daemon's own to its chain. */
  readonly verifyFile: (file: string, options: VerifyOptions) => Promise<RecordReport>;
  /** This installation's key, and what its secret store has of the record; rejects where that cannot be used. */
  readonly sealing: {
    signer(): Promise<Signer>;
    anchor(): Promise<Anchor | undefined>;
    prune(before: Date): Promise<PruneCount>;
    accept(): Promise<ChainHead>;
  };
  /** The problem an error of another room stands for; undefined for a fault. */
  readonly problemOf: (error: unknown) => ControlProblem | undefined;
  readonly now: () => Date;
  readonly monotonic: () => number;
}

interface Anchor extends ChainHead {
  readonly at: Date;
  readonly accepted: {
    readonly at: Date;
    readonly place: number;
    readonly instead: ChainHead;
  } | null;
}

/** Creates the handlers of `hoopx sessions verify`, `prune` and `accept`. */
export function createIntegrityHandlers(
  options: IntegrityHandlersOptions,
): HandlersOf<"recordVerify" | "recordPrune" | "recordAccept"> {
  const { store, sealing, monotonic } = options;

  /** What the secret store has, or why it cannot be asked. */
  async function kept(): Promise<{ key?: Signer; anchor?: Anchor; why: string | null }> {
    try {
      const key = await sealing.signer();
      const anchor = await sealing.anchor();
      return { key, ...(anchor && { anchor }), why: null };
    } catch (error) {
      // What a person can open is opened first: a record that is held to nothing proves nothing.
      if (options.problemOf(error)?.code === "secret_store_locked") throw error;
      return { why: error instanceof Error ? error.message : String(error) };
    }
  }

  return {
    async recordVerify({ body }) {
      const began = monotonic();
      const { head, file } = body;
      const session =
        body.session === undefined || file !== undefined
          ? (body.session ?? null)
          : (await findSession(store.sessions, body.session)).id;
      // Another file may be another installation's: whichever key signed it, it did so throughout.
      const { key, anchor, why } = file === undefined ? await kept() : { why: null };
      const own = key !== undefined;
      const given = {
        ...(head && { head }),
        ...(own && { trusted: key.publicKey }),
        ...(own && anchor && { anchor }),
      };
      const report =
        file === undefined
          ? await store.record.verify(given)
          : await options.verifyFile(file, given).catch((cause: unknown) => {
              const why = cause instanceof Error ? cause.message : String(cause);
              throw new ControlProblem("bad_request", `${file} cannot be read as a record: ${why}`);
            });
      const problems = report.problems.filter((problem) => concerns(problem, session));
      return {
        session,
        file: file ?? options.file,
        ok: problems.length === 0,
        links: report.links,
        records: report.records,
        bytes: report.bytes,
        durationMs: Math.round(monotonic() - began),
        head: report.head,
        sealed: report.sealed && { ...report.sealed, at: report.sealed.at.toISOString() },
        anchored: own && anchor !== undefined ? presentAnchor(anchor) : null,
        unsigned: why,
        problems: problems.map(presentProblem),
      } satisfies RecordVerifyView;
    },

    async recordPrune({ body }) {
      const before = new Date(body.before);
      if (before > options.now()) {
        throw new ControlProblem("bad_request", "before: it is in the future");
      }
      const { dryRun } = body;
      if (dryRun) {
        const counts = await store.record.prunable(before);
        return { dryRun, before: before.toISOString(), ...counts, bytes: null };
      }
      // What is taken out is signed: without the key nothing is.
      const counts = await sealing.prune(before);
      return { dryRun, before: before.toISOString(), ...counts };
    },

    async recordAccept() {
      const given = await sealing.anchor();
      const head = await sealing.accept();
      return {
        head,
        before: given === undefined ? null : { place: given.place, hash: given.hash },
      };
    },
  };
}

function presentAnchor({ place, at, accepted }: Anchor): RecordVerifyView["anchored"] {
  return {
    ...{ place, at: at.toISOString() },
    accepted: accepted && { ...accepted, at: accepted.at.toISOString() },
  };
}

/** One session's problems are also those of the chain, and of records that do not say whose they are. */
function concerns({ session }: RecordProblem, wanted: string | null): boolean {
  return wanted === null || session === null || session === wanted;
}

/** Exchanges are named as everywhere else. */
function presentProblem(problem: RecordProblem): RecordProblem {
  const { record, id, message } = problem;
  if (record !== "exchange" && record !== "ending" && record !== "exchange-review") return problem;
  // No exchange ever had a key below zero: what was put in with one has no id.
  if (id.startsWith("-")) return problem;
  const shown = exchangeIdOf(BigInt(id));
  return { ...problem, id: shown, message: message.replaceAll(id, shown) };
}
