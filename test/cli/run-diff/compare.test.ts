/** Two runs compared: what belongs together, what differs, and what makes no difference. */
import { expect, test } from "vitest";
import { align, equalScore } from "../../../src/cli/run-diff/align.js";
import { argumentChanges } from "../../../src/cli/run-diff/argument-changes.js";
import { compareConversations, type ExchangeChange } from "../../../src/cli/run-diff/compare.js";
import { differs, sumOf } from "../../../src/cli/run-diff/diff-document.js";
import { normalised } from "../../../src/cli/run-diff/normalise.js";
import { textChanges } from "../../../src/cli/run-diff/text-changes.js";
import { type Outcome, outcomes } from "../../../src/contract/outcome.js";
import type { ConversationView, TurnView } from "../../../src/contract/views.js";
import { sampleRun } from "../support/sample-run.js";
import { conversationView, decisionView, exchangeView } from "../support/views.js";

const same = (one: string, other: string) => (one === other ? equalScore : 0);
const signs = (a: string, b: string) =>
  align([...a], [...b], same)
    .map((pair) =>
      pair.a === null ? `+${b[pair.b ?? 0]}` : pair.b === null ? `-${a[pair.a]}` : a[pair.a],
    )
    .join("");

test.each([
  ["abc", "abc", "abc"],
  ["", "ab", "+a+b"],
  ["abcd", "acxd", "a-bc+xd"],
  ["abcabba", "cbabac", "-a-bc+babb-b+ac".replace("b+ac", "b+c")],
])("align %s with %s keeps the longest common part", (a, b) => {
  const pairs = align([...a], [...b], same);
  // Each element once, in order.
  expect(pairs.flatMap((pair) => (pair.a === null ? [] : [pair.a]))).toEqual(
    [...a].map((_, at) => at),
  );
  expect(pairs.flatMap((pair) => (pair.b === null ? [] : [pair.b]))).toEqual(
    [...b].map((_, at) => at),
  );
  for (const pair of pairs)
    if (pair.a !== null && pair.b !== null) expect(a[pair.a]).toBe(b[pair.b]);
});

test("align: removed before added, and the most that fits together", () => {
  expect(signs("axb", "ayb")).toBe("a-x+yb");
  expect(signs("abcabba", "cbabac").replace(/[+-]./g, "")).toHaveLength(4);
});

test.each([
  ["call_8FqT2xZ1 done", "call_a1B2c3D4 done"],
  ["at 2026-11-24T09:00:00.000Z", "at 2026-11-25T10:30:12Z"],
  ["on 2026-11-24", "on 2025-01-02"],
  ["id 123e4567-e89b-12d3-a456-426614174000", "id 00000000-e89b-12d3-a456-426614174fff"],
  ['{"created":1764000000}', '{"created":1764009999}'],
])("%s and %s are the same once normalised", (a, b) => {
  expect(normalised(a)).toBe(normalised(b));
});

test("what only looks like an id stays", () => {
  expect(normalised("gpt-5-mini get_weather 14 °C in 2026 [masked:github-token]#1")).toBe(
    "gpt-5-mini get_weather 14 °C in 2026 [masked:github-token]#1",
  );
});

test("arguments are compared by structure: not by the order of keys or by blanks", () => {
  expect(argumentChanges('{"a":1,"b":[1,2]}', '{ "b": [1, 2], "a": 1 }')).toEqual([]);
  expect(
    argumentChanges(
      '{"city":"Oslo","days":[{"from":1}],"x":null}',
      '{"city":"Rome","days":[{"from":2},3]}',
    ),
  ).toEqual([
    { path: "city", a: '"Oslo"', b: '"Rome"' },
    { path: "days[0].from", a: "1", b: "2" },
    { path: "days[1]", a: null, b: "3" },
    { path: "x", a: "null", b: null },
  ]);
  expect(argumentChanges('{"__proto__":1}', '{"__proto__":2}')).toEqual([
    { path: "__proto__", a: "1", b: "2" },
  ]);
  expect(argumentChanges("{", "{}")).toBeUndefined();
});

test("a changed line has its words marked, the others stay", () => {
  expect(textChanges("one\nOslo has 14 °C\nend", "one\nRome has 27 °C\nend")).toEqual([
    { change: "equal", text: "one" },
    {
      change: "removed",
      words: [
        { text: "Oslo", changed: true },
        { text: " has ", changed: false },
        { text: "14", changed: true },
        { text: " °C", changed: false },
      ],
    },
    {
      change: "added",
      words: [
        { text: "Rome", changed: true },
        { text: " has ", changed: false },
        { text: "27", changed: true },
        { text: " °C", changed: false },
      ],
    },
    { change: "equal", text: "end" },
  ]);
});

