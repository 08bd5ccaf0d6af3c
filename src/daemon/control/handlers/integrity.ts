/**
 * Integrity handlers: whether the record is as it was written, and what is
 * taken out of it.
 */
import type { RecordVerifyView } from "../../../contract/record-views.js";
import { exchangeIdOf } from "../../model/exchange.js";
import type { RecordLog } from "../../store/record-log.js";
import type { RecordProblem, RecordReport, VerifyOptions } from "../../store/record-report.js";
import type { Signer } from "../../store/seals.js";
import type { Store } from "../../store/store.js";
import { ControlProblem } from "../control-problem.js";
import type { HandlersOf } from "../handler.js";
import { findSession } from "../session-finder.js";

export interface IntegrityHandlersOptions {
  readonly store: Pick<Store, "sessions"> & { readonly record: RecordLog };
  /** Of the daemon's own record. */
  readonly file: string;
  /** Holds a file that is not the daemon's own to its chain. */
  readonly verifyFile: (file: string, options: VerifyOptions) => Promise<RecordReport>;
  /** The key of this installation; rejects where the secret store cannot be used. */
  readonly signer: () => Promise<Signer>;
  readonly now: () => Date;
  readonly monotonic: () => number;
}

/** Creates the handlers of `hoopx sessions verify` and `prune`. */
export function createIntegrityHandlers(
  options: IntegrityHandlersOptions,
): HandlersOf<"recordVerify" | "recordPrune"> {
  const { store, signer, monotonic } = options;

  return {
    async recordVerify({ body }) {
      const began = monotonic();
      const { head, file } = body;
      const session =
        body.session === undefined || file !== undefined
          ? (body.session ?? null)
          : (await findSession(store.sessions, body.session)).id;
      let unsigned: string | null = null;
      const key = await signer().catch((error: unknown) => {
        unsigned = error instanceof Error ? error.message : String(error);
        return undefined;
      });
      // Another file may be another installation's: whichever key signed it, it did so throughout.
      const trusted = file === undefined ? key?.publicKey : undefined;
      const given = { ...(head && { head }), ...(trusted && { trusted }) };
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
        unsigned,
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
      const counts = await store.record.prune(before, await signer());
      return { dryRun, before: before.toISOString(), ...counts };
    },
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
