/**
 * Recorded path: the data path on a real record and a real desk, with the
 * control API that reads them on a home's socket, so that a test can send a
 * request and look at it with every command.
 */
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { homeOf } from "../../src/contract/home.js";
import { createEventHub } from "../../src/daemon/control/event-hub.js";
import type { Handlers } from "../../src/daemon/control/handler.js";
import { createExportHandlers } from "../../src/daemon/control/record/export-handlers.js";
import { createLiveFeed } from "../../src/daemon/control/record/live-feed.js";
import { createMeasures } from "../../src/daemon/control/record/measures.js";
import { createRecordHandlers } from "../../src/daemon/control/record/record-handlers.js";
import { createReviewFeed } from "../../src/daemon/control/reviews/review-feed.js";
import { createReviewRecord } from "../../src/daemon/control/reviews/review-record.js";
import { openControlServer } from "../../src/daemon/control/server.js";
import { findSession } from "../../src/daemon/control/sessions/session-finder.js";
import type { Review } from "../../src/daemon/model/review.js";
import { turnsAddedSince } from "../../src/daemon/providers/conversation.js";
import { openai } from "../../src/daemon/providers/openai/openai.js";
import type { Desk } from "../../src/daemon/reviews/desk.js";
import { createReviewDesk } from "../../src/daemon/reviews/review-desk.js";
import { openStore } from "../../src/daemon/store/sqlite-store.js";
import { daemonView } from "../cli/support/views.js";
import { actorWith } from "./actors.js";
import { type DataPathOptions, startDataPath } from "./data-path.js";

export interface RecordedPathOptions extends Omit<DataPathOptions, "desk" | "store" | "observer"> {
  readonly home: string;
  /** Told of each review that begins to wait. */
  readonly asked?: (review: Review) => void;
  /** Stands in front of the desk: a test may refuse what it is asked. */
  readonly desk?: (desk: Desk) => Desk;
}

export async function startRecordedPath({
  home,
  asked,
  desk: before,
  ...options
}: RecordedPathOptions) {
  const now = () => new Date();
  const store = await openStore({ file: ":memory:", warn: () => undefined });
  const events = createEventHub(now);
  const silent = { isLevelEnabled: () => false, debug() {}, info() {}, error() {} };
  const feed = createLiveFeed({ events, store, log: silent, now });
  const providerNamed = (name: string) => (name === "openai" ? openai : undefined);
  const desk = createReviewDesk({
    ...{ reviews: store.reviews, grants: store.grants, now, sessionLives: () => true },
  });
  const reviewRecord = createReviewRecord({
    ...{ store, providerNamed, turnsAddedSince },
    contentOf: desk.contentOf,
  });
  const told = createReviewFeed({ events, record: reviewRecord, now, log: silent });
  desk.observe({
    ...told,
    opened(review) {
      told.opened(review);
      asked?.(review);
    },
  });
  const path = await startDataPath({
    ...{ ...options, store, observer: feed.exchanges },
    desk: before?.(desk) ?? desk,
  });

  const measures = createMeasures({ store, costOf: () => null });
  const { socket } = homeOf({ HOOPX_HOME: home });
  mkdirSync(dirname(socket), { recursive: true });
  const handlers: Partial<Handlers> = {
    daemonStatus: () => daemonView({ socket }),
    sessionsList: async () => measures.sessions(await store.sessions.list({ limit: 9 })),
    async sessionsShow({ params }) {
      const [view] = await measures.sessions([await findSession(store.sessions, params.id ?? "")]);
      if (view === undefined) throw new Error("no session");
      return view;
    },
    async reviewsList({ query }) {
      const status = query.get("status") as Review["status"] | null;
      const found = await store.reviews.list({ limit: 99, ...(status && { status }) });
      return reviewRecord.views(found);
    },
    ...createRecordHandlers({
      ...{ store, events, measures, now, providerNamed, turnsAddedSince, reviews: reviewRecord },
    }),
    ...createExportHandlers({
      ...{ store, now },
      signer: () => Promise.reject(new Error("a test has no key")),
    }),
  };
  const server = await openControlServer({
    ...{ socket, version: "0.0.0-dev", handlers: handlers as Handlers },
    problemOf: () => undefined,
    seats: { take() {}, begin() {}, end() {}, claim: () => true },
    actorOf: async () => actorWith(),
    fault: (route, error) => {
      throw new Error(`fault of ${route}`, { cause: error });
    },
  });
  return {
    ...{ home, path, store, desk, events },
    async close() {
      events.close("the test is over");
      await server.close();
      await path.close();
      await store.close();
    },
  };
}
