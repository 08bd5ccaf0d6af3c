/**
 * Open review: one that waits, with all clients that wait for it. One that leaves
 * takes no other along; the review has a clock of its own.
 */
import { Refusal } from "../model/refusal.js";
import type { Review } from "../model/review.js";
import type { SessionId } from "../model/session.js";
import type { AskedContent, ReviewRequest } from "./desk.js";

/** Reviews of one session that may be open: as many as a reply may have calls. */
const mostOpen = 256;

/** The longest that a timer of Node's can hold, milliseconds. */
const longestTimer = 2 ** 31 - 1;

export interface OpenReview {
  /** As it stands now. */
  review: Review;
  /** Resolves once it is in the record; rejects where it could not be written. */
  readonly recorded: Promise<void>;
  /** Ends when the last answer so far is written. */
  turn: Promise<void>;
  readonly waiters: Set<Waiter>;
  expiry: NodeJS.Timeout | undefined;
  content: AskedContent | undefined;
}

interface Waiter {
  settled(review: Review): void;
  failed(error: Error): void;
}

/** Refuses one more where the session has asked enough: a review stays open when its client leaves, and asks a person. */
export function checkRoom(all: Iterable<OpenReview>, session: SessionId): void {
  let open = 0;
  for (const { review } of all) if (review.sessionId === session) open += 1;
  if (open < mostOpen) return;
  throw new Refusal("too_many_reviews", `the session has ${open} reviews without an answer`);
}

/** Bytes of contents that are held together; the oldest make room. */
const mostHeld = 64 << 20;

/**
 * Holds what a review asks about, so that it can be shown as it is. A retry's is taken only where
 * it is the very same: after a restart of the daemon it is the first.
 */
export function holdContent(
  all: Iterable<OpenReview>,
  open: OpenReview,
  request: Pick<ReviewRequest, "content" | "requestSha256">,
): void {
  const { content, requestSha256 } = request;
  if (open.content !== undefined || content === undefined) return;
  if (requestSha256 !== open.review.requestSha256 || content.bytes.length > mostHeld) return;
  open.content = content;
  const holding = [...all].filter((each) => each.content !== undefined);
  let bytes = holding.reduce((sum, { content }) => sum + (content?.bytes.length ?? 0), 0);
  for (const each of holding) {
    if (bytes <= mostHeld) break;
    bytes -= each.content?.bytes.length ?? 0;
    each.content = undefined;
  }
}

/** Calls at its end, however far that is. */
export function startExpiry(open: OpenReview, now: () => Date, expire: () => void): void {
  const left = open.review.expiresAt.getTime() - now().getTime();
  open.expiry = setTimeout(
    () => (left > longestTimer ? startExpiry(open, now, expire) : expire()),
    Math.max(0, Math.min(left, longestTimer)),
  );
  open.expiry.unref();
}

/** Tells everybody who waits. */
export function tellAll(open: OpenReview): void {
  for (const waiter of [...open.waiters]) waiter.settled(open.review);
}

/** Ends every wait with an error; the review stays. */
export function failAll(open: OpenReview, error: Error): void {
  for (const waiter of [...open.waiters]) waiter.failed(error);
}

/**
 * Waits for its end; "patience" where that does not come in time. Rejects with
 * the signal's reason.
 */
export function awaitEnd(
  open: OpenReview,
  signal: AbortSignal,
  patienceMs: number,
): Promise<Review | "patience"> {
  return new Promise((resolve, reject) => {
    const done = () => {
      open.waiters.delete(waiter);
      clearTimeout(timer);
      signal.removeEventListener("abort", left);
    };
    const waiter: Waiter = {
      settled(review) {
        done();
        resolve(review);
      },
      failed(error) {
        done();
        reject(error);
      },
    };
    const left = () => waiter.failed(signal.reason as Error);
    const timer = setTimeout(() => {
      done();
      resolve("patience");
    }, patienceMs);
    open.waiters.add(waiter);
    if (signal.aborted) left();
    else signal.addEventListener("abort", left, { once: true });
  });
}
