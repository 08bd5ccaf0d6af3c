/** A large body is read as a small one is: the same is refused, and the same is kept and noted of it. */
import { expect, test } from "vitest";
import {
  notedIn,
  type OutlinePlace,
  outlineOf,
} from "../../../../src/daemon/formats/json/outline.js";
import { parseStrictJson } from "../../../../src/daemon/formats/json/strict.js";
import { atOnce } from "../../../../src/daemon/model/turns.js";
import { createRandomJson } from "../../../support/random-json.js";

const everything: OutlinePlace = {
  kept: true,
  noted: false,
  below: (name) => (name === "model" ? { ...everything, noted: true } : everything),
};
const limits = { jsonValues: 1_000_000 };
const read = (text: string | Buffer, place = everything, most = limits) =>
  atOnce(outlineOf(Buffer.from(text as string), place, most));

function outcomeOf(read: () => unknown) {
  try {
    return { value: read() };
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    // Where JSON breaks the two count otherwise.
    return { code, message: message.replace(/ at (?:byte|character) \d+/, "") };
  }
}

test("whatever the text: the same value, or the same refusal", () => {
  const random = createRandomJson(11);
  const refused = new Set<string>();
  for (let round = 0; round < 6000; round += 1) {
    const json = random.json();
    const text = round % 2 === 0 ? json : random.damaged(json);
    const whole = outcomeOf(() => {
      const value = parseStrictJson(Buffer.from(text));
      return [value, [...notedIn(value, everything)]];
    });
    const outline = outcomeOf(() => {
      const { value, noted } = read(text);
      return [value, [...noted]];
    });
    // Of two mistakes each may name another.
    if ("message" in whole) expect(outline, text).toMatchObject({ code: whole.code });
    else expect(outline, text).toEqual(whole);
    if ("message" in whole) refused.add(whole.message.replace(/(twice).*/s, "$1"));
  }
  expect(refused).toEqual(new Set(["the body is not JSON", "the body has the same key twice"]));
});

test.each<[string, Buffer]>([
  ["UTF-16", Buffer.from("\ufeff{}", "utf16le")],
  ["a byte order mark", Buffer.from("\ufeff{}")],
  ["a byte that is not UTF-8", Buffer.from('{"a":"\xff"}', "latin1")],
  ["too deep", Buffer.from("[".repeat(513) + "]".repeat(513))],
])("%s is refused as in a small body", (_name, bytes) => {
  const whole = outcomeOf(() => parseStrictJson(bytes));
  expect(whole).toMatchObject({ code: "body_unreadable" });
  expect(outcomeOf(() => read(bytes))).toEqual(whole);
});

test("one name among many that stands twice is found, however it is written", () => {
  const names = Array.from({ length: 5000 }, (_, at) => `"name ${at}":${at}`);
  expect(Object.keys(read(`{${names.join(",")}}`).value as object)).toHaveLength(5000);
  for (const again of ['"name 17"', '"\\u006eame 4999"']) {
    const text = `{"a":[{${names.join(",")},${again}:0}]}`;
    expect(outcomeOf(() => read(text))).toMatchObject({ code: "body_unreadable" });
    expect(outcomeOf(() => read(text))).toEqual(
      outcomeOf(() => parseStrictJson(Buffer.from(text))),
    );
  }
});

test("values over the limit are refused with 413, counted as in a small body", () => {
  const text = '{"a":[[],{},1,"x,[{"],"b":null}';
  for (let most = 1; most < 12; most += 1) {
    const whole = outcomeOf(() => [parseStrictJson(Buffer.from(text), "the body", most)].length);
    const outline = outcomeOf(() => [read(text, everything, { jsonValues: most })].length);
    expect(outline).toEqual(whole);
    if (most < 9) expect(whole).toMatchObject({ code: "body_too_many_values" });
    else expect(whole).toEqual({ value: 1 });
  }
});

test("what is not kept costs nothing, and is held to the same rules", () => {
  const nothing: OutlinePlace = { kept: false, noted: false, below: () => nothing };
  const top: OutlinePlace = {
    kept: true,
    noted: false,
    below: (name) => (name === "model" ? everything : nothing),
  };
  const text = (inner: string) => `{"input":${inner},"model":"m"}`;
  expect(read(text("[[1,{}],[]]"), top).value).toEqual({ model: "m" });
  expect(() => read(text('[{"a":1,"a":2}]'), top)).toThrow("the same key twice: input[0].a");
  expect(() => read(text("[1,]"), top)).toThrow("not JSON");
});

test("an item that does not stay leaves no trace, and a long text is cut", () => {
  const item: OutlinePlace = {
    ...everything,
    stays: (value) => (value as { type?: unknown }).type === "tools",
  };
  const list: OutlinePlace = { kept: true, noted: false, below: () => item };
  const items = `"text",{"type":"other"},{"type":"tools","n":1},[1]`;
  expect(read(`[${items}]`, list).value).toEqual([{ type: "tools", n: 1 }]);
  const long = read(JSON.stringify(["a".repeat(20_000)])).value as string[];
  expect(long[0]).toHaveLength(4096);
});

test("a large body is read in many steps", () => {
  const steps = outlineOf(
    Buffer.from(`["${"a".repeat(1 << 20)}"${",0".repeat(1 << 16)}]`),
    everything,
    {
      jsonValues: 1 << 20,
    },
  );
  // More is kept than is ever asked for: refused in the end, but in steps.
  let count = 0;
  expect(() => {
    while (!steps.next().done) count += 1;
  }).toThrow("over 20000 things");
  expect(count).toBeGreaterThan(8);
});
