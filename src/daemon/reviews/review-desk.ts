/**
 * Review desk: the desk of the daemon. One review a thing asked for, however
 * many ask; its end is written before anybody hears of it, and it outlives the
 * client, the connection and the daemon (SECURITY A1, A2, A4). What waits is
 * in memory, what was decided in the store, and where the two could differ the
 * store's conditional update has the last word.
 */
import type { GrantScope } from "../model/decision.js";
import type { Identity } from "../model/identity.js";
import { Refusal } from "../model/refusal.js";
import type { Review, ReviewId } from "../model/review.js";
import type { SessionId } from "../model/session.js";
import type { GrantLog, ReviewLog } from "../store/review-log.js";
import type { AskedContent, Desk, ReviewRequest, Settlement } from "./desk.js";
import { DeskError } from "./desk-error.js";
import { grantOf } from "./grant-scope.js";
import { newReview } from "./new-review.js";
import {
  awaitEnd,
  checkRoom,
  failAll,
  holdContent,
  type OpenReview,
  startExpiry,
  tellAll,
} from "./open-review.js";
import { checkApprover, checkDenier, countedApprovals, nameOf } from "./reviewers.js";

/** Told once it is in the record. */
export interface DeskObserver {
  opened(review: Review): void;
  changed(review: Review): void;
  /** What no reviewer asked for (an expiry, a cancellation) could not be written. */
  fault(review: Review, error: unknown): void;
}

export interface ReviewDeskOptions {
  readonly reviews: ReviewLog;
  readonly grants: GrantLog;
  readonly now: () => Date;
  readonly sessionLives: (id: SessionId) => boolean;
}

export interface Answer {
  readonly reviewer: Identity;
  readonly comment: string | null;
}

export interface ReviewDesk extends Desk {
  /** One yes; it is approved once there are enough. Throws a DeskError. */
  approve(id: ReviewId, answer: Answer & { readonly scope?: GrantScope }): Promise<Review>;
  deny(id: ReviewId, answer: Answer): Promise<Review>;
  /** Tells this one, too, of what happens from now on. */
  observe(observer: DeskObserver): void;
  /** Takes up what the daemon before left pending; to be called before the first request. */
  restore(): Promise<void>;
  /** Cancels what a session that is over waits for. */
  sessionOver(id: SessionId): void;
  pending(): number;
  /** What an open review asks about; undefined where that is not in memory. */
  contentOf(id: ReviewId): AskedContent | undefined;
  /** The daemon stops: everybody who waits is sent away to try again, and the reviews stay. */
  suspend(): void;
}

