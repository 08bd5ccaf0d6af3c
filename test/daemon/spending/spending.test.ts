import { expect, test } from "vitest";
import { createSpending, dayOf } from "../../../src/daemon/spending/spending.js";

const ada = { id: "ses_1", identity: { issuer: "i", subject: "ada" } };
const again = { ...ada, id: "ses_2" };
const bob = { id: "ses_3", identity: { issuer: "i", subject: "bob" } };
const none = { input: 0, output: 0 };
const noon = Date.UTC(2026, 10, 25, 12);

function spendingAt(start = noon, seed: Partial<Parameters<typeof createSpending>[0]> = {}) {
  let time = start;
  const spending = createSpending({
    prices: (model, { input, output }) => (model === "dear" ? (input + output) / 100 : 0),
    now: () => new Date(time),
    bySession: [],
    today: [],
    ...seed,
  });
  return { ...spending, pass: (ms: number) => (time += ms) };
}

test("a session, an identity's day and everybody's day are counted apart", () => {
  const spending = spendingAt();
  spending.began(1n, ada, "dear", () => none);
  spending.began(2n, again, "cheap", () => none);
  spending.began(3n, bob, "dear", () => none);
  spending.ended(1n, { input: 10, output: 5 }, true);
  spending.ended(2n, { input: 100, output: 0 }, true);
  spending.ended(3n, null, true);
  expect(spending.of(ada, "session")).toEqual({ requests: 1, tokens: 15, cost: 0.15 });
  expect(spending.of(ada, "identity")).toEqual({ requests: 2, tokens: 115, cost: 0.15 });
  expect(spending.of(bob, "identity")).toEqual({ requests: 1, tokens: 0, cost: 0 });
  expect(spending.of(bob, "day")).toEqual({ requests: 3, tokens: 115, cost: 0.15 });
});

test("a request counts from its beginning: those that come together see each other", () => {
  const spending = spendingAt();
  spending.began(1n, ada, null, () => none);
  spending.began(2n, ada, null, () => none);
  expect(spending.of(ada, "session").requests).toBe(2);
});

test("an end counts once, and one that never began not at all", () => {
  const spending = spendingAt();
  spending.began(1n, ada, "dear", () => none);
  for (const key of [1n, 1n, 9n]) spending.ended(key, { input: 1, output: 1 }, true);
  expect(spending.of(ada, "session").tokens).toBe(2);
});

test("a day begins with nothing; a session goes on", () => {
  const spending = spendingAt();
  spending.began(1n, ada, "dear", () => none);
  spending.pass(12 * 3_600_000);
  expect(spending.of(ada, "identity").requests).toBe(0);
  expect(spending.of(ada, "day").requests).toBe(0);
  expect(spending.of(ada, "session").requests).toBe(1);
  // What ends today was used today.
  spending.ended(1n, { input: 1, output: 0 }, true);
  expect(spending.of(ada, "day").tokens).toBe(1);
  expect(dayOf(new Date(noon))).toBe(Date.UTC(2026, 10, 25));
});

test("a restart forgives nothing", () => {
  const row = { session: ada, model: "dear", requests: 7, tokens: { input: 100, output: 100 } };
  const spending = spendingAt(noon, { bySession: [row], today: [{ ...row, requests: 3 }] });
  expect(spending.of(ada, "session")).toEqual({ requests: 7, tokens: 200, cost: 2 });
  expect(spending.of(again, "identity").requests).toBe(3);
});

test("a session that is over is not counted on", () => {
  const spending = spendingAt();
  spending.began(1n, ada, "dear", () => none);
  spending.forget(ada.id);
  spending.ended(1n, { input: 1, output: 1 }, true);
  expect(spending.of(ada, "session").tokens).toBe(0);
  expect(spending.of(ada, "day").tokens).toBe(2);
});

test("what a request under way may use counts as used, but not against itself", () => {
  const spending = spendingAt();
  spending.began(1n, ada, "dear", () => ({ input: 10, output: 90 }));
  expect(spending.of(ada, "session")).toEqual({ requests: 1, tokens: 100, cost: 1 });
  expect(spending.of(again, "identity").tokens).toBe(100);
  expect(spending.of(bob, "identity").tokens).toBe(0);
  expect(spending.of(ada, "session", 1n).tokens).toBe(0);
  spending.ended(1n, { input: 10, output: 5 }, true);
  expect(spending.of(ada, "day")).toEqual({ requests: 1, tokens: 15, cost: 0.15 });
});

test("a request that was never sent uses nothing; one that was sent and not answered is a request", () => {
  const spending = spendingAt();
  spending.began(1n, ada, "dear", () => ({ input: 10, output: 90 }));
  spending.began(2n, ada, "dear", () => ({ input: 10, output: 90 }));
  spending.ended(1n, null, false);
  spending.ended(2n, null, true);
  expect(spending.of(ada, "session")).toEqual({ requests: 1, tokens: 0, cost: 0 });
});
