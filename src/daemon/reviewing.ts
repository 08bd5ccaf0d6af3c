/**
 * Reviewing: the rooms where people answer, put together: the desk, how its
 * reviews are read and told, and who may not answer. Part of the composition
 * root; `daemon.ts` hands it to path and control API.
 */
import type { Logger } from "pino";
import type { EventHub } from "./control/event-hub.js";
import { createReviewFeed } from "./control/review-feed.js";
import { createReviewRecord } from "./control/review-record.js";
import type { Session } from "./model/session.js";
import { createInsiders } from "./processes/insiders.js";
import { loadPeerPid } from "./processes/peer-pid.js";
import { processTable } from "./processes/process-table.js";
import { turnsAddedSince } from "./providers/conversation.js";
import { providerNamed } from "./providers/providers.js";
import { createReviewDesk } from "./reviews/review-desk.js";
import type { Store } from "./store/store.js";

export interface ReviewingOptions {
  readonly store: Store;
  readonly events: EventHub;
  readonly log: Pick<Logger, "info" | "error">;
  readonly now: () => Date;
  readonly liveSessions: () => readonly Session[];
  /** When the machine started, milliseconds since 1970. */
  readonly bootedAt: number;
}

/** Creates the desk and what belongs to it. */
export function createReviewing(options: ReviewingOptions) {
  const { store, events, log, now, liveSessions, bootedAt } = options;
  const record = createReviewRecord({ store, providerNamed, turnsAddedSince });
  const desk = createReviewDesk({
    ...store,
    observer: createReviewFeed({ events, record, log, now }),
    now,
    sessionLives: (id) => liveSessions().some((session) => session.id === id),
  });
  const insiders = createInsiders({
    load: loadPeerPid,
    table: processTable,
    sessions: liveSessions,
    bootedAt,
  });
  return { desk, record, insiders };
}
