/**
 * `hoopx reviews show ID`: a review and what it is about, for the person who is to
 * answer it.
 */
import type { RevealedPieceView, ReviewDetailView } from "../../../contract/review-views.js";
import type { TurnView } from "../../../contract/views.js";
import type { Context } from "../../context.js";
import { escapeBlock, escapeLine } from "../../output/escape.js";
import { askedText, hiddenText, slicedWith } from "../../output/hidden-pieces.js";
import { printJson } from "../../output/json.js";
import { personName } from "../../output/person.js";
import { pretty } from "../../output/pretty.js";
import {
  answerOf,
  approvalText,
  paintReview,
  reviewerNames,
  reviewWord,
  ruleText,
  subjectOf,
} from "../../output/review.js";
import { ago, grouped } from "../../output/time.js";

interface ShowInput {
  readonly id: string;
  /** True: all that is hidden. */
  readonly reveal?: true | readonly number[];
}

export async function run(context: Context, { id, reveal }: ShowInput): Promise<undefined> {
  const review = await context.client.call("reviewsShow", { path: { id } });
  const revealed =
    reveal === undefined
      ? []
      : await context.client.call("reviewsReveal", {
          path: { id: review.id },
          body: reveal === true ? {} : { pieces: reveal },
        });
  if (context.json) printJson(context.stdout, reveal ? { ...review, revealed } : review);
  else context.stdout.write(`${render(context, review, revealed)}\n`);
}

function render(
  { colours, now }: Context,
  review: ReviewDetailView,
  revealed: readonly RevealedPieceView[],
): string {
  const { identity, process, operation, hidden } = review;
  const status = paintReview(colours, reviewWord(review), review.status);
  const facts: readonly (readonly [string, string])[] = [
    ["what", review.toolCall?.name ?? subjectOf(review)],
    ["request", `${operation.method} ${operation.path} (${grouped(review.requestBytes)} bytes)`],
    ["sha256", review.requestSha256],
    ["tools", operation.tools.join(", ")],
    ["rule", `${ruleText(review)}: ${review.reason}`],
    ["who", `${personName(identity)} (${identity.issuer})`],
    ["process", `${process.command} in ${process.cwd} on ${process.host}`],
    ["session", [review.sessionId, review.sessionTitle].filter((part) => part !== null).join(" ")],
    ["answer", answerOf(review)],
    ["reviewers", reviewersOf(review)],
    ["approval", approvalText(review)],
    ["opened", `${ago(review.createdAt, now())}, open until ${review.expiresAt}`],
    ["hidden", hiddenFact(review, revealed)],
  ];
  const lines = facts
    .filter(([, value]) => value !== "")
    .map(([name, value]) => `  ${colours.dim(name.padEnd(9))}  ${escapeLine(value)}`);
  const asked = askedText(review);
  const text =
    asked === null ? [] : [escapeBlock(pretty(asked, slicedWith(asked, hidden, revealed)))];
  const request = review.toolCall === null || review.body === null ? [] : [review.body];
  return [
    `${colours.cyan(review.id)}  ${status}`,
    ...lines,
    ...section("adds", review.added.map(turnText)),
    ...section(
      "request",
      request.map((body) => escapeBlock(pretty(body))),
    ),
    ...section(review.toolCall === null ? "body" : "arguments", text),
  ].join("\n");

  function section(title: string, texts: readonly string[]): readonly string[] {
    return texts.length === 0 ? [] : ["", colours.bold(title), ...texts];
  }

  function turnText(turn: TurnView): string {
    if (turn.kind === "message")
      return `${colours.bold(escapeLine(turn.role))}: ${escapeBlock(turn.text)}`;
    if (turn.kind === "tool-call") {
      return `${colours.bold("call")} ${escapeLine(turn.name)} ${escapeBlock(turn.arguments)}`;
    }
    return `${colours.bold(turn.kind === "note" ? "note" : "result")}: ${escapeBlock(turn.text)}`;
  }
}

function hiddenFact(
  { id, hidden, whole, status }: ReviewDetailView,
  revealed: readonly RevealedPieceView[],
): string {
  if (!whole && status === "pending") {
    return "shown as it was recorded, masked: it cannot be approved until its client sends it again";
  }
  if (hidden.length === 0) return "";
  const left = hidden.length - revealed.length;
  return left === 0
    ? `nothing: all ${hidden.length} pieces are shown`
    : `${hiddenText(hidden)}: hoopx reviews show ${id} --reveal`;
}

function reviewersOf(review: ReviewDetailView): string {
  const { self, approvalsNeeded } = review;
  const who = reviewerNames(review);
  const needed = approvalsNeeded > 1 ? `${approvalsNeeded} of ` : "";
  return `${needed}${who}${self ? "" : ", not the requester"}`;
}
