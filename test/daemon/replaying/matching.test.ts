import { expect, test } from "vitest";
import { atOnce } from "../../../src/daemon/model/turns.js";
import type { Json } from "../../../src/daemon/replaying/json.js";
import {
  type Candidate,
  type Form,
  formOf,
  matchOf,
  nearestTo,
} from "../../../src/daemon/replaying/matching.js";

const made = (...given: Parameters<typeof formOf>) => atOnce(formOf(...given));
const match = <Item extends Candidate>(all: readonly Item[], now: Form) =>
  atOnce(matchOf(all, now));
const nearest = <Item extends Candidate>(all: readonly Item[], now: Form) =>
  atOnce(nearestTo(all, now));
const form = (body: Json, precise: Json = body): Form =>
  made("openai POST /v1/responses", body, precise);
const candidate = (name: string, made: Form, asked = 0): Candidate & { readonly name: string } => ({
  name,
  form: made,
  asked,
});

test("of several that are equal: in the order in which they were recorded, then the last again", () => {
  const all = ["a", "b"].map((name) => ({ ...candidate(name, form("x")) }));
  const take = () => {
    const found = match(all, form("x"));
    if (found !== undefined) Object.assign(found, { asked: found.asked + 1 });
    return found?.name;
  };
  expect([take(), take(), take(), take()]).toEqual(["a", "b", "b", "b"]);
});

test("the one with the same ids first", () => {
  const all = [candidate("a", form("‹id 1›", "resp_a")), candidate("b", form("‹id 1›", "resp_b"))];
  expect(match(all, form("‹id 1›", "resp_b"))?.name).toBe("b");
  expect(match(all, form("‹id 1›", "resp_c"))?.name).toBe("a");
});

test("another operation is another request", () => {
  const all = [candidate("a", form("x"))];
  const other = made("openai GET /v1/models", "x", "x");
  expect(match(all, other)).toBeUndefined();
  expect(nearest(all, other)).toBeUndefined();
});

test("a mark in the record stands for whatever was hidden there", () => {
  const recorded = form({ text: "the key is [masked:github-token]#1, keep it", more: 1 });
  const all = [candidate("a", recorded)];
  expect(match(all, form({ text: "the key is abcdef, keep it", more: 1 }))?.name).toBe("a");
  expect(
    match(all, form({ text: "the key is [masked:github-token]#2, keep it", more: 1 }))?.name,
  ).toBe("a");
  expect(match(all, form({ text: "the key is abcdef, lose it", more: 1 }))).toBeUndefined();
  expect(match(all, form({ text: "the key is abcdef, keep it", more: 2 }))).toBeUndefined();
  // The two halves must not be the same letters.
  expect(match([candidate("a", form("aba[masked:x]#1aba"))], form("abaaba"))?.name).toBe("a");
  expect(match([candidate("a", form("aba[masked:x]#1aba"))], form("ababa"))).toBeUndefined();
});

test("the nearest has the fewest differences, and was best not asked for yet", () => {
  const all = [
    candidate("far", form({ a: 1, b: 2, c: 3 })),
    candidate("asked", form({ a: 1, b: 2 }), 1),
    candidate("near", form({ a: 1, b: 2 })),
  ];
  const found = nearest(all, form({ a: 1, b: 9 }));
  expect(found?.item.name).toBe("near");
  expect(found?.differences).toEqual([{ place: "$.b", kind: "changed", recorded: "2", now: "9" }]);
});
