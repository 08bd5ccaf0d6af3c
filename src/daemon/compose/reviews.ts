/**
 * Reviews: the rooms where people answer, put together: the desk, and how its
 * reviews are read and told.
 */
import { readFile } from "node:fs/promises";
import type { Logger } from "pino";
import type { EventHub } from "../control/event-hub.js";
import { createReviewFeed, type ReviewEvent } from "../control/reviews/review-feed.js";
import { createReviewRecord } from "../control/reviews/review-record.js";
import type { Config } from "../lifecycle/config.js";
import { Secret } from "../model/secret.js";
import type { Session } from "../model/session.js";
import { turnsAddedSince } from "../providers/conversation.js";
import { providerNamed } from "../providers/providers.js";
import { createReviewDesk } from "../reviews/review-desk.js";
import { createWebhook } from "../reviews/webhook.js";
import type { Store } from "../store/store.js";
import type { CheckedFetch } from "../upstream/checked-fetch.js";

export interface ReviewsOptions {
  readonly store: Store;
  readonly events: EventHub;
  readonly log: Pick<Logger, "info" | "warn" | "error">;
  readonly now: () => Date;
  readonly liveSessions: () => readonly Session[];
  readonly config: Pick<Config, "reviews">;
  readonly fetch: CheckedFetch;
}

export type ReviewRooms = ReturnType<typeof composeReviews>;

/** Creates the desk and what belongs to it. */
export function composeReviews(options: ReviewsOptions) {
  const { store, events, log, now, liveSessions } = options;
  const over = new AbortController();
  const notify = webhookOf(options, over.signal);
  const desk = createReviewDesk({
    ...store,
    now,
    sessionLives: (id) => liveSessions().some((session) => session.id === id),
  });
  const { contentOf } = desk;
  const record = createReviewRecord({ store, providerNamed, turnsAddedSince, contentOf });
  desk.observe(createReviewFeed({ events, record, log, now, ...(notify && { notify }) }));
  return {
    desk,
    record,
    /** Ends what webhooks are being told: the daemon stops. */
    close: () => over.abort(new Error("the daemon stops")),
  };
}

/** Milliseconds between a webhook's tries: about a quarter of an hour in all, longer than most reviews are open. */
const webhookWaits = [1_000, 5_000, 15_000, 60_000, 240_000, 600_000];

function webhookOf(
  { config, fetch, now, log }: ReviewsOptions,
  over: AbortSignal,
): ((event: ReviewEvent) => void) | undefined {
  const { webhook: url, webhookSecretFile: file } = config.reviews;
  if (url === null || file === null) return undefined;
  const send = createWebhook({
    url,
    secret: async () => new Secret((await readFile(file, "utf8")).trim()),
    // A chat's bridge often is on the organisation's own network.
    post: (target, init) => fetch(target, { ...init, allowPrivateNetwork: true }),
    now,
    waits: webhookWaits,
    warn: (message, detail) => log.warn(detail, message),
    over,
  });
  // Without any text of the prompt: of a tool call its name alone.
  return ({ type, at, review }) => {
    const toolCall = review.toolCall && { name: review.toolCall.name };
    send(type, { type, at, review: { ...review, toolCall } });
  };
}
