import { expect, test } from "vitest";
import { differenceLine, differencesOf } from "../../../src/daemon/replaying/difference.js";
import type { Json } from "../../../src/daemon/replaying/json.js";

const lines = (was: Json, is: Json) => differencesOf(was, is).map(differenceLine);

test("added, removed and changed, in the order of their places", () => {
  expect(
    lines(
      { a: 1, b: { c: "x", d: [1] }, e: true },
      { b: { c: "y", d: { z: 1 } }, e: true, f: null },
    ),
  ).toEqual([
    "$.a removed: 1",
    '$.b.c changed from "x" to "y"',
    '$.b.d changed from [1] to {"z":1}',
    "$.f added: null",
  ]);
  expect(lines({ a: [1, { b: 2 }] }, { a: [1, { b: 2 }] })).toEqual([]);
});

test("one message more is one difference, wherever it stands", () => {
  expect(lines(["a", "b", "c"], ["a", "x", "b", "c"])).toEqual(['$[1] added: "x"']);
  expect(lines(["a", "b", "c"], ["b", "c"])).toEqual(['$[0] removed: "a"']);
  expect(lines(["a"], ["a", "b"])).toEqual(['$[1] added: "b"']);
});

test("long texts are cut around where they part", () => {
  const [line] = lines(`${"a".repeat(500)}tail one`, `${"a".repeat(500)}tail two`);
  expect(line).toBe(`$ changed from "…${"a".repeat(15)}tail one" to "…${"a".repeat(15)}tail two"`);
  const [long] = lines("x", "y".repeat(1000));
  expect(long?.length).toBeLessThan(150);
});

test("what could move a cursor is shown as what it is", () => {
  const [line = ""] = lines("a", "\u001b[2J\u009b1m\u202e\u2028\ud800");
  expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}]/u);
  expect(line).toContain("\\u001b[2J");
  expect(line).toContain("\\u{202e}");
});

test("there is an end to them", () => {
  expect(
    lines({}, Object.fromEntries(Array.from({ length: 999 }, (_, at) => [`k${at}`, at]))),
  ).toHaveLength(50);
});

test("lists in lists, of other lengths at every level, are no more work than they are long", () => {
  const nested = (depth: number, more: Json[]): Json =>
    Array.from({ length: depth }).reduce<Json>((inner) => ["a", inner, ...more], "x");
  expect(lines(nested(60, []), nested(60, ["b"]))).not.toEqual([]);
});
