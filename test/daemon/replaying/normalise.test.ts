import { describe, expect, test } from "vitest";
import { atOnce } from "../../../src/daemon/model/turns.js";
import { canonicalPieces, canonicalText } from "../../../src/daemon/replaying/json.js";
import {
  createNormalise,
  type RuleName,
  ruleNames,
} from "../../../src/daemon/replaying/normalise.js";
import { parsePlace } from "../../../src/daemon/replaying/place.js";

const form = (value: unknown, exact: readonly RuleName[] = [], ignore: readonly string[] = []) =>
  canonicalText(
    atOnce(
      createNormalise({
        exact: new Set(exact),
        ignore: ignore.map((text) => parsePlace(text) ?? []),
      })(typeof value === "string" ? value : JSON.stringify(value)),
    ),
  );
const message = (content: string) => ({ input: [{ role: "user", content }] });

const pairs: readonly (readonly [rule: RuleName, what: string, one: unknown, other: unknown])[] = [
  [
    "fields",
    "run-time fields",
    { model: "m", user: "a", metadata: { run: 1 } },
    { model: "m", prompt_cache_key: "k" },
  ],
  [
    "ids",
    "ids in their fields, however they look",
    {
      input: [
        { type: "function_call", id: "fc_1", call_id: "one" },
        { type: "function_call_output", call_id: "one" },
      ],
    },
    {
      input: [
        { type: "function_call", id: "fc_2", call_id: "two" },
        { type: "function_call_output", call_id: "two" },
      ],
    },
  ],
  [
    "ids",
    "the reply before",
    { previous_response_id: "resp_a" },
    { previous_response_id: "resp_b" },
  ],
  [
    "ids",
    "ids of providers' in texts",
    message("see resp_68a1b2c3d4e5f60718 and 0c4f6a1e-1111-4222-8333-444455556666"),
    message("see resp_99a1b2c3d4e5f60700 and 0c4f6a1e-9999-4222-8333-444455556666"),
  ],
  ["dates", "a day", message("Today is 2026-01-31."), message("Today is 2027-12-01.")],
  [
    "dates",
    "an instant",
    message("at 2026-01-31T10:00:00.123Z"),
    message("at 2026-02-01T23:59:59Z"),
  ],
  [
    "dates",
    "an HTTP date",
    message("Thu, 26 Nov 2026 01:52:28 GMT"),
    message("Fri, 27 Nov 2026 13:00:01 GMT"),
  ],
  [
    "dates",
    "a Date of JavaScript's",
    message("now: Thu Nov 26 2026 01:52:28 GMT+0000 (Coordinated Universal Time)."),
    message("now: Sat Jan 2 2027 11:02:03 GMT+0100 (Central European Standard Time)."),
  ],
  [
    "dates",
    "what people write",
    message("It is 11/26/2026, 1:52 PM"),
    message("It is 1/2/2027, 11:07 AM"),
  ],
  ["dates", "seconds since 1970", { at: 1764121948 }, { at: 1764999999 }],
  ["dates", "with fractions", { create_time: 1764121948.123 }, { create_time: 1764999999.5 }],
  [
    "dates",
    "with fractions, in a text",
    message('{"create_time": 1764121948.1234567}'),
    message('{"create_time": 1764999999.25}'),
  ],
  ["dates", "milliseconds, in a text", message("ts=1764121948000"), message("ts=1764999999111")],
  [
    "paths",
    "temporary folders",
    message("in /tmp/agent-x1/out.txt"),
    message("in /tmp/agent-q9/out.txt"),
  ],
  [
    "paths",
    "those of macOS",
    message("/var/folders/zz/abc_1/T/run-1/a"),
    message("/private/var/folders/yy/def_2/T/run-2/a"),
  ],
  [
    "ports",
    "ports of this machine",
    message("http://127.0.0.1:3011/x"),
    message("http://127.0.0.1:42123/x"),
  ],
  ["whitespace", "space", message("a  b\n"), message("a b")],
];

test.each(pairs)("%s: %s", (rule, _what, one, other) => {
  expect(form(one)).toBe(form(other));
  // It is this rule's doing.
  expect(form(one, [rule])).not.toBe(form(other, [rule]));
});

const different: readonly (readonly [string, unknown, unknown])[] = [
  ["a prompt", message("in Lisbon"), message("in Porto")],
  ["a model, also by its date", { model: "gpt-x-2026-01-31" }, { model: "gpt-x-2026-02-28" }],
  ["a number", { temperature: 0.1 }, { temperature: 0.2 }],
  ["a word that begins as ids do", message("call_center"), message("call_waiting")],
  ["a tool's name", { tools: [{ name: "run_python3" }] }, { tools: [{ name: "run_python4" }] }],
  ["a path of the project", message("/srv/app/a"), message("/srv/app/b")],
  [
    "what is inside of a field that is run-time at the top",
    { input: [{ user: "a" }] },
    { input: [{ user: "b" }] },
  ],
  [
    "who answers whom",
    { input: [{ call_id: "a" }, { call_id: "b" }, { call_id: "a" }] },
    { input: [{ call_id: "a" }, { call_id: "b" }, { call_id: "b" }] },
  ],
];
test.each(different)("%s stays different", (_what, one, other) => {
  expect(form(one)).not.toBe(form(other));
});

