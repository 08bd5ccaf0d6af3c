/**
 * Sentence: a rule as people would say it, so that `hoopx policy` can be read
 * by people who never saw the file.
 */
import type { GrantScope, Reviewers, ReviewTerms } from "../model/decision.js";
import { conditionText } from "./condition.js";
import type { Rule } from "./rule.js";

/** Lower case, no full stop. */
export function ruleSentence(rule: Rule): string {
  const { when, effect, about, message, review, onDeny } = rule;
  const condition = conditionText(when);
  const noun = about === "tool-call" ? "tool calls" : "requests";
  const subject = condition === "anything" ? `all ${noun}` : `${noun} with ${condition}`;
  if (effect === "allow") return `${subject} are allowed`;
  if (effect === "review") {
    return `${subject} wait for a person${review === null ? "" : termsText(review)}`;
  }
  const told = about === "tool-call" && onDeny === "tell-model" ? ", and the model is told" : "";
  return `${subject} are denied${told}${message === null ? "" : `: ${message}`}`;
}

function termsText({ by, self, timeoutMs, remember, approvals }: ReviewTerms): string {
  const parts = [
    by === null ? " at the keyboard" : ` ${reviewersText(by)}`,
    self ? "" : ", not the requester",
    approvals > 1 ? `, ${approvals} of them` : "",
    `, for up to ${lasting(timeoutMs)}`,
    scopeText(remember),
  ];
  return parts.join("");
}

function reviewersText({ groups, subjects, emails }: Reviewers): string {
  const named = [...subjects, ...emails];
  const parts = [
    ...(groups.length > 0 ? [`of ${groups.join(" or ")}`] : []),
    ...(named.length > 0 ? [`(${named.join(" or ")})`] : []),
  ];
  return parts.join(" or ");
}

function scopeText(scope: GrantScope): string {
  if (scope.kind === "once") return "";
  if (scope.kind === "session") return "; an approval holds for the session";
  return `; an approval holds for ${lasting(scope.ms)}`;
}

/** `90 s`, `10 min`, `2 h`. */
function lasting(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds % 3600 === 0) return `${seconds / 3600} h`;
  return seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`;
}
