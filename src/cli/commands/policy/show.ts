/**
 * `hoopx policy`: the policy in force where the person stands. Each rule with
 * what it says; and if an edit is not in force because it is broken, that.
 */
import type { ChalkInstance } from "chalk";
import { policyFileOf } from "../../../contract/home.js";
import type {
  PolicyLayerView,
  PolicyMaskingView,
  PolicyRuleView,
} from "../../../contract/policy-views.js";
import type { Context } from "../../context.js";
import { escapeLine } from "../../output/escape.js";
import { printJson } from "../../output/json.js";
import { type Column, renderTable } from "../../output/table.js";
import { counted } from "../../output/time.js";
import { wrapTo } from "../../output/wrap.js";
import { paintEffect } from "./effect.js";
import { renderProblems } from "./problems.js";

export async function run(context: Context): Promise<undefined> {
  const { client, stdout, colours, table } = context;
  const view = await client.call("policyShow", { body: { folder: context.folder() } });
  if (context.json) {
    printJson(stdout, view);
    return;
  }
  const place = policyFileOf(context.home);
  const none = view.layers.every(({ layer }) => layer !== "user")
    ? `your policy file would be ${place}: hoopx policy init writes a first one`
    : undefined;
  const broken = view.layers.filter(({ problems }) => problems.length > 0);
  if (table.width === undefined) {
    stdout.write(renderTable(columns, view.rules, table));
    for (const layer of broken) context.note(brokenText(layer));
    if (none !== undefined) context.note(none);
    return;
  }
  stdout.write(`${colours.bold("policy")} ${view.hash.slice(0, 12)}\n`);
  stdout.write(renderTable(layerColumns, view.layers, table));
  if (none !== undefined) {
    const lines = wrapTo(escapeLine(none), table.width);
    stdout.write(lines.map((line) => `${colours.dim(line)}\n`).join(""));
  }
  for (const rule of view.rules) stdout.write(`\n${renderRule(rule, colours, table.width)}`);
  stdout.write(
    `\n${colours.dim("The strictest rule that matches decides; where none does: deny.")}\n`,
  );
  stdout.write(`\n${colours.bold("masking")} ${maskingText(view.masking, table.width)}\n`);
  for (const layer of broken) {
    stdout.write(`\n${colours.yellow(escapeLine(brokenText(layer)))}\n`);
    stdout.write(renderProblems(layer.problems, table));
  }
}

/** `secrets, email, pattern ticket; in requests: masked in the record`. */
function maskingText(masking: PolicyMaskingView, width: number): string {
  const looking = [
    ...masking.detectors,
    ...masking.patterns.map(({ name }) => `pattern ${name}`),
    ...masking.words.map(({ name, words }) => `list ${name} (${counted(words, "word")})`),
  ];
  const restored = masking.restore ? ", put back in replies" : "";
  const what = looking.length === 0 ? "nothing" : looking.join(", ");
  const text = `${what}; in requests: ${inRequests[masking.requests]}${restored}`;
  return wrapTo(escapeLine(text), width - indent).join(`\n${" ".repeat(indent)}`);
}

const inRequests = {
  off: "not looked for",
  record: "masked in the record",
  mask: "masked before they leave",
  deny: "denied",
  review: "held for a review",
} as const;

function brokenText({ layer, problems, hash }: PolicyLayerView): string {
  const kept = hash === null ? "none of its rules is in force" : "its earlier rules stay in force";
  return `the last edit of the ${layer} policy has ${counted(problems.length, "problem")}, and ${kept}`;
}

const layerColumns: readonly Column<PolicyLayerView>[] = [
  { title: "LAYER", value: ({ layer }) => layer },
  { title: "RULES", value: ({ rules }) => String(rules), align: "right" },
  { title: "HASH", value: ({ hash }) => hash?.slice(0, 12) ?? "-", drop: 0 },
  { title: "FILE", value: ({ file }) => file ?? "none (they are part of hoopx)", flexible: 12 },
];

const columns: readonly Column<PolicyRuleView>[] = [
  { title: "EFFECT", value: ({ effect }) => effect },
  { title: "RULE", value: ({ name }) => name },
  { title: "WHAT", value: ({ sentence }) => sentence },
  { title: "LAYER", value: ({ layer }) => layer },
  { title: "PLACE", value: ({ file, line }) => (file === null ? "" : `${file}:${line ?? 1}`) },
];

const indent = 8;

function renderRule(rule: PolicyRuleView, colours: ChalkInstance, width: number): string {
  const lines = wrapTo(escapeLine(rule.sentence), width - indent);
  const effect = paintEffect(colours, rule.effect.padEnd(indent), rule.effect);
  const name = wrapTo(escapeLine(rule.name), width - indent).join(`\n${" ".repeat(indent)}`);
  return `${effect}${colours.bold(name)}\n${lines
    .map((line) => `${" ".repeat(indent)}${line}\n`)
    .join("")}`;
}
