/**
 * `hoopx reviews show ID`: a review and what it is about, for whoever is to
 * answer it.
 */
import type { ReviewDetailView } from "../../../contract/review-views.js";
import type { TurnView } from "../../../contract/views.js";
import type { Context } from "../../context.js";
import { escapeBlock, escapeLine } from "../../output/escape.js";
import { printJson } from "../../output/json.js";
import { answerOf, paintReview, subjectOf } from "../../output/review.js";
import { ago, grouped } from "../../output/time.js";

export async function run(context: Context, input: { readonly id: string }): Promise<undefined> {
  const review = await context.client.call("reviewsShow", { path: { id: input.id } });
  if (context.json) printJson(context.stdout, review);
  else context.stdout.write(`${render(context, review)}\n`);
}

function render({ colours, now }: Context, review: ReviewDetailView): string {
  const { identity, process, operation } = review;
  const status = paintReview(colours, review.status, review.status);
  const facts: readonly (readonly [string, string])[] = [
    ["what", subjectOf(review)],
    ["request", `${operation.method} ${operation.path} (${grouped(review.requestBytes)} bytes)`],
    ["sha256", review.requestSha256],
    ["tools", operation.tools.join(", ")],
    ["rule", `${review.rule ?? "none"}: ${review.reason}`],
    ["who", `${identity.email ?? identity.subject} (${identity.issuer})`],
    ["process", `${process.command} in ${process.cwd} on ${process.host}`],
    ["session", [review.sessionId, review.sessionTitle].filter((part) => part !== null).join(" ")],
    ["answer", answerOf(review)],
    ["reviewers", reviewersOf(review)],
    ["remember", `${review.remember}, at most ${review.atMost}`],
    ["opened", `${ago(review.createdAt, now())}, open until ${review.expiresAt}`],
  ];
  const lines = facts
    .filter(([, value]) => value !== "")
    .map(([name, value]) => `  ${colours.dim(name.padEnd(9))}  ${escapeLine(value)}`);
  return [
    `${colours.cyan(review.id)}  ${status}`,
    ...lines,
    ...section("adds", review.added.map(turnText)),
    ...section("body", review.body === null ? [] : [escapeBlock(review.body)]),
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

function reviewersOf({ by, self, approvalsNeeded }: ReviewDetailView): string {
  const who =
    by === null
      ? "whoever is at the keyboard"
      : [by.groups.map((group) => `group ${group}`), by.subjects, by.emails].flat().join(", ");
  const needed = approvalsNeeded > 1 ? `${approvalsNeeded} of ` : "";
  return `${needed}${who}${self ? "" : ", not whoever asks"}`;
}
