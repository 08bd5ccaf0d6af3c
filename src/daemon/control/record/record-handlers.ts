/**
 * Record handlers: what was written down of a session's exchanges, as a list,
 * as conversations, and live.
 */
import type { LiveEvent } from "../../../contract/events.js";
import { type ExchangeId, exchangeIdOf } from "../../model/exchange.js";
import type { Conversation, Provider, Turn } from "../../providers/provider.js";
import type { ExchangeRecord, Store } from "../../store/store.js";
import { ControlProblem } from "../control-problem.js";
import type { EventHub } from "../event-hub.js";
import type { HandlersOf } from "../handler.js";
import { presentConversation, presentFrame } from "../present.js";
import type { ReviewRecord } from "../reviews/review-record.js";
import { checkQuery } from "../schemas.js";
import { findSession } from "../sessions/session-finder.js";
import { isDamaged } from "./damaged.js";
import type { Measures } from "./measures.js";
import { tellExchange } from "./told-exchange.js";

export interface RecordHandlersOptions {
  readonly store: Store;
  readonly events: EventHub;
  readonly reviews: Pick<ReviewRecord, "views">;
  readonly measures: Pick<Measures, "exchanges">;
  readonly now: () => Date;
  readonly providerNamed: (name: string) => Provider | undefined;
  /** What a prompt adds to the conversation before it. */
  readonly turnsAddedSince: (
    earlier: readonly Conversation[],
    current: Conversation,
  ) => readonly Turn[];
}

/** Exchanges before one in which its conversation is looked for: agents hand over to few others. */
const remembered = 8;

/** Creates the handlers for exchanges, conversations and live events. */
export function createRecordHandlers(
  options: RecordHandlersOptions,
): HandlersOf<"exchangesOutside" | "exchangesList" | "conversation" | "exchangeFrames" | "events"> {
  const { store, events } = options;

  async function converse(record: ExchangeRecord): Promise<Conversation> {
    const { operation } = record;
    const provider = operation && options.providerNamed(operation.provider);
    if (!operation || !provider) return { prompt: [], reply: [] };
    try {
      return provider.converse(operation, await store.exchanges.frames(record.key));
    } catch (error) {
      if (!isDamaged(error)) throw error;
      const text = "[this exchange cannot be read: its record is damaged; hoopx sessions verify]";
      return { prompt: [], reply: [{ kind: "note", text, deltas: [] }] };
    }
  }

  async function tellPending(
    sessionId: string | undefined,
    send: (event: LiveEvent) => Promise<void>,
  ): Promise<void> {
    const found = await store.reviews.list({
      limit: Number.MAX_SAFE_INTEGER,
      status: "pending",
      ...(sessionId !== undefined && { sessionId }),
    });
    for (const review of await options.reviews.views([...found].reverse())) {
      await send({ type: "review.opened", at: review.createdAt, review });
    }
    await send({ type: "stream.caught-up", at: options.now().toISOString() });
  }

  return {
    async exchangesOutside({ query }) {
      const { limit = 100 } = checkQuery("exchangesOutside", query);
      // In the order they began, since a retry is looked for behind what it tries again.
      const found = [...(await store.exchanges.ofNoSession(limit))].reverse();
      return [...(await options.measures.exchanges(found))].reverse();
    },

    async exchangesList({ params }) {
      const session = await findSession(store.sessions, params.id ?? "");
      return options.measures.exchanges(await store.exchanges.ofSession(session.id));
    },

    async conversation({ params, query }) {
      const session = await findSession(store.sessions, params.id ?? "");
      const all = await store.exchanges.ofSession(session.id);
      const wanted = query.get("exchange");
      const only = wanted === null ? undefined : exchangeAt(all, wanted);
      return async (send, signal) => {
        const until = only === undefined ? all.length : all.indexOf(only) + 1;
        const first = only === undefined ? 0 : Math.max(0, until - 1 - remembered);
        let earlier: readonly Conversation[] = [];
        for (const record of all.slice(first, until)) {
          if (signal.aborted) return;
          const current = await converse(record);
          if (only === undefined || record === only) {
            const added = options.turnsAddedSince(earlier, current);
            const exchange = await tellExchange(record, store);
            await send(presentConversation(exchange, added, current.reply));
          }
          earlier = [...earlier, current].slice(-remembered);
        }
      };
    },

    async exchangeFrames({ params }) {
      const session = await findSession(store.sessions, params.id ?? "");
      const all = await store.exchanges.ofSession(session.id);
      const record = exchangeAt(all, params.exchange ?? "");
      return async (send, signal) => {
        for (const frame of await store.exchanges.frames(record.key)) {
          if (signal.aborted) return;
          await send(presentFrame(frame));
        }
      };
    },

    async events({ query }) {
      const { session: named, only, text } = checkQuery("events", query);
      const session =
        named === undefined ? undefined : (await findSession(store.sessions, named)).id;
      if (only === undefined) {
        return (send, signal) => events.listen(session, send, signal, text === "1");
      }
      return async (send, signal) => {
        const told = tellPending(session, send);
        // Listens meanwhile: what happens while the pending ones are told is told after them.
        const listening = events.listen(
          session,
          async (event) => {
            await told;
            if (/^(?:review|stream)\./.test(event.type)) await send(event);
          },
          signal,
        );
        await Promise.all([told, listening]);
      };
    },
  };
}

/** By its place in the session or its id. */
function exchangeAt(all: readonly ExchangeRecord[], wanted: ExchangeId): ExchangeRecord {
  const found = all.find(
    (record) => String(record.seq) === wanted || exchangeIdOf(record.key) === wanted,
  );
  if (found !== undefined) return found;
  throw new ControlProblem(
    "not_found",
    `the session has no exchange ${wanted}; it has ${all.length}`,
    "hoopx sessions show ID lists them",
  );
}
