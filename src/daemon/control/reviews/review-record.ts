/**
 * Review record: reviews as they are shown, with what the record holds of
 * their session and exchange.
 */
import { createHash } from "node:crypto";
import type {
  RevealedPieceView,
  ReviewDetailView,
  ReviewView,
} from "../../../contract/review-views.js";
import type { TurnView } from "../../../contract/views.js";
import type { Review } from "../../model/review.js";
import type { Session } from "../../model/session.js";
import type { Frame } from "../../model/transcript.js";
import type { Conversation, Provider, Turn } from "../../providers/provider.js";
import type { ReviewDesk } from "../../reviews/review-desk.js";
import type { Store } from "../../store/store.js";
import { ControlProblem } from "../control-problem.js";
import { namedById } from "../named-by-id.js";
import { presentTurn } from "../present.js";
import { presentReview } from "./present-review.js";
import { type ReviewText, reviewBytes, reviewText, unnumbered } from "./review-text.js";

export interface ReviewRecordOptions {
  readonly store: Pick<Store, "sessions" | "exchanges" | "reviews">;
  /** What a review that waits asks about; undefined where that is not in memory. */
  readonly contentOf: ReviewDesk["contentOf"];
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
  /** Throws where a pending review cannot be shown whole: then it must not be approved. */
  checkShowable(review: Review): Promise<void>;
  /** Pieces that its text hides, all or those of these numbers: for a person outside of runs. */
  reveal(
    review: Review,
    numbers: readonly number[] | undefined,
  ): Promise<readonly RevealedPieceView[]>;
  /** The one review; throws `not_found`, or `conflict` with the candidates. */
  find(id: string): Promise<Review>;
}

/** Reviews of a session among which the last approved one is looked for. */
const lookedAt = 1_000;

/** The record is masked already. */
const nothingElse = async () => [];

function recordedBody(frames: readonly Frame[]): Buffer {
  return Buffer.concat(
    frames.filter(({ kind }) => kind === "request-body").map(({ data }) => data),
  );
}

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
    const shown = review.toolCall === null ? "" : (await textOf(review)).text;
    return presentReview(review, session, exchange?.requestBytes ?? 0, shown);
  }

  async function converse(review: Review): Promise<Conversation> {
    const provider = options.providerNamed(review.operation.provider);
    if (provider === undefined) return { prompt: [], reply: [] };
    return provider.converse(review.operation, await framesOf(review));
  }

  /** The request's frames; with its body as it will be sent, where that is known. */
  async function framesOf(review: Review): Promise<readonly Frame[]> {
    const recorded = await store.exchanges.frames(review.exchange);
    const content = review.toolCall === null ? options.contentOf(review.id) : undefined;
    const head = recorded.find(({ kind }) => kind === "request-head");
    // One that says that its body is packed is not that of the unpacked bytes.
    if (content === undefined || /^content-encoding:/im.test(String(head?.data))) return recorded;
    const others = recorded.filter(({ kind }) => kind !== "request-body");
    return [...others, { kind: "request-body", at: 0, data: content.bytes }];
  }

  /** What is asked about, as any reviewer is shown it. */
  async function textOf(review: Review): Promise<ReviewText> {
    const content = options.contentOf(review.id);
    if (content !== undefined) return reviewBytes(content.bytes, content.findIn);
    if (review.toolCall !== null) return reviewText(review.toolCall.arguments, nothingElse);
    return reviewBytes(recordedBody(await store.exchanges.frames(review.exchange)), nothingElse);
  }

  /** The request that led to a tool call, as it was recorded. */
  async function requestOf(review: Review): Promise<ReviewText> {
    return reviewBytes(recordedBody(await store.exchanges.frames(review.exchange)), nothingElse);
  }

  /** Is what is shown, with its hidden pieces, what will be sent? */
  async function isWhole(review: Review): Promise<boolean> {
    if (options.contentOf(review.id) !== undefined) return true;
    if (review.toolCall !== null) return false;
    const body = recordedBody(await store.exchanges.frames(review.exchange));
    return createHash("sha256").update(body).digest("hex") === review.requestSha256;
  }

  async function lastApproved(review: Review): Promise<Review | undefined> {
    const { sessionId } = review;
    const filter = { sessionId, status: "approved", limit: lookedAt } as const;
    const approved = await store.reviews.list(filter);
    return approved.find(({ exchange }) => exchange < review.exchange);
  }

  async function shownTurns(review: Review, turns: readonly Turn[]): Promise<readonly TurnView[]> {
    const findIn = options.contentOf(review.id)?.findIn ?? nothingElse;
    const shown: TurnView[] = [];
    for (const turn of turns) {
      shown.push(presentTurn({ ...turn, text: unnumbered(await reviewText(turn.text, findIn)) }));
    }
    return shown;
  }

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
      const asked = await textOf(review);
      // What led to a tool call is shown beside it: it is not what is asked about.
      const body = review.toolCall === null ? asked.text : unnumbered(await requestOf(review));
      return {
        ...(await viewOf(review, await sessionOf(review))),
        hidden: asked.pieces.map(({ number, at, length, what, hidden }) => ({
          ...{ number, at, length, what },
          characters: hidden.length,
        })),
        whole: await isWhole(review),
        added: await shownTurns(review, options.turnsAddedSince(earlier, current)),
        prompt: await shownTurns(review, current.prompt),
        body: body === "" ? null : body,
      };
    },

    async checkShowable(review) {
      if (review.status !== "pending" || (await isWhole(review))) return;
      throw new ControlProblem(
        "conflict",
        `what review ${review.id} would let go is no longer in memory, and the record has it masked: it cannot be shown to you`,
        "deny it, or approve it after its client has sent the request again",
      );
    },

    async reveal(review, numbers) {
      const { pieces } = await textOf(review);
      const missing = numbers?.find((number) => number > pieces.length);
      if (missing !== undefined) {
        const why = `review ${review.id} has ${pieces.length} hidden pieces, and no number ${missing}`;
        throw new ControlProblem("not_found", why, `hoopx reviews show ${review.id}`);
      }
      if (options.contentOf(review.id) === undefined) {
        throw new ControlProblem(
          "conflict",
          `what is hidden in review ${review.id} is no longer in memory, and the record has it masked`,
          "it can be revealed while the review is pending",
        );
      }
      return pieces
        .filter(({ number }) => numbers === undefined || numbers.includes(number))
        .map(({ number, hidden, binary }) => ({
          number,
          text: binary ? Buffer.from(hidden, "latin1").toString("base64") : hidden,
          base64: binary,
        }));
    },

    async find(id) {
      const found = await store.reviews.find(id);
      return namedById({ found, id, what: "review", list: "hoopx reviews" });
    },
  };
}