/** Creates the desk. */
export function createReviewDesk(options: ReviewDeskOptions): ReviewDesk {
  const { reviews, grants, now } = options;
  const observers: DeskObserver[] = [];
  const byId = new Map<ReviewId, OpenReview>();
  const byWish = new Map<string, OpenReview>();
  let suspended = false;

  const wishOf = ({ sessionId, binding }: Pick<Review, "sessionId" | "binding">) =>
    `${sessionId} ${binding}`;

  function hold(review: Review, recorded: Promise<void>): OpenReview {
    const open: OpenReview = {
      review,
      recorded,
      turn: recorded.catch(() => undefined),
      waiters: new Set(),
      expiry: undefined,
      content: undefined,
    };
    byId.set(review.id, open);
    byWish.set(wishOf(review), open);
    return open;
  }

  function letGo(open: OpenReview): void {
    clearTimeout(open.expiry);
    byId.delete(open.review.id);
    const wish = wishOf(open.review);
    if (byWish.get(wish) === open) byWish.delete(wish);
  }

  function begin(request: ReviewRequest): OpenReview {
    const review = newReview(request, now());
    const open = hold(review, reviews.open(review));
    open.recorded.then(
      () => {
        for (const observer of observers) observer.opened(open.review);
        if (byId.has(review.id)) startExpiry(open, now, () => endAlone(open, "expired"));
        // The session may have ended while it was written.
        if (!options.sessionLives(review.sessionId)) endAlone(open, "cancelled");
      },
      (error) => {
        letGo(open);
        failAll(open, error);
      },
    );
    return open;
  }

  /** Answers come one after the other, so that each sees what the one before it left. */
  function inTurn<Result>(
    open: OpenReview,
    act: () => Promise<Result>,
    over: () => Promise<Result>,
  ): Promise<Result> {
    const mine = open.turn.then(() => (byId.get(open.review.id) === open ? act() : over()));
    open.turn = mine.then(
      () => undefined,
      () => undefined,
    );
    return mine;
  }

  /** Writes an end, once; false where there was one already. */
  async function settle(open: OpenReview, ended: Review, scope?: GrantScope): Promise<boolean> {
    const grant = ended.status === "approved" ? grantOf(ended, scope, now()) : undefined;
    const review = { ...ended, grant: grant?.id ?? null };
    if (!(await reviews.settle(review, grant))) return false;
    open.review = review;
    letGo(open);
    for (const observer of observers) observer.changed(review);
    tellAll(open);
    return true;
  }

  /** Ends that no reviewer asked for. */
  function endAlone(open: OpenReview, status: "expired" | "cancelled"): void {
    const act = async () => {
      if (!suspended) await settle(open, { ...open.review, status, decidedAt: now() });
    };
    inTurn(open, act, async () => {}).catch((error) => {
      for (const observer of observers) observer.fault(open.review, error);
    });
  }

  async function settledAlready(id: ReviewId): Promise<never> {
    const [review] = await reviews.find(id);
    if (review === undefined || review.status === "pending") {
      throw new DeskError("conflict", `review ${id} is not open here`, "try again");
    }
    throw settled(review);
  }

  /** An answer to an open review. */
  async function answer(
    id: ReviewId,
    act: (open: OpenReview) => Promise<boolean>,
  ): Promise<Review> {
    const open = byId.get(id);
    if (open === undefined) return settledAlready(id);
    return inTurn(
      open,
      async () => ((await act(open)) ? open.review : settledAlready(id)),
      () => settledAlready(id),
    );
  }

  async function find(request: ReviewRequest): Promise<Settlement | undefined> {
    const { session, binding, likeness, exchange } = request;
    const { id: sessionId, identity } = session;
    const wanted = { sessionId, identity, binding, likeness };
    for (const grant of await grants.speakingFor(wanted, now())) {
      if (!(await grants.use(grant.id, now()))) continue;
      const [review] = await reviews.find(grant.review);
      if (review === undefined) continue;
      await reviews.join(exchange, review.id);
      return { outcome: "granted", review };
    }
    const denied = await reviews.takeDenial(session.id, binding, now());
    if (denied === undefined) return undefined;
    await reviews.join(exchange, denied.id);
    return { outcome: "denied", review: denied };
  }

  /** Undefined: approved, but another was first with an approval that speaks for one request. */
  async function wait(
    open: OpenReview,
    signal: AbortSignal,
    patienceMs: number,
  ): Promise<Settlement | undefined> {
    const ended = await awaitEnd(open, signal, patienceMs);
    // A client that left meanwhile uses nothing up, and was told nothing.
    if (ended === "patience") return { outcome: "pending", review: open.review };
    signal.throwIfAborted();
    if (ended.status === "denied") {
      await reviews.told(ended.id);
      return { outcome: "denied", review: ended };
    }
    if (ended.status !== "approved" || ended.grant === null) {
      return { outcome: "expired", review: ended };
    }
    const used = await grants.use(ended.grant, now());
    return used ? { outcome: "approved", review: ended } : undefined;
  }

  return {
    observe: (observer) => void observers.push(observer),

    async ask(request, signal, patienceMs) {
      const until = performance.now() + patienceMs;
      for (;;) {
        const found = await find(request);
        signal.throwIfAborted();
        if (found !== undefined) return found;
        if (suspended) throw stopping();
        const known = byWish.get(`${request.session.id} ${request.binding}`);
        if (known === undefined) checkRoom(byId.values(), request.session.id);
        const open = known ?? begin(request);
        holdContent(byId.values(), open, request);
        // Before the record has it: an answer can come as soon as it is there.
        const waiting = wait(open, signal, Math.max(0, until - performance.now()));
        waiting.catch(() => {});
        await open.recorded;
        if (known !== undefined) await reviews.join(request.exchange, open.review.id);
        const settlement = await waiting;
        if (settlement !== undefined) return settlement;
      }
    },

    approve(id, { reviewer, comment, scope }) {
      return answer(id, async (open) => {
        const { review } = open;
        checkApprover(review, reviewer);
        // Too much is refused before anything is written.
        grantOf(review, scope, now());
        const at = now();
        const approvals = [...review.approvals, { by: reviewer, at, comment }];
        if (countedApprovals({ ...review, approvals }).length < review.terms.approvals) {
          const more = { ...review, approvals };
          if (!(await reviews.change(more))) return false;
          open.review = more;
          for (const observer of observers) observer.changed(more);
          return true;
        }
        const end = { status: "approved", approvals, decidedBy: reviewer, decidedAt: at } as const;
        return settle(open, { ...review, ...end, comment }, scope);
      });
    },

    deny(id, { reviewer, comment }) {
      return answer(id, (open) => {
        checkDenier(open.review, reviewer);
        const end = { status: "denied", decidedBy: reviewer, decidedAt: now(), comment } as const;
        return settle(open, { ...open.review, ...end });
      });
    },

    async restore() {
      const filter = { status: "pending", limit: Number.MAX_SAFE_INTEGER } as const;
      for (const review of await reviews.list(filter)) {
        const open = hold(review, Promise.resolve());
        if (!options.sessionLives(review.sessionId)) endAlone(open, "cancelled");
        else startExpiry(open, now, () => endAlone(open, "expired"));
      }
    },

    sessionOver(id) {
      for (const open of [...byId.values()]) {
        if (open.review.sessionId === id) endAlone(open, "cancelled");
      }
    },

    pending: () => byId.size,
    contentOf: (id) => byId.get(id)?.content,

    suspend() {
      suspended = true;
      for (const open of byId.values()) {
        clearTimeout(open.expiry);
        failAll(open, stopping());
      }
    },
  };
}

function stopping(): Refusal {
  return new Refusal("daemon_stopping", "the daemon is stopping, and the review waits on");
}

function settled({ id, status, decidedBy, decidedAt }: Review): DeskError {
  const who = decidedBy === null ? "" : ` by ${nameOf(decidedBy)}`;
  const when = decidedAt === null ? "" : ` at ${decidedAt.toISOString()}`;
  return new DeskError("review_settled", `review ${id} is ${status} already${who}${when}`);
}