/** The same run at another time: other ids, dates, counts and paces. */
function again(run: readonly ConversationView[]): readonly ConversationView[] {
  return run.map((conversation) => ({
    ...conversation,
    exchange: {
      ...conversation.exchange,
      id: `${conversation.exchange.id}x`,
      startedAt: "2026-12-01T00:00:00.000Z",
      durationMs: 7,
      tokens: { input: 1, output: 1 },
    },
    reply: conversation.reply.map((turn) =>
      turn.kind === "tool-call"
        ? { ...turn, id: "call_9", arguments: ` ${turn.arguments}`, deltas: [] }
        : turn,
    ),
  }));
}

const outline = (changes: readonly ExchangeChange[]) =>
  changes.map(({ a, b, turns }) => [
    a?.seq ?? null,
    b?.seq ?? null,
    turns.map(({ change }) => change[0]).join(""),
  ]);

test("the same run again is equal", () => {
  const changes = compareConversations(sampleRun, again(sampleRun));
  expect(differs(changes)).toBe(false);
  expect(sumOf(changes)).toMatchObject({ changed: 0, added: 0, removed: 0, facts: 0 });
});

test("an exchange more in the middle is added, the others keep their partners", () => {
  const [first, second, ...rest] = again(sampleRun);
  if (first === undefined || second === undefined) throw new Error("no sample");
  const more = conversationView({
    exchange: exchangeView({ seq: 2 }),
    prompt: [{ kind: "message", role: "user", text: "Something else entirely?" }],
    reply: [],
  });
  const changes = compareConversations(sampleRun, [first, more, second, ...rest]);
  expect(outline(changes)[1]).toEqual([null, 2, "a"]);
  expect(sumOf(changes)).toMatchObject({ changed: 0, added: 1, removed: 0 });
});

test("turns: another tool is another turn, another argument a changed one", () => {
  const of = (...prompt: TurnView[]) => [conversationView({ prompt, reply: [] })];
  const call = (name: string, args: string): TurnView => ({
    kind: "tool-call",
    id: "call_1",
    name,
    arguments: args,
  });
  const user: TurnView = { kind: "message", role: "user", text: "go" };
  expect(
    outline(compareConversations(of(user, call("a", "{}")), of(user, call("b", "{}")))),
  ).toEqual([[1, 1, "era"]]);
  const [changed] = compareConversations(of(call("a", '{"x":1}')), of(call("a", '{"x":2}')));
  expect(changed?.turns[0]).toMatchObject({
    change: "changed",
    arguments: [{ path: "x", a: "1", b: "2" }],
  });
});

test("a model, a decision, a status make a difference", () => {
  const denied = exchangeView({
    status: 403,
    error: "policy_denied",
    decision: decisionView("deny", null, "no"),
  });
  const [change] = compareConversations(
    [conversationView()],
    [conversationView({ exchange: denied })],
  );
  expect(change?.facts.map(({ name }) => name)).toEqual(["decision", "outcome", "status", "error"]);
});

test("outcomes are told in the words of the list; let through in another way is no difference", () => {
  const told = (a: Outcome, b: Outcome) => {
    const run = (outcome: Outcome) => [conversationView({ exchange: exchangeView({ outcome }) })];
    return compareConversations(run(a), run(b))[0]?.facts;
  };
  const letThrough: readonly Outcome[] = ["allowed", "granted", "approved"];
  for (const a of outcomes) {
    for (const b of outcomes) {
      const same = a === b || (letThrough.includes(a) && letThrough.includes(b));
      expect(told(a, b), `${a}, ${b}`).toEqual(same ? [] : [{ name: "outcome", a, b }]);
    }
  }
});

test("two runs of two thousand exchanges that have nothing in common are compared", () => {
  const run = (word: string) =>
    Array.from({ length: 2_000 }, (_, at) =>
      conversationView({
        exchange: exchangeView({ seq: at + 1 }),
        prompt: [{ kind: "message", role: "user", text: `${word} ${at}` }],
        reply: [],
      }),
    );
  expect(compareConversations(run("a"), run("b"))).toHaveLength(2_000);
});
