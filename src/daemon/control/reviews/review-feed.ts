/**
 * Review feed: what the desk reports becomes live events, a line in the log,
 * and what webhooks are told; in the order it happened, though each view has
 * to be read from the record first.
 */
import type { LiveEvent } from "../../../contract/events.js";
import type { Review } from "../../model/review.js";
import type { DeskObserver } from "../../reviews/review-desk.js";
import type { EventHub } from "../event-hub.js";
import type { ReviewRecord } from "./review-record.js";

export type ReviewEvent = Extract<LiveEvent, { readonly type: `review.${string}` }>;

export interface ReviewFeedOptions {
  readonly events: EventHub;
  readonly record: Pick<ReviewRecord, "view">;
  readonly log: {
    info(facts: object, message: string): void;
    error(facts: object, message: string): void;
  };
  readonly now: () => Date;
  /** Tells other listeners, as a webhook; absent: there are none. */
  readonly notify?: (event: ReviewEvent) => void;
}

/** Creates the observer of the desk. */
export function createReviewFeed(options: ReviewFeedOptions): DeskObserver {
  const { events, record, log, now, notify } = options;
  let last: Promise<void> = Promise.resolve();

  function publish(type: ReviewEvent["type"], review: Review): void {
    const { id, status, rule } = review;
    log.info({ review: id, session: review.sessionId, status, rule }, type.replace(".", " "));
    if (notify === undefined && !events.watched()) return;
    const at = now().toISOString();
    last = last
      .then(async () => {
        const event = { type, at, review: await record.view(review) } as const;
        events.publish(event);
        notify?.(event);
      })
      .catch((error) => log.error({ review: id, err: error }, "a review was not shown live"));
  }

  return {
    opened: (review) => publish("review.opened", review),
    changed: (review) => publish("review.changed", review),
    fault: ({ id }, error) =>
      log.error({ review: id, err: error }, "a review's end was not written down"),
  };
}
