import { expect, test } from "vitest";
import { whyLines } from "../../../src/cli/output/why.js";
import { widthOf } from "../../../src/cli/output/width.js";
import type { MeasuredExchangeView } from "../../../src/contract/measure-views.js";
import { decisionView, exchangeView } from "../support/views.js";

const rule = {
  ...decisionView("deny", "no-\u001bfiles", "files are not for agents"),
  layer: "project",
  file: "/home/ada/weather/.hoopx/policy.yaml",
};
const review = "rev_4k2m9x7q1c3v5b8n";
const told = (view: Partial<MeasuredExchangeView>, columns = 200) =>
  whyLines(exchangeView({ id: "exc_01kb7x2m9q4ct", ...view }), columns).map((line) => line.trim());
const asks = { ...rule, effect: "review" } as const;
const place = "rule no-\\x1bfiles (project policy, /home/ada/weather/.hoopx/policy.yaml)";
const explain = "hoopx policy explain exc_01kb7x2m9q4ct";

test.each<[string, Partial<MeasuredExchangeView>, readonly string[]]>([
  ["allowed", {}, []],
  ["failed", { status: 502, error: "upstream_unreachable" }, []],
  [
    "denied by a rule",
    { decision: rule, status: 400, error: "policy_denied" },
    [`${place}: files are not for agents`, `exc_01kb7x2m9q4ct · ${explain}`],
  ],
  [
    "denied, no rule",
    { decision: decisionView("deny", null, "no rule allows it"), error: "policy_denied" },
    ["no rule: no rule allows it", `exc_01kb7x2m9q4ct · ${explain}`],
  ],
  [
    "denied by a reviewer",
    { decision: asks, review, status: 400, error: "review_denied", outcome: "denied-by-reviewer" },
    [`${place}: files are not for agents`, `exc_01kb7x2m9q4ct · review ${review} · ${explain}`],
  ],
  [
    "a tool call denied by a reviewer",
    { review, outcome: "denied-by-reviewer" },
    [
      "denied-by-reviewer: a tool call in its reply",
      `exc_01kb7x2m9q4ct · review ${review} · ${explain}`,
    ],
  ],
  [
    "approved",
    { decision: asks, review },
    [`${place}: files are not for agents`, `exc_01kb7x2m9q4ct · review ${review} · ${explain}`],
  ],
  [
    "held still",
    { decision: asks, review, status: null, durationMs: null },
    [
      `${place}: files are not for agents`,
      `exc_01kb7x2m9q4ct · review ${review} · hoopx approve ${review}`,
    ],
  ],
  [
    "refused before it was understood",
    { decision: null, status: 401, error: "session_over" },
    ["refused: session_over", "exc_01kb7x2m9q4ct"],
  ],
])("%s", (_name, view, lines) => {
  expect(told(view)).toEqual(lines);
});

test.each([24, 40, 80, 120])("at %d columns no line is wider, and no id is broken", (columns) => {
  const view = exchangeView({ decision: asks, review, outcome: "expired" });
  const lines = whyLines(view, columns);
  for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(columns);
  if (columns < 40) return;
  for (const whole of [view.id, review])
    expect(lines.some((line) => line.includes(whole))).toBe(true);
});
