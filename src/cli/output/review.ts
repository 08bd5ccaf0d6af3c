/**
 * Review: how reviews are told in lines and tables, the same everywhere.
 */
import type { ChalkInstance } from "chalk";
import type { LiveEvent } from "../../contract/events.js";
import type { ReviewStatus, ReviewView } from "../../contract/review-views.js";
import type { ApproveReview } from "../../contract/routes.js";
import { escapeLine } from "./escape.js";
import { operationText, subjectText } from "./operation.js";
import { personName } from "./person.js";
import { clockTime, durationText } from "./time.js";
import { cutTo } from "./width.js";

export type ReviewEvent = Extract<LiveEvent, { readonly type: `review.${string}` }>;

/** A review's word: `pending` while it waits, then how its request or tool call went. */
export function reviewWord({ status, outcome }: ReviewView): string {
  return outcome ?? status;
}

/** A review's word in its status' colour. */
export function paintReview(colours: ChalkInstance, text: string, status: ReviewStatus): string {
  if (status === "pending") return colours.yellow(text);
  if (status === "approved") return colours.green(text);
  return status === "denied" ? colours.red(text) : colours.dim(text);
}

/** `files.delete · /v1/files/file-1`, `responses.create · gpt-5`, `delete_file {"path":"/tmp"}`. */
export function subjectOf({ kind, toolCall, operation }: ReviewView): string {
  if (kind === "tool-call" && toolCall !== null) return `${toolCall.name} ${toolCall.arguments}`;
  return subjectText(operation);
}

/** Every rule that wants it, and where each stands: a project's file is the agent's to write. */
export function ruleText({ rule, ruleLayer, ruleFile, alsoBy = [] }: ReviewView): string {
  if (rule === null) return "no rule";
  return [{ rule, layer: ruleLayer, file: ruleFile }, ...alsoBy].map(placed).join(" and ");
}

interface PlacedRule {
  readonly rule: string;
  readonly layer: ReviewView["ruleLayer"];
  readonly file: string | null;
}

function placed({ rule, layer, file }: PlacedRule): string {
  if (layer === null || layer === "built-in" || layer === "masking") return rule;
  return `${rule} (${layer} policy${file === null ? "" : `, ${file}`})`;
}

/** The names of all rules that want it: `large-models and no-uploads`. */
export function ruleNames({ rule, alsoBy = [] }: Pick<ReviewView, "rule" | "alsoBy">): string {
  return rule === null ? "no rule" : [rule, ...alsoBy.map((each) => each.rule)].join(" and ");
}

/** Who may approve: `group leads, ada@example.com`; of several lists one person has to be in each. */
export function reviewerNames({ by, andBy = [] }: ReviewView): string {
  if (by === null) return "the person at the keyboard";
  return [by, ...andBy]
    .map(({ groups, subjects, emails }) =>
      [groups.map((group) => `group ${group}`), emails, subjects].flat().join(", "),
    )
    .join(", and also in: ");
}

/** The longest that an approval may count: `once`, `the session`, `15m`. */
export function longestApproval({ atMost }: Pick<ReviewView, "atMost">): string {
  return atMost === "session" ? "the session" : atMost;
}

/** How long an approval counts: `once; you may extend it to the session`. */
export function approvalText(review: ReviewView): string {
  return review.atMost === "once"
    ? "once"
    : `once; you may extend it to ${longestApproval(review)}`;
}

/** What else an approval lets go, as a sentence goes on; empty where it is nothing. */
export function coverText(
  review: Pick<ReviewView, "rule" | "alsoBy" | "operation" | "toolCall" | "connection" | "atMost">,
  { for: scope, seconds = 0 }: Pick<ApproveReview, "for" | "seconds">,
): string {
  const { alsoBy, operation, toolCall, connection, atMost } = review;
  if (scope === undefined || scope === "once") return ", once";
  const what =
    toolCall === null ? `${operationText(operation)} requests` : `calls of ${toolCall.name}`;
  const bySession = scope === "session" || atMost === "session";
  const time = scope === "time" ? ` for ${durationText(seconds)}` : "";
  const where = bySession ? " in this session" : " in every session of the requester";
  const names = ruleNames(review);
  const held = alsoBy === undefined ? `rule ${names} reviews` : `rules ${names} review`;
  return `, and other ${what} on ${connection} that ${held}${where}${time}`;
}

/** Who answered, where a person did. */
export function answerOf({ status, decidedBy, comment, approvals, approvalsNeeded }: ReviewView) {
  if (status === "pending" && approvals.length > 0) {
    return `${approvals.length} of ${approvalsNeeded} approvals`;
  }
  const by = decidedBy === null ? "" : `by ${personName(decidedBy)}`;
  return [by, comment ?? ""].filter((part) => part !== "").join(": ");
}

/** One line of a live list; with tabs where it is for a program (`columns` undefined). */
export function reviewLine(
  { at, review }: ReviewEvent,
  colours: ChalkInstance,
  columns: number | undefined,
): string {
  const { id, status, rule } = review;
  const rest =
    status === "pending" && review.approvals.length === 0 ? review.reason : answerOf(review);
  if (columns === undefined) {
    const fields = [at, id, reviewWord(review), subjectOf(review), rule ?? "", answerOf(review)];
    return fields.map(escapeLine).join("\t");
  }
  const word = reviewWord(review);
  const beginning = `${clockTime(at)}  ${id}  ${word}  `;
  const text = [subjectOf(review), rest].filter((part) => part !== "").join(" · ");
  const shown = cutTo(escapeLine(text), Math.max(4, columns - beginning.length));
  const state = paintReview(colours, word, status);
  return `${colours.dim(clockTime(at))}  ${colours.cyan(id)}  ${state}  ${shown}`;
}
