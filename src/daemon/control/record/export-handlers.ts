/**
 * Export handler: a session with all that belongs to it as lines, each chained
 * to the one before, the last one signed. One exchange is in memory at a time,
 * and the next is read when the client has taken it.
 */
import type { ExportLine, SealLine } from "../../../contract/export-lines.js";
import { exchangeIdOf } from "../../model/exchange.js";
import type { Session } from "../../model/session.js";
import type { Signer } from "../../store/seals.js";
import type { Import, Store } from "../../store/store.js";
import { ControlProblem } from "../control-problem.js";
import type { HandlersOf } from "../handler.js";
import { findSession } from "../sessions/session-finder.js";
import { createChainedLines, exportSealText } from "./export-chain.js";
import {
  exportedEnding,
  exportedExchange,
  exportedFrame,
  exportedGrant,
  exportedReview,
  exportedSession,
} from "./exported.js";

export interface ExportHandlersOptions {
  readonly store: Pick<Store, "sessions" | "exchanges" | "reviews" | "grants" | "imports">;
  /** The key of this installation; rejects where the secret store cannot be used. */
  readonly signer: () => Promise<Signer>;
  readonly now: () => Date;
}

/** Creates the handler of `hoopx sessions export`. */
export function createExportHandlers(options: ExportHandlersOptions): HandlersOf<"sessionsExport"> {
  const { store, now } = options;

  async function* linesOf(
    session: Session,
    origin: Import | undefined,
  ): AsyncGenerator<ExportLine> {
    yield exportedSession(session);
    for (const record of await store.exchanges.ofSession(session.id)) {
      const id = exchangeIdOf(record.key);
      yield exportedExchange(record);
      for (const frame of await store.exchanges.frames(record.key)) yield exportedFrame(id, frame);
      if (record.ending !== null) yield exportedEnding(id, record.ending);
    }
    const reviews = await store.reviews.list({
      limit: Number.MAX_SAFE_INTEGER,
      sessionId: session.id,
    });
    const lines = reviews.map(exportedReview).sort(byTime);
    yield* lines;
    for (const text of origin?.grants ?? []) yield JSON.parse(text) as ExportLine;
    for (const { grant } of origin === undefined ? lines : []) {
      const [found] = grant === null ? [] : await store.grants.find(grant);
      if (found !== undefined && found.id === grant) yield exportedGrant(found);
    }
  }

  async function sealed(seal: Omit<SealLine, "at" | "key" | "signature">): Promise<SealLine> {
    const at = now().toISOString();
    // Without a key it is chained all the same, and says that it is not signed.
    const signer = await options.signer().catch(() => undefined);
    const signature = signer?.sign(exportSealText({ ...seal, at })).toString("hex") ?? null;
    return { ...seal, at, key: signer?.publicKey.toString("hex") ?? null, signature };
  }

  return {
    async sessionsExport({ params, signal }) {
      const session = await findSession(store.sessions, params.id ?? "");
      const origin = await store.imports.find(session.id);
      if (origin?.complete === false) {
        throw new ControlProblem(
          "conflict",
          `the import of session ${session.id} was cut off`,
          "hoopx sessions import FILE finishes it",
        );
      }
      return async (_input, send) => {
        const chained = createChainedLines();
        const write = (line: ExportLine) => send(Buffer.from(`${chained.write(line)}\n`));
        const counts = { exchanges: 0, frames: 0, bytes: 0, reviews: 0, grants: 0 };
        let lines = 0;
        let open = session.status === "active" ? 1 : 0;
        for await (const line of linesOf(session, origin)) {
          if (signal.aborted) return;
          lines += 1;
          if (line.line === "exchange") {
            counts.exchanges += 1;
            open += 1;
          } else if (line.line === "ending") open -= 1;
          else if (line.line === "review") {
            counts.reviews += 1;
            if (line.status === "pending") open += 1;
          } else if (line.line === "grant") counts.grants += 1;
          else if (line.line === "frame") {
            counts.frames += 1;
            const encoding = line.text === undefined ? "base64" : "utf8";
            counts.bytes += Buffer.byteLength(line.text ?? line.base64 ?? "", encoding);
          }
          await write(line);
        }
        const head = chained.head();
        if (origin?.head === head) await send(Buffer.from(`${origin.seal}\n`));
        // What is not as it was imported is cut short: no seal of ours makes it right.
        else if (origin !== undefined) throw new Error(`${session.id} is not as it was imported`);
        else {
          const { exchanges, frames, bytes, reviews, grants } = counts;
          const seal = { line: "seal", session: session.id, partial: open > 0, lines } as const;
          await write(await sealed({ ...seal, exchanges, frames, bytes, reviews, grants, head }));
        }
      };
    },
  };
}

function byTime(
  one: { readonly createdAt: string; readonly id: string },
  other: { readonly createdAt: string; readonly id: string },
): number {
  const [first, second] = [`${one.createdAt} ${one.id}`, `${other.createdAt} ${other.id}`];
  return first < second ? -1 : 1;
}