test("the order of keys means nothing, not in the JSON in a text either", () => {
  expect(form('{"a":1,"b":{"c":2,"d":3}}')).toBe(form('{ "b": {"d":3,"c":2}, "a": 1 }'));
  expect(form({ arguments: '{"a":1,"b":2}' })).toBe(form({ arguments: '{ "b":2, "a":1 }' }));
});

test("ids in a long text are numbered by their places, wherever it is cut", () => {
  const uuid = "0c4f6a1e-1111-4222-8333-444455556666";
  const text = (above: number, ids: string) =>
    form(message(`a${" ".repeat(above)}\n${ids}\n${"b\n".repeat(100)}`));
  for (const ids of [`${uuid}\ncall_68a1b2c3d4e5f60718`, `call_68a1b2c3d4e5f60718\n${uuid}`]) {
    const forms = [10, 65_000, 65_480, 65_520, 70_000].map((above) => text(above, ids));
    expect(new Set(forms).size).toBe(1);
    expect(forms[0]).toContain("a ‹id 1› ‹id 2› b");
  }
});

test("the order of a list does", () => {
  expect(form({ input: ["a", "b"] })).not.toBe(form({ input: ["b", "a"] }));
});

describe("places that are left out", () => {
  test.each([
    ["$.seed", { seed: 1 }, { seed: 2 }],
    ["input[*].content", message("a"), message("b")],
    ["**.stamp", { a: [{ b: { stamp: 1 } }] }, { a: [{ b: { stamp: 2 } }] }],
    ['$["x y"]', { "x y": 1 }, { "x y": 2 }],
    ["input[1]", { input: ["a", "b"] }, { input: ["a"] }],
  ])("%s", (place, one, other) => {
    expect(form(one)).not.toBe(form(other));
    expect(form(one, [], [place])).toBe(form(other, [], [place]));
  });
  test.each(["", "$", "input[", "a..b", "a b", "input[x]"])("%j is no place", (text) => {
    expect(parsePlace(text)).toBeUndefined();
  });
});

test("a multipart body's boundary is drawn anew each time", () => {
  const body = (boundary: string) => `--${boundary}\r\nx: y\r\n\r\nfile\r\n--${boundary}--\r\n`;
  expect(form(body("----form-1"))).toBe(form(body("----form-2")));
});

test("a large hostile text is worked through", () => {
  const text = `${"1".repeat(200_000)} ${"/tmp/".repeat(50_000)} ${"10:".repeat(70_000)} ${"Mon, ".repeat(50_000)}`;
  expect(form(message(text), []).length).toBeGreaterThan(1000);
  expect(form(message(text), ruleNames)).toContain("Mon, ");
});

test("a long text is normalised in stretches, and says what its lines say", () => {
  const lines = Array.from(
    { length: 4_000 },
    (_, at) =>
      `  on 2026-11-${String(10 + (at % 20))} at 10:0${at % 10} resp_68a${String(at).padStart(12, "0")}\t wrote  /tmp/x${at}/y to localhost:${3000 + at}  `,
  );
  const normalise = createNormalise({ exact: new Set(["ids"]), ignore: [] });
  const textOf = (text: string) => atOnce(normalise(JSON.stringify([text])));
  const whole = textOf(lines.join("\n"));
  expect(whole).toEqual([lines.map((line) => (textOf(line) as string[])[0]).join(" ")]);
  expect(String(whole)).toContain("‹time›");
  // A line longer than a stretch is cut behind a space: each date and each time is still found.
  const line = String(textOf(lines.join(" ")));
  expect(/\d:\d|2026-|localhost:3/.exec(line)).toBeNull();
});

test("others run while a large body is normalised, written down and compared", () => {
  const normalise = createNormalise({ exact: new Set(), ignore: [] });
  const values = JSON.stringify(Array.from({ length: 100_000 }, (_, at) => at));
  expect([...normalise(values)].length).toBeGreaterThan(300);
  const text = JSON.stringify([`a 12:00\n${"x y\n".repeat(500_000)}`]);
  expect([...normalise(text)].length).toBeGreaterThan(30);
  const value = { b: [1, null, "x".repeat(100_000), { c: "é" }], a: Array(100_000).fill("y") };
  const pieces = [...canonicalPieces(value)];
  expect(pieces.join("")).toBe(canonicalText(value));
  expect(pieces.length).toBeGreaterThan(4);
});
