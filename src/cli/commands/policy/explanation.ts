/**
 * Explanation: the verdict first, then each rule with the conditions that were
 * held against the request. Marks say what colours say; what a rule that does
 * not match is missed by is the first thing shown of it.
 */
import type { ChalkInstance } from "chalk";
import type {
  ExplanationView,
  PolicyExplainView,
  RuleExplanationView,
  VerdictView,
} from "../../../contract/policy-views.js";
import { escapeLine } from "../../output/escape.js";
import type { TableOptions } from "../../output/table.js";
import { wrapTo } from "../../output/wrap.js";
import { paintEffect } from "./effect.js";

/** The whole screen; tab-separated rows where there is no terminal. */
export function renderExplanation(view: PolicyExplainView, { width, colours }: TableOptions) {
  const parts = partsOf(view);
  if (width === undefined) return parts.map(rowsOf).join("");
  return parts
    .map((part, at) => {
      const recorded = at === 0 ? recordedText(view) : [];
      const head = wrapped(escapeLine(part.about), width, 0).map((line) => colours.bold(line));
      return [
        ...head,
        ...verdictLines(part.verdict, colours, width),
        ...recorded.map((line) => colours.dim(escapeLine(line))),
        "",
        ...part.rules.flatMap((rule) => ruleLines(rule, colours, width)),
      ]
        .map((line) => `${line}\n`)
        .join("");
    })
    .join("\n");
}

interface Part extends ExplanationView {
  /** For programs. */
  readonly key: string;
  readonly about: string;
}

function partsOf({ request, toolCalls, ...view }: PolicyExplainView): readonly Part[] {
  return [
    { ...view, key: "request", about: request },
    ...toolCalls.map((call) => ({
      ...call,
      key: call.name,
      about: `the tool call ${call.name} in its reply`,
    })),
  ];
}

function recordedText({ recorded }: PolicyExplainView): readonly string[] {
  if (recorded === null) return [];
  const rule = recorded.rule === null ? "no rule" : recorded.rule;
  return [`decided then: ${recorded.effect}, by ${rule}`];
}

function verdictLines(verdict: VerdictView, colours: ChalkInstance, width: number) {
  const { effect, rule, reason } = verdict;
  const by = rule === null ? "no rule matches" : `by ${rule}`;
  const [first = "", ...more] = wrapped(`${escapeLine(by)}: ${escapeLine(reason)}`, width, 8);
  return [`${paintEffect(colours, effect.padEnd(8), effect)}${first.trimStart()}`, ...more];
}

function ruleLines(rule: RuleExplanationView, colours: ChalkInstance, width: number) {
  const { matched, deciding, effect, conditions } = rule;
  const word = deciding ? "decides" : matched ? "matches" : "does not match";
  const head = `${mark(matched, colours)} ${colours.bold(escapeLine(rule.rule))}  ${paintEffect(
    colours,
    effect,
    effect,
  )}, ${word}`;
  const pad = Math.max(0, ...conditions.map(({ condition }) => condition.length));
  return [
    head,
    ...conditions.flatMap(({ condition, matched: met, reason }) => {
      const [first = "", ...more] = wrapped(escapeLine(reason), width, pad + 6);
      const name = escapeLine(condition).padEnd(pad);
      return [`  ${mark(met, colours)} ${colours.dim(name)}  ${first.trimStart()}`, ...more];
    }),
  ];
}

const mark = (matched: boolean, colours: ChalkInstance): string =>
  matched ? colours.green("✓") : colours.dim("✗");

function wrapped(text: string, width: number, indent: number): readonly string[] {
  return wrapTo(text, width - indent).map((line) => " ".repeat(indent) + line);
}

/** About, `verdict`, `rule` or `condition`, then what is said of it. */
function rowsOf({ key, verdict, rules }: Part): string {
  const word = (matched: boolean) => (matched ? "matches" : "differs");
  const rows: readonly (readonly string[])[] = [
    [key, "verdict", verdict.rule ?? "", "", verdict.effect, verdict.reason],
    ...rules.flatMap(({ rule, effect, matched, conditions }) => [
      [key, "rule", rule, "", word(matched), effect],
      ...conditions.map((each) => [
        key,
        "condition",
        rule,
        each.condition,
        word(each.matched),
        each.reason,
      ]),
    ]),
  ];
  return rows.map((row) => `${row.map(escapeLine).join("\t")}\n`).join("");
}
