/**
 * Document: a review as lines of text for a given width, escaped, and the
 * places in it where a search finds something. What is asked comes first, what
 * is known about it last. Made once for what it shows, not for each frame: a body can be a megabyte.
 */
import type {
  ApprovalView,
  RevealedPieceView,
  ReviewDetailView,
  ReviewView,
} from "../../../contract/review-views.js";
import type { TurnView } from "../../../contract/views.js";
import { wrapCells } from "../../output/cells.js";
import { escapeBlock, escapeLine } from "../../output/escape.js";
import { hiddenText, slicedWith } from "../../output/hidden-pieces.js";
import { personName } from "../../output/person.js";
import { pretty } from "../../output/pretty.js";
import { approvalText, reviewerNames, ruleText } from "../../output/review.js";
import { grouped } from "../../output/time.js";
import type { WrappedLine } from "../line-matches.js";

/** What only `reviewsShow` tells of a review. */
export type Reading =
  | { readonly state: "loading" }
  | { readonly state: "failed"; readonly message: string }
  | {
      readonly state: "read";
      readonly detail: Pick<ReviewDetailView, "added" | "prompt" | "body" | "hidden" | "whole">;
      readonly revealed: readonly RevealedPieceView[];
    };

export type LineStyle = "plain" | "strong" | "faint" | "heading" | "alert" | "good";

export interface DocumentLine extends WrappedLine {
  /** Name of what stands beside it; a space on the lines below the first; empty: no room is left for one. */
  readonly label: string;
  readonly style: LineStyle;
}

export interface Document {
  readonly width: number;
  readonly review: ReviewView;
  readonly reading: Reading | undefined;
  readonly lines: readonly DocumentLine[];
  /** Lines from the top through the end of what would be let go. */
  readonly asked: number;
  /** What would be let go is longer than is drawn. */
  readonly cut: boolean;
  /** The lines of what is asked, and of what led to it: kept while the review itself moves on. */
  readonly content: Content;
}

interface Content {
  readonly asked: readonly DocumentLine[];
  readonly context: readonly DocumentLine[];
  readonly cut: boolean;
}

export const labelWidth = 12;
/** People do not scroll beyond it, and wrapping takes too long. */
const bodyLimit = 1_000_000;

/** The document of a review; `before` saves the work that need not be done again. */
export function documentOf(
  review: ReviewView,
  reading: Reading | undefined,
  width: number,
  before: Document | null,
): Document {
  if (before?.review === review && before.reading === reading && before.width === width) {
    return before;
  }
  const kept =
    before !== null &&
    before.reading === reading &&
    before.width === width &&
    before.review.id === review.id;
  const content = kept ? before.content : contentOf(review, reading, width);
  const top = [...headOf(review, width), ...content.asked];
  const lines = [...top, ...content.context, ...aboutOf(review, width)];
  return { width, review, reading, content, lines, asked: top.length, cut: content.cut };
}

type Add = (label: string, text: string | null | undefined, style?: LineStyle) => void;

function gather(width: number, write: (add: Add) => void): readonly DocumentLine[] {
  const lines: DocumentLine[] = [];
  write((label, text, style = "plain") => {
    if (text === null || text === undefined) return;
    const room = Math.max(8, label === "" ? width : width - labelWidth);
    let name = label;
    const shown = style === "heading" ? `── ${text}` : text;
    for (const line of escapeBlock(shown).split("\n")) {
      for (const { piece, offset } of wrapCells(line, room)) {
        lines.push({ label: name, text: piece, style, offset });
        if (name !== "") name = " ";
      }
    }
  });
  return lines;
}

/** What is asked, by whom, and why a person is asked. */
function headOf(review: ReviewView, width: number): readonly DocumentLine[] {
  const { identity, process, operation, toolCall, connection } = review;
  return gather(width, (add) => {
    const one = (text: string) => escapeLine(text);
    if (review.status !== "pending") {
      add("answer", one(outcomeOf(review)), review.status === "approved" ? "good" : "alert");
    }
    const sent = `${operation.method} ${operation.path}`;
    const named = operation.model === null ? "" : ` · ${operation.model}`;
    if (toolCall) add("asks", one(`the model calls ${toolCall.name}`), "alert");
    else add("asks", one(`${sent} on ${connection}${named}`), "strong");
    add("who", one(`${personName(identity)} · ${process.command}`));
    add("rule", one(`${ruleText(review)}: ${review.reason}`));
  });
}

