import { expect, test } from "vitest";
import { exitCodeOf, missLines, summaryOf } from "../../../src/cli/rerun/outcome.js";
import { exchange, miss, replayView } from "./views.js";

test.each([
  ["all answered", replayView(), 0, false, 0],
  ["the agent's own failure counts first", replayView({ misses: [miss()] }), 3, false, 3],
  ["a request that nothing answered", replayView({ misses: [miss()] }), 0, false, 1],
  [
    "one that the nearest answered",
    replayView({ misses: [miss({ answeredBy: "nearest" })] }),
    0,
    false,
    0,
  ],
  ["the same, strictly", replayView({ misses: [miss({ answeredBy: "nearest" })] }), 0, true, 1],
  ["one that the policy refused", replayView({ exchanges: [exchange(1, "refused")] }), 0, false, 1],
  [
    "one not asked for",
    replayView({ exchanges: [exchange(1), exchange(2, "unasked")] }),
    0,
    false,
    0,
  ],
  [
    "the same, strictly",
    replayView({ exchanges: [exchange(1), exchange(2, "unasked")] }),
    0,
    true,
    1,
  ],
] as const)("exit code: %s", (_what, replay, agent, strict, code) => {
  expect(exitCodeOf(replay, agent, strict)).toBe(code);
});

test("one line says what became of it", () => {
  expect(summaryOf(replayView(), "ended")).toBe(
    "session ses_again00000000000 ended · 2 of 2 exchanges of ses_recorded00000000 · hoopx replay ses_again00000000000",
  );
  const exchanges = [exchange(1), exchange(2, "refused"), exchange(3, "unasked")];
  expect(summaryOf(replayView({ exchanges, misses: [miss()], live: 4 }), "ended")).toContain(
    " · 1 of 3 exchanges of ses_recorded00000000, 1 not in the record, 1 refused by the policy, 1 not asked for, 4 live · ",
  );
});

test("a miss is told with what differs, the first of it", () => {
  expect(missLines(replayView({ misses: [miss()] }))).toEqual([
    "request 2 (responses.create) is not in the record; nearest is exchange 2",
    '  $.input changed from "a<b>&" to "c\\u{202e}"',
    "  $.tools removed: []",
    "  $.top_p added: 1",
  ]);
  const [difference] = miss().differences;
  const many = Array.from({ length: 14 }, () => difference ?? miss().differences[0]).filter(
    (each) => each !== undefined,
  );
  expect(
    missLines(replayView({ misses: [miss({ differences: many, nearest: null })] })).at(-1),
  ).toBe("  and 4 more");
  expect(
    missLines(replayView({ misses: [miss({ nearest: null, answeredBy: "upstream" })] }))[0],
  ).toBe(
    "request 2 (responses.create) is not in the record; no recorded request is like it, answered by its upstream",
  );
});
