/**
 * Live feed: what the path and the sessions report becomes live events and a
 * line in the log. Of a running exchange it keeps all but the frames, so a
 * body is never held for the sake of a view; without listeners no view is
 * made.
 */
import { tellsOfReview } from "../../../contract/outcome.js";
import { exchangeIdOf } from "../../model/exchange.js";
import { exchangeOutcome } from "../../model/outcome.js";
import type { Session } from "../../model/session.js";
import type { PathObserver } from "../../path/path.js";
import type { Provider } from "../../providers/provider.js";
import type { SessionObserver } from "../../sessions/registry.js";
import type { ExchangeRecord, Opening, Store } from "../../store/store.js";
import type { EventHub } from "../event-hub.js";
import { presentExchange, presentSession } from "../present.js";
import { mayTellOfCall } from "./deciding-call.js";
import { createDeltaFeed } from "./delta-feed.js";
import { tellExchange } from "./told-exchange.js";

/** The facts that are logged; never what was said. */
interface FeedLog {
  isLevelEnabled(level: "debug"): boolean;
  debug(facts: object, message: string): void;
  info(facts: object, message: string): void;
  error(facts: object, message: string): void;
}

export interface LiveFeedOptions {
  readonly events: EventHub;
  readonly store: Store;
  readonly log: FeedLog;
  readonly now: () => Date;
  /** Reads replies as they come; absent: they are not read. */
  readonly providerNamed?: (name: string) => Provider | undefined;
}

export interface LiveFeed {
  readonly exchanges: PathObserver;
  readonly sessions: SessionObserver;
}

/** Creates the observers of path and sessions. */
export function createLiveFeed(options: LiveFeedOptions): LiveFeed {
  const { events, store, log, now } = options;
  const running = new Map<bigint, ExchangeRecord>();
  const at = () => now().toISOString();
  const { providerNamed = () => undefined } = options;
  const deltas = createDeltaFeed({
    events,
    providerNamed,
    now,
    recordOf: (key) => running.get(key),
  });

  async function publishEnded(session: Session): Promise<void> {
    if (!events.watched()) return;
    const totals = await store.sessions.totals([session.id]);
    const view = presentSession(session, totals.get(session.id));
    events.publish({ type: "session.ended", at: at(), session: view });
  }

  /** Only what may have waited for a person is looked up: its review is in the record. */
  async function publishExchange(record: ExchangeRecord): Promise<void> {
    const outcome = exchangeOutcome(record);
    const waited = record.decision?.effect === "review" || tellsOfReview(outcome);
    const review = waited ? ((await store.exchanges.find(record.key))?.review ?? null) : null;
    // At once where there is nothing to look up, as it is with nearly all.
    const told = review !== null || mayTellOfCall(record);
    const exchange = told
      ? await tellExchange({ ...record, review }, store)
      : presentExchange(record);
    events.publish({ type: "exchange.ended", at: at(), exchange });
  }

  return {
    exchanges: {
      opened(opening) {
        const record = withoutFrames(opening);
        running.set(opening.key, record);
        if (!events.watched()) return;
        events.publish({ type: "exchange.started", at: at(), exchange: presentExchange(record) });
      },

      follows: deltas.follows,
      wrote: deltas.wrote,

      ended(key, ending) {
        deltas.ended(key);
        const opened = running.get(key);
        running.delete(key);
        if (opened === undefined) return;
        const watched = events.watched();
        if (ending.error === null && !watched && !log.isLevelEnabled("debug")) return;
        const record = { ...opened, ending };
        // The record has every exchange; at the usual level the log has those that went wrong.
        if (ending.error !== null) log.info(factsOf(record), "exchange stopped");
        else log.debug(factsOf(record), "exchange");
        if (!watched) return;
        publishExchange(record).catch((err) => {
          log.error({ exchange: exchangeIdOf(key), err }, "an exchange's end was not shown live");
        });
      },

      fault: (exchange, error) => log.error({ exchange, err: error }, "fault on the data path"),
    },

    sessions: {
      started(session) {
        log.info({ session: session.id, runner: session.process.runnerPid }, "session started");
        events.publish({ type: "session.started", at: at(), session: presentSession(session) });
      },

      ended(session) {
        log.info({ session: session.id, status: session.status }, "session over");
        publishEnded(session).catch((error) => {
          log.error({ session: session.id, err: error }, "a session's end was not shown live");
        });
      },

      fault: (session, error) =>
        log.error({ session: session.id, err: error }, "a session's end was not written down"),
    },
  };
}

/** Member by member: it is made for each exchange, and a spread that leaves something out is slow. */
function withoutFrames(opening: Opening): ExchangeRecord {
  return {
    key: opening.key,
    sessionId: opening.sessionId,
    seq: opening.seq,
    connection: opening.connection,
    process: opening.process,
    startedAt: opening.startedAt,
    operation: opening.operation,
    decision: opening.decision,
    requestBytes: opening.requestBytes,
    review: null,
    ending: null,
  };
}

/** One flat line an exchange, from the record itself: it is made for each, watched or not. */
function factsOf({ key, operation, decision, ending, ...record }: ExchangeRecord) {
  return {
    exchange: exchangeIdOf(key),
    session: record.sessionId,
    seq: record.seq,
    connection: record.connection,
    action: operation?.action ?? null,
    effect: decision?.effect ?? null,
    status: ending?.status ?? null,
    error: ending?.error ?? null,
    ms: ending === null ? null : ending.endedAt / 1000,
    bytes: ending?.responseBytes ?? 0,
  };
}
