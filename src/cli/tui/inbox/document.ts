/**
 * Document: a review as lines of text for a given width, escaped, and the
 * places in it where a search finds something. Made once for what it shows,
 * not for each frame: a body can be a megabyte.
 */
import type { ApprovalView, ReviewDetailView, ReviewView } from "../../../contract/review-views.js";
import type { TurnView } from "../../../contract/views.js";
import { wrapCells } from "../../output/cells.js";
import { escapeBlock, escapeLine } from "../../output/escape.js";
import { pretty } from "../../output/pretty.js";
import { grouped } from "../../output/time.js";
import type { WrappedLine } from "../line-matches.js";

/** What only `reviewsShow` tells of a review. */
export type Reading =
  | { readonly state: "loading" }
  | { readonly state: "failed"; readonly message: string }
  | {
      readonly state: "read";
      readonly detail: Pick<ReviewDetailView, "added" | "prompt" | "body">;
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
  /** The lines of what `reviewsShow` told: kept while the review itself moves on. */
  readonly content: readonly DocumentLine[];
}

export const labelWidth = 12;
/** Beyond it nobody scrolls, and wrapping takes too long. */
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
  const content = kept ? before.content : contentOf(reading, width);
  return { width, review, reading, content, lines: [...headOf(review, width), ...content] };
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

/** Who, what, which rule: everything that the list knows already. */
function headOf(review: ReviewView, width: number): readonly DocumentLine[] {
  const { identity, process, operation, toolCall } = review;
  return gather(width, (add) => {
    const where = `${process.cwd} on ${process.host}`;
    const one = (text: string) => escapeLine(text);
    if (review.status !== "pending") {
      add("outcome", one(outcomeOf(review)), review.status === "approved" ? "good" : "alert");
    }
    const groups = identity.groups.length === 0 ? "" : ` · ${identity.groups.join(", ")}`;
    add(
      "who",
      one(`${identity.email ?? identity.subject}${groups} · ${identity.issuer}`),
      "strong",
    );
    add("process", one(process.command), "strong");
    add(" ", one(`${where} · ${process.user} · pid ${process.pid ?? "-"}`));
    add("rule", one(review.rule ?? "none matched"), "strong");
    add("why", one(review.reason));
    if (toolCall) add("tool call", one(briefly(toolCall)), "alert");
    add("operation", one(`${operation.action} (${operation.class})`), "strong");
    add("request", one(`${operation.method} ${operation.path}`));
    add("connection", one(review.connection));
    add("model", operation.model === null ? null : one(operation.model));
    add("tools", operation.tools.length === 0 ? null : one(operation.tools.join(", ")));
    const title = review.sessionTitle === null ? "" : ` · ${review.sessionTitle}`;
    add("session", one(`${review.sessionId}${title}`));
    add("body", `${grouped(review.requestBytes)} bytes · sha256 ${one(review.requestSha256)}`);
    add("reviewers", one(reviewersOf(review)));
    add("remembered", one(`${review.remember}, by your choice up to ${review.atMost}`));
    for (const approval of review.approvals) add("approved by", one(saidBy(approval)), "good");
    if (toolCall) {
      add("", " ");
      add("", `arguments of ${one(toolCall.name)}`, "heading");
      add("", pretty(toolCall.arguments));
    }
  });
}

function contentOf(reading: Reading | undefined, width: number): readonly DocumentLine[] {
  return gather(width, (add) => {
    add("", " ");
    if (reading === undefined || reading.state === "loading") {
      add("", "loading what it says …", "faint");
      return;
    }
    if (reading.state === "failed") {
      add("", `what it says cannot be shown: ${escapeLine(reading.message)}`, "alert");
      return;
    }
    const { added, prompt, body } = reading.detail;
    const last = prompt.at(-1);
    add("", "last turn", "heading");
    if (last === undefined) add("", "it has no prompt", "faint");
    else addTurn(add, last);
    add("", " ");
    add("", "since the last approved request of the session", "heading");
    if (added.length === 0) add("", "nothing is new", "faint");
    for (const turn of added) addTurn(add, turn);
    add("", " ");
    add("", "body", "heading");
    if (body === null) add("", "it is no text that can be shown", "faint");
    else {
      add("", body.slice(0, bodyLimit));
      if (body.length > bodyLimit) {
        add("", `${grouped(body.length - bodyLimit)} characters more are not shown`, "alert");
      }
    }
  });
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

/** A call on a line or two; its arguments stand in full below. */
function briefly({ name, arguments: text }: NonNullable<ReviewView["toolCall"]>): string {
  return `${name} ${text.length > 120 ? `${text.slice(0, 120)}…` : text}`;
}

function reviewersOf({ by, self, approvalsNeeded, approvals }: ReviewView): string {
  const named =
    by === null
      ? "whoever is at the keyboard"
      : [...by.groups.map((group) => `group ${group}`), ...by.emails, ...by.subjects].join(", ");
  const not = self ? "" : ", not the requester";
  return approvalsNeeded > 1
    ? `${named}${not} · ${approvals.length} of ${approvalsNeeded} approvals`
    : `${named}${not}`;
}

function saidBy({ by, comment }: ApprovalView): string {
  return `${by.email ?? by.subject}${comment === null ? "" : `: ${comment}`}`;
}

/** `approved by ada`, `denied by bob: not today`, `expired`. */
export function outcomeOf({ status, decidedBy, comment }: ReviewView): string {
  const who = decidedBy === null ? "" : ` by ${decidedBy.email ?? decidedBy.subject}`;
  return `${status}${who}${comment === null ? "" : `: ${comment}`}`;
}