/** Everything else that is known about it. */
function aboutOf(review: ReviewView, width: number): readonly DocumentLine[] {
  const { identity, process, operation } = review;
  return gather(width, (add) => {
    const one = (text: string) => escapeLine(text);
    add("", " ");
    add("", "about it", "heading");
    const groups = identity.groups.length === 0 ? "" : ` · ${identity.groups.join(", ")}`;
    add("identity", one(`${identity.subject}${groups} · ${identity.issuer}`));
    const pid = `pid ${process.pid ?? "-"}`;
    add("process", one(`${process.cwd} on ${process.host} · ${process.user} · ${pid}`));
    add("operation", one(`${operation.action} (${operation.class}) on ${review.connection}`));
    add("tools", operation.tools.length === 0 ? null : one(operation.tools.join(", ")));
    const title = review.sessionTitle === null ? "" : ` · ${review.sessionTitle}`;
    add("session", one(`${review.sessionId}${title}`));
    add("request", `${grouped(review.requestBytes)} bytes · sha256 ${one(review.requestSha256)}`);
    add("reviewers", one(reviewersOf(review)));
    add("approval", one(approvalText(review)));
    for (const approval of review.approvals) add("approved by", one(saidBy(approval)), "good");
  });
}

function contentOf(review: ReviewView, reading: Reading | undefined, width: number): Content {
  const { toolCall } = review;
  const read = reading?.state === "read" ? reading : undefined;
  let cut = false;
  const addText = (add: Add, text: string) => {
    add("", text.slice(0, bodyLimit));
    if (text.length <= bodyLimit) return;
    cut = true;
    add("", `${grouped(text.length - bodyLimit)} characters more are not shown`, "alert");
  };
  const shown = (text: string) =>
    pretty(text, read && slicedWith(text, read.detail.hidden, read.revealed));
  const asked = gather(width, (add) => {
    if (toolCall !== null) {
      add("", `arguments of ${escapeLine(toolCall.name)}`, "heading");
      addText(add, shown(toolCall.arguments));
    }
    if (reading?.state === "failed") {
      add("", `what it asks for cannot be shown: ${escapeLine(reading.message)}`, "alert");
    } else if (read === undefined) add("", "loading what it asks for …", "faint");
    else {
      if (toolCall === null) {
        const { body } = read.detail;
        add("", "body", "heading");
        if (body === null) add("", "it has none: the line above is all that is sent", "faint");
        else addText(add, shown(body));
      }
      addHidden(add, read);
    }
  });
  const context = gather(width, (add) => {
    if (read === undefined) return;
    const { added, prompt, body } = read.detail;
    if (prompt.length > 0) {
      add("", " ");
      add("", "new since the last approved request of the session", "heading");
      const turns = added.length > 0 ? added : prompt.slice(-1);
      if (added.length === 0) add("", "nothing; its last turn is", "faint");
      for (const turn of turns) addTurn(add, turn);
    }
    if (toolCall === null || body === null) return;
    add("", " ");
    add("", "the request that it answers", "heading");
    add("", pretty(body).slice(0, bodyLimit));
  });
  return { asked, context, cut };
}

function addHidden(add: Add, { detail, revealed }: Reading & { state: "read" }): void {
  const { hidden, whole } = detail;
  if (!whole) {
    add("", "it is shown as it was recorded, masked: it cannot be approved like this", "alert");
  } else if (hidden.length > revealed.length) {
    add("", `${hiddenText(hidden)} (v shows the next, V all)`, "alert");
  }
}

function addTurn(add: Add, turn: TurnView): void {
  if (turn.kind === "note") add("", `[${escapeLine(turn.text)}]`, "faint");
  else if (turn.kind === "tool-call") {
    add("", `assistant calls ${escapeLine(turn.name)}`, "strong");
    add("", pretty(turn.arguments));
  } else {
    add("", turn.kind === "message" ? escapeLine(turn.role) : "tool", "strong");
    add("", turn.text);
  }
}

function reviewersOf(review: ReviewView): string {
  const { self, approvalsNeeded, approvals } = review;
  const named = reviewerNames(review);
  const not = self ? "" : ", not the requester";
  return approvalsNeeded > 1
    ? `${named}${not} · ${approvals.length} of ${approvalsNeeded} approvals`
    : `${named}${not}`;
}

function saidBy({ by, comment }: ApprovalView): string {
  return `${personName(by)}${comment === null ? "" : `: ${comment}`}`;
}

/** `approved by ada`, `denied by bob: not today`, `expired`. */
export function outcomeOf({ status, decidedBy, comment }: ReviewView): string {
  const who = decidedBy === null ? "" : ` by ${personName(decidedBy)}`;
  return `${status}${who}${comment === null ? "" : `: ${comment}`}`;
}
