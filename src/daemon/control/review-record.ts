/**
 * Review record: reviews as they are shown, with what the record holds of
 * their session and exchange.
 */
import type { ReviewDetailView, ReviewView } from "../../contract/review-views.js";
import type { Review } from "../model/review.js";
import type { Session } from "../model/session.js";
import type { Conversation, Provider, Turn } from "../providers/provider.js";
import type { Store } from "../store/store.js";
import { ControlProblem } from "./control-problem.js";
import { presentTurn } from "./present.js";
import { presentReview } from "./present-review.js";
import { shownBody, shownText } from "./shown-body.js";

export interface ReviewRecordOptions {
  readonly store: Pick<Store, "sessions" | "exchanges" | "reviews">;
  readonly providerNamed: (name: string) => Provider | undefined;
  /** What a prompt adds to the conversation before it. */
  readonly turnsAddedSince: (
    earlier: readonly Conversation[],
    current: Conversation,
  ) => readonly Turn[];
}

export interface ReviewRecord {
  view(review: Review): Promise<ReviewView>;
  views(reviews: readonly Review[]): Promise<readonly ReviewView[]>;
  detail(review: Review): Promise<ReviewDetailView>;
  /** The one review; throws `not_found`, or `conflict` with the candidates. */
  find(id: string): Promise<Review>;
}

/** Reviews of a session among which the last approved one is looked for. */
const lookedAt = 1_000;

/** Creates the reading of reviews. */
export function createReviewRecord(options: ReviewRecordOptions): ReviewRecord {
  const { store } = options;

  async function sessionOf(review: Review): Promise<Session> {
    const [session] = await store.sessions.find(review.sessionId);
    if (session === undefined)
      throw new Error(`session of review ${review.id} is not in the record`);
    return session;
  }

  async function viewOf(review: Review, session: Session): Promise<ReviewView> {
    const exchange = await store.exchanges.find(review.exchange);
    return presentReview(review, session, exchange?.requestBytes ?? 0);
  }

  async function converse(review: Review): Promise<Conversation> {
    const provider = options.providerNamed(review.operation.provider);
    if (provider === undefined) return { prompt: [], reply: [] };
    return provider.converse(review.operation, await store.exchanges.frames(review.exchange));
  }

  async function lastApproved(review: Review): Promise<Review | undefined> {
    const { sessionId } = review;
    const filter = { sessionId, status: "approved", limit: lookedAt } as const;
    const approved = await store.reviews.list(filter);
    return approved.find(({ exchange }) => exchange < review.exchange);
  }

  const masked = (turn: Turn) => presentTurn({ ...turn, text: shownText(turn.text) });

  return {
    view: async (review) => viewOf(review, await sessionOf(review)),

    async views(reviews) {
      const sessions = new Map<string, Session>();
      const shown: ReviewView[] = [];
      for (const review of reviews) {
        const session = sessions.get(review.sessionId) ?? (await sessionOf(review));
        sessions.set(review.sessionId, session);
        shown.push(await viewOf(review, session));
      }
      return shown;
    },

    async detail(review) {
      const current = await converse(review);
      const before = await lastApproved(review);
      const earlier = before === undefined ? [] : [await converse(before)];
      const frames = await store.exchanges.frames(review.exchange);
      return {
        ...(await viewOf(review, await sessionOf(review))),
        added: options.turnsAddedSince(earlier, current).map(masked),
        prompt: current.prompt.map(masked),
        body: shownBody(frames),
      };
    },

    async find(id) {
      const found = await store.reviews.find(id);
      const [first] = found;
      if (first === undefined) {
        throw new ControlProblem("not_found", `no review is named ${id}`, "hoopx reviews");
      }
      const exact = found.find((review) => review.id === id);
      if (exact !== undefined || found.length === 1) return exact ?? first;
      const ids = found.slice(0, 5).map((review) => review.id);
      throw new ControlProblem(
        "conflict",
        `${id} may be any of ${ids.join(", ")}`,
        "name more of the id",
      );
    },
  };
}
