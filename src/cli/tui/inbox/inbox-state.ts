/**
 * Inbox state: all that the inbox knows, what can happen to it, and what it
 * wants done. Data only: `reduce.ts` says how one becomes the next, `screen.ts`
 * how it is drawn.
 */

import type {
  RevealedPieceView,
  ReviewDetailView,
  ReviewView,
} from "../../../contract/review-views.js";
import type { ApproveReview } from "../../../contract/routes.js";
import type { Input } from "../keys.js";
import type { Document, Reading } from "./document.js";

/** An answer on its way: of this review, whatever is selected by then. */
export type Answer =
  | { readonly id: string; readonly kind: "approve"; readonly body: ApproveReview }
  | { readonly id: string; readonly kind: "deny"; readonly comment: string };

/** A line that is being typed. */
export type Prompt =
  | { readonly kind: "deny"; readonly id: string; readonly text: string }
  /** What was begun cannot be done: what is typed for it goes nowhere, until Esc. */
  | { readonly kind: "refused"; readonly why: string; readonly text: string }
  /** An approval of more than this one thing, which `y` sends. */
  | {
      readonly kind: "confirm";
      readonly id: string;
      readonly body: ApproveReview;
      readonly text: string;
    }
  | { readonly kind: "filter"; readonly text: string; readonly before: string }
  | { readonly kind: "search"; readonly text: string };

export interface InboxState {
  readonly columns: number;
  readonly lines: number;
  /** Milliseconds, of the last thing that happened. */
  readonly now: number;
  /** Oldest first, so that what comes never moves what is there; settled ones linger a moment. */
  readonly reviews: readonly ReviewView[];
  /** When a review was seen to be settled. */
  readonly settledAt: ReadonlyMap<string, number>;
  /** What keys are about. Only keys move it, but for the first review of an empty list. */
  readonly selected: string | null;
  /** When the selection came without a key; null: by a key. */
  readonly arrivedAt: number | null;
  readonly keyAt: number;
  /** The last key was refused: what was typed or pasted with it is none of its own. */
  readonly refused: boolean;
  /** When what a review is about was first on the screen. */
  readonly shownAt: ReadonlyMap<string, number>;
  /** First row of the list that is shown. */
  readonly top: number;
  readonly open: boolean;
  readonly help: boolean;
  readonly prompt: Prompt | null;
  readonly filter: string;
  readonly search: string;
  /** Which match of the search is looked at. */
  readonly match: number;
  /** First line of the open document that is shown. */
  readonly scroll: number;
  readonly readings: ReadonlyMap<string, Reading>;
  /** The selected review as text; null where it is not drawn. */
  readonly document: Document | null;
  /** First is under way, the others wait their turn. */
  readonly answers: readonly Answer[];
  /** Why an answer was not taken, by review. */
  readonly refusals: ReadonlyMap<string, string>;
  /** What the last key led to, where that does not show by itself. */
  readonly note: string | null;
  readonly link: "connecting" | "live" | "lost";
  /** Why it was lost. */
  readonly linkNote: string | null;
  /** Ends once no answer is under way. */
  readonly quitting: boolean;
}

export type InboxEvent =
  | Input
  | { readonly type: "resized"; readonly columns: number; readonly lines: number }
  /** A moment passed. */
  | { readonly type: "tick" }
  /** Every pending review there is. */
  | { readonly type: "listed"; readonly reviews: readonly ReviewView[] }
  | { readonly type: "changed"; readonly review: ReviewView }
  | { readonly type: "read"; readonly detail: ReviewDetailView }
  | {
      readonly type: "revealed";
      readonly id: string;
      readonly pieces: readonly RevealedPieceView[];
    }
  | { readonly type: "unrevealed"; readonly message: string }
  | {
      readonly type: "unread";
      readonly id: string;
      readonly message: string;
      readonly gone: boolean;
    }
  /** The first answer was taken. */
  | { readonly type: "taken"; readonly review: ReviewView }
  /** The first answer was not taken. */
  | { readonly type: "refused"; readonly message: string }
  | { readonly type: "linked" }
  | { readonly type: "lost"; readonly reason: string };

export type InboxEffect =
  | { readonly type: "answer"; readonly answer: Answer }
  | { readonly type: "read"; readonly id: string }
  /** Absent: all that is hidden. */
  | { readonly type: "reveal"; readonly id: string; readonly pieces?: readonly number[] }
  | { readonly type: "quit" };

export interface Step {
  readonly state: InboxState;
  readonly effects: readonly InboxEffect[];
}

/** Nothing is to be done. */
export function still(state: InboxState): Step {
  return { state, effects: [] };
}

/** The inbox before anything is known. */
export function emptyInbox(columns: number, lines: number, now: number): InboxState {
  return {
    columns,
    lines,
    now,
    reviews: [],
    settledAt: new Map(),
    selected: null,
    arrivedAt: null,
    keyAt: 0,
    refused: false,
    shownAt: new Map(),
    top: 0,
    open: false,
    help: false,
    prompt: null,
    filter: "",
    search: "",
    match: 0,
    scroll: 0,
    readings: new Map(),
    document: null,
    answers: [],
    refusals: new Map(),
    note: null,
    link: "connecting",
    linkNote: null,
    quitting: false,
  };
}

/** The review that keys are about. */
export function selectedReview(state: InboxState): ReviewView | undefined {
  return state.reviews.find(({ id }) => id === state.selected);
}

/** The reviews that the filter lets through, in their order. */
export function listed({ reviews, filter }: InboxState): readonly ReviewView[] {
  const wanted = filter.trim().toLowerCase();
  return wanted === "" ? reviews : reviews.filter((review) => textOf(review).includes(wanted));
}

function textOf(review: ReviewView): string {
  const { identity, process, operation, toolCall } = review;
  return [
    review.id,
    review.sessionId,
    review.sessionTitle,
    identity.subject,
    identity.email,
    process.command,
    process.cwd,
    process.host,
    review.rule,
    review.connection,
    operation.action,
    operation.class,
    operation.model,
    `${operation.method} ${operation.path}`,
    toolCall?.name,
  ]
    .filter((part) => typeof part === "string")
    .join("\n")
    .toLowerCase();
}
