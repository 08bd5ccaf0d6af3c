/**
 * Review handlers: what waits for a person, their answers, and the grants that
 * approvals left. Who answers is the Actor's identity: the login behind the
 * caller; where nothing configures one, the operating system's user.
 */
import type { GrantView } from "../../../contract/review-views.js";
import type { ApproveReview } from "../../../contract/routes.js";
import type { GrantScope } from "../../model/decision.js";
import type { Grant } from "../../model/review.js";
import type { ReviewDesk } from "../../reviews/review-desk.js";
import type { Store } from "../../store/store.js";
import { ControlProblem } from "../control-problem.js";
import type { HandlersOf } from "../handler.js";
import { namedById } from "../named-by-id.js";
import { checkQuery } from "../schemas.js";
import { findSession } from "../sessions/session-finder.js";
import { presentGrant } from "./present-review.js";
import type { ReviewRecord } from "./review-record.js";

export interface ReviewHandlersOptions {
  readonly desk: ReviewDesk;
  readonly record: ReviewRecord;
  readonly store: Store;
  readonly now: () => Date;
}

type Names =
  | "reviewsList"
  | "reviewsShow"
  | "reviewsApprove"
  | "reviewsDeny"
  | "reviewsReveal"
  | "grantsList"
  | "grantsRevoke";

/** Creates the handlers for reviews and grants. */
export function createReviewHandlers(options: ReviewHandlersOptions): HandlersOf<Names> {
  const { desk, record, store, now } = options;

  async function findGrant(id: string): Promise<Grant> {
    const found = await store.grants.find(id);
    return namedById({ found, id, what: "grant", list: "hoopx grants" });
  }

  async function shownGrant(grant: Grant): Promise<GrantView> {
    const [review] = await store.reviews.find(grant.review);
    const { sessionId } = grant;
    const [session] = sessionId === null ? [] : await store.sessions.find(sessionId);
    return presentGrant(grant, review, session);
  }

  return {
    async reviewsList({ query }) {
      const { limit = 100, status, session } = checkQuery("reviewsList", query);
      const of = session === undefined ? undefined : await findSession(store.sessions, session);
      return record.views(
        await store.reviews.list({
          limit,
          ...(status !== undefined && { status }),
          ...(of !== undefined && { sessionId: of.id }),
        }),
      );
    },

    reviewsShow: async ({ params }) => record.detail(await record.find(params.id ?? "")),

    async reviewsApprove({ params, body, actor }) {
      const review = await record.find(params.id ?? "");
      const { id } = review;
      await record.checkShowable(review);
      const scope = scopeOf(body);
      const reviewer = await actor.identity(body.login ?? {});
      const comment = body.comment ?? null;
      const answer = { reviewer, comment, ...(scope !== undefined && { scope }) };
      return record.view(await desk.approve(id, answer));
    },

    async reviewsDeny({ params, body, actor }) {
      const { id } = await record.find(params.id ?? "");
      const reviewer = await actor.identity(body.login ?? {});
      return record.view(await desk.deny(id, { reviewer, comment: body.comment ?? null }));
    },

    async reviewsReveal({ params, body }) {
      return record.reveal(await record.find(params.id ?? ""), body.pieces);
    },

    async grantsList({ query }) {
      const { limit = 100 } = checkQuery("grantsList", query);
      return Promise.all((await store.grants.list({ limit })).map(shownGrant));
    },

    async grantsRevoke({ params }) {
      const grant = await findGrant(params.id ?? "");
      const revokedAt = now();
      if (!(await store.grants.revoke(grant.id, revokedAt))) {
        throw new ControlProblem(
          "conflict",
          `grant ${grant.id} is revoked already`,
          "hoopx grants",
        );
      }
      return shownGrant({ ...grant, revokedAt });
    },
  };
}

function scopeOf({ for: kind, seconds }: ApproveReview): GrantScope | undefined {
  if (kind === "time") {
    if (seconds === undefined) {
      throw new ControlProblem("bad_request", "seconds: expected a number for a time");
    }
    return { kind, ms: seconds * 1000 };
  }
  if (seconds !== undefined) throw new ControlProblem("bad_request", "seconds: only for a time");
  return kind === undefined ? undefined : { kind };
}
