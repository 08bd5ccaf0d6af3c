/**
 * Stop: what kept an exchange from its end, for transcripts and exports: the
 * outcome, and why as far as the exchange itself says.
 */
import { isDenial, type Outcome } from "../../contract/outcome.js";
import type { DecisionView, ExchangeView } from "../../contract/views.js";
import { personName } from "./person.js";

export interface Stop {
  readonly outcome: Outcome;
  /** The rule that denied the request or the tool call, or wanted the review that did not let it through. */
  readonly rule: string | null;
  /** Of a tool call, which one: its transcript has the reason beside it. */
  readonly reason: string;
}

/** What stopped an exchange; undefined where nothing did, or it still runs. */
export function stopOf(exchange: ExchangeView): Stop | undefined {
  const { outcome, call, status, error } = exchange;
  if (outcome === null || outcome === "allowed" || outcome === "granted" || outcome === "approved")
    return undefined;
  // A daemon of an older version says nothing of calls.
  if (call != null) return { outcome, rule: call.rule, reason: `tool call ${call.name}` };
  if (!isDenial(outcome)) return { outcome, rule: null, reason: error ?? `status ${status}` };
  const denial = requestDenial(exchange);
  if (denial === undefined) return { outcome, rule: null, reason: "a tool call in its reply" };
  return { outcome, rule: denial.rule, reason: reasonText(exchange, denial) };
}

/** The decision that stopped a denied request; undefined where a tool call in the reply was denied, and the record does not say which. */
export function requestDenial({ decision, error }: ExchangeView): DecisionView | undefined {
  const isOfCall = decision?.effect === "allow" || error === "tool_call_denied" || error === null;
  return decision === null || isOfCall ? undefined : decision;
}

/** Why it was decided so, and what a person answered: `writes need a person; denied by grace: not today`. */
export function reasonText(
  exchange: ExchangeView,
  { reason }: Pick<DecisionView, "reason">,
): string {
  return [reason, answerText(exchange)].filter((part) => part !== "").join("; ");
}

/** `denied by grace@example.com: not today`; empty where no person answered its review. */
export function answerText({ answer }: Pick<ExchangeView, "answer">): string {
  // A daemon of an older version says nothing of answers.
  if (answer == null) return "";
  const said = answer.outcome === "denied-by-reviewer" ? "denied" : "approved";
  const comment = answer.comment === null ? "" : `: ${answer.comment}`;
  return `${said} by ${personName(answer.by)}${comment}`;
}

/** `denied, rule no-files`: the outcome and the rule; `named` writes the rule's name. */
export function stopHead({ outcome, rule }: Stop, named = (name: string) => name): string {
  return rule === null ? outcome : `${outcome}, rule ${named(rule)}`;
}

/** Refusals whose text says more than the stop: which tool call, and what is not in the record. */
const tellingRefusals: readonly (string | null)[] = ["tool_call_denied", "replay_missed"];

/** True for a reply that is hoopx's own refusal and says only again what the stop says. */
export function isOwnReply({ error, status }: ExchangeView): boolean {
  return error !== null && !tellingRefusals.includes(error) && status !== null && status >= 400;
}
