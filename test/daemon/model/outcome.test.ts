/** How records are read as outcomes, each way that an exchange, a call or a review can go. */
import { expect, test } from "vitest";
import { callOutcome, outcomes, type RecordedCall } from "../../../src/contract/outcome.js";
import {
  endedOutcome,
  exchangeOutcome,
  reviewOutcome,
  settlementOutcome,
  strictest,
} from "../../../src/daemon/model/outcome.js";
import { endings, refusals } from "../../../src/daemon/model/refusal.js";

const allow = { effect: "allow" } as const;
const review = { effect: "review" } as const;
const deny = { effect: "deny" } as const;
const fine = { status: 200, error: null };

test.each([
  ["allowed and answered", { decision: allow, ...fine }, "allowed"],
  ["answered with a redirect", { decision: allow, status: 302, error: null }, "allowed"],
  ["approved", { decision: review, settled: "approved", ...fine }, "approved"],
  ["granted", { decision: review, settled: "granted", ...fine }, "granted"],
  ["its call approved", { decision: allow, calls: "approved", ...fine }, "approved"],
  [
    "granted, its call approved",
    { decision: review, settled: "granted", calls: "approved", ...fine },
    "approved",
  ],
  ["its call denied, and the model told", { decision: allow, calls: "denied", ...fine }, "denied"],
  [
    "its call denied by a person",
    { decision: allow, calls: "denied-by-reviewer", status: 200, error: "tool_call_denied" },
    "denied-by-reviewer",
  ],
  [
    "its call denied, then the client left",
    { decision: allow, calls: "denied-by-reviewer", status: 200, error: "client_left" },
    "denied-by-reviewer",
  ],
  [
    "its call waited in vain",
    { decision: allow, calls: "expired", status: 400, error: "review_pending" },
    "expired",
  ],
  ["denied", { decision: deny, status: 400, error: "policy_denied" }, "denied"],
  ["denied, and the daemon died", { decision: deny, status: null, error: "truncated" }, "denied"],
  [
    "approved, then rate limited",
    { decision: review, settled: "approved", status: 429, error: null },
    "failed",
  ],
  ["an error inside a 200", { decision: allow, status: 200, error: "upstream_error" }, "failed"],
  ["left while it waited", { decision: review, status: null, error: "client_left" }, "cut"],
  ["a code of another version", { decision: allow, status: 400, error: "unheard_of" }, "failed"],
] as const)("%s", (_, facts, outcome) => {
  expect(endedOutcome(facts)).toBe(outcome);
});

test("every code of a refusal or an ending has an outcome, and each bad outcome a code", () => {
  const codes = [...Object.keys(refusals), ...Object.keys(endings)];
  const told = codes.map((error) => endedOutcome({ decision: null, status: 400, error }));
  const good = ["allowed", "granted", "approved"];
  expect(told.filter((outcome) => good.includes(outcome))).toEqual([]);
  expect([...new Set(told)].sort()).toEqual(outcomes.filter((each) => !good.includes(each)).sort());
});

test("a record has the outcome that was written; one from before there were any is derived", () => {
  const record = { decision: review, review: "rev_1" };
  expect(exchangeOutcome({ ...record, ending: null })).toBeNull();
  expect(exchangeOutcome({ ...record, ending: { ...fine, outcome: "granted" } })).toBe("granted");
  expect(exchangeOutcome({ ...record, ending: fine })).toBe("approved");
  expect(exchangeOutcome({ ...record, decision: allow, ending: fine })).toBe("allowed");
  expect(exchangeOutcome({ ...record, review: null, ending: fine })).toBe("allowed");
});

test("calls of earlier records are told in the words of the list", () => {
  const stored = (outcome: string, effect: RecordedCall["effect"]) => ({ outcome, effect });
  expect(callOutcome(stored("expired", "review"))).toBe("expired");
  expect(callOutcome(stored("delivered", "allow"))).toBe("allowed");
  expect(callOutcome(stored("delivered", "review"))).toBe("approved");
  expect(callOutcome(stored("denied", "deny"))).toBe("denied");
  expect(callOutcome(stored("told-to-model", "review"))).toBe("denied-by-reviewer");
});

test("reviews and what the desk says of them", () => {
  const statuses = ["pending", "approved", "denied", "expired", "cancelled"] as const;
  expect(statuses.map((status) => reviewOutcome({ status }))).toEqual([
    ...[null, "approved", "denied-by-reviewer", "expired", "cut"],
  ]);
  const settled = ["granted", "approved", "denied", "expired", "pending"] as const;
  expect(settled.map(settlementOutcome)).toEqual([
    ...["granted", "approved", "denied-by-reviewer", "expired", "expired"],
  ]);
});

test("of several calls the one that says most is told, in whatever order they come", () => {
  for (const one of outcomes) {
    expect(strictest(one, one)).toBe(one);
    for (const other of outcomes) expect(strictest(one, other)).toBe(strictest(other, one));
  }
  expect(strictest("approved", "denied")).toBe("denied");
  expect(strictest("denied", "denied-by-reviewer")).toBe("denied-by-reviewer");
});
