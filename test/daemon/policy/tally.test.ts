import { expect, test } from "vitest";
import { createTally } from "../../../src/daemon/policy/tally.js";

const used = { requests: 1, tokens: 10, cost: 0.5 };
const at = (day: number) => new Date(Date.UTC(2026, 0, day, 12));

test("a session's count goes on, an identity's and everybody's begin anew each day", () => {
  const tally = createTally();
  const ada = { session: "s1", identity: "ada", at: at(1) };
  const eve = { session: "s2", identity: "eve", at: at(1) };
  tally.add(ada, used);
  tally.add(ada, used);
  tally.add(eve, used);
  const tokens = (spender: typeof ada) =>
    (["session", "identity", "day"] as const).map((per) => tally.spent(spender, per).tokens);
  expect(tokens(ada)).toEqual([20, 20, 30]);
  expect(tokens({ ...ada, session: "s3" })).toEqual([0, 20, 30]);
  expect(tokens({ ...ada, at: at(2) })).toEqual([20, 0, 0]);
  tally.add({ ...ada, at: at(2) }, used);
  expect(tally.spent({ ...ada, at: at(2) }, "session")).toEqual({
    requests: 3,
    tokens: 30,
    cost: 1.5,
  });
});
