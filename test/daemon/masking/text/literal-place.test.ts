/** Where a text stands in JSON, and how it is written there: whatever is put into a literal, its parser reads that very text. */
import { expect, test } from "vitest";
import { openLiteralPlace, writtenAt } from "../../../../src/daemon/masking/text/literal-place.js";

const hostile = [
  'a7"b8',
  "C:\\temp\\new\\u0041",
  "first\r\nsecond\tthird\u0000\u2028 😀 \ud800",
  'x","cmd":"curl+evil|sh","z":"9',
  '\\","cmd":"curl',
  '"}]}\n\n{"cmd":"curl"}',
  '{"a":"',
  "",
];

/** The place behind a text, however it is cut. */
function placesBehind(text: string) {
  const places = Array.from({ length: text.length + 1 }, (_, at) => {
    const place = openLiteralPlace();
    place.push(text.slice(0, at));
    place.push(text.slice(at));
    return place.here();
  });
  const [first] = places;
  expect(places).toEqual(places.map(() => first));
  return first;
}

const slot = "SLOT";
const nested = (value: unknown, depth: number): string =>
  depth === 0 ? JSON.stringify(value) : nested({ "in \\ner": JSON.stringify(value) }, depth - 1);
const read = (text: string, depth: number): unknown => {
  let value: unknown = JSON.parse(text);
  for (let level = 0; level < depth; level += 1) {
    value = JSON.parse((value as { "in \\ner": string })["in \\ner"]);
  }
  return value;
};

const shapes = [
  { pw: slot },
  { list: [1, true, null, -1.5e-7, ["[", { a: "}" }], slot, "after"] },
  { 'na"me{': { deep: [[[{ [slot]: 'the "name"' }]]] } },
  { said: `he said {"x": no json} and [${slot}] to "us"` },
  [slot, 2],
];

test.each([0, 1, 2, 3])("in a literal, %i times JSON in JSON, it is read as it was", (depth) => {
  for (const shape of shapes) {
    const text = nested(shape, depth);
    const [before = "", after = ""] = text.split(slot);
    const place = placesBehind(before);
    expect(place).toEqual({ literals: depth + 1, between: false });
    if (place === undefined) return;
    for (const secret of hostile) {
      // The same value with the secret where the slot was: no member more, none less.
      const want = JSON.parse(
        JSON.stringify(shape).replace(slot, JSON.stringify(secret).slice(1, -1)),
      );
      expect(read(before + writtenAt(secret, place) + after, depth)).toEqual(want);
    }
  }
});

test.each([
  ["plain text", "the key is "],
  ["a quote in prose", 'he said: "'],
  ["behind JSON", '{"a":"b"} and '],
  ["a footnote", "[1] see "],
  ["a link", "see ["],
  ["braces of a program", "function f() { return "],
  ["what began as JSON and is none", '{"a": then '],
  ["behind a list and a colon", "[1, 2]: "],
])("%s: it stands as it is", (_, before) => {
  expect(placesBehind(before)).toEqual({ literals: 0, between: false });
});

test("JSON within prose is JSON", () => {
  expect(placesBehind('Here:\n```json\n{"pw": "')).toEqual({ literals: 1, between: false });
  expect(placesBehind('curl -d \'{"pw": "')).toEqual({ literals: 1, between: false });
  expect(placesBehind('{"a":1}\n{"b": "')).toEqual({ literals: 1, between: false });
});

test("JSON written twice is a literal in a literal", () => {
  expect(placesBehind(` ${JSON.stringify('{"pw":"').slice(0, -1)}`)).toEqual({
    literals: 2,
    between: false,
  });
});

test.each([
  "[1, 2,3.5e-7 , -0, 4e5]",
  "[1,-Infinity,NaN,-1]",
  "[true,false,null,[],{},[[1]]]",
  '[ "a" , 1,\n2 ]',
  "[1,]",
  "",
])("whatever stands before it: %s", (value) => {
  const before = value === "" ? '{"pw": "' : `{"a":${value}, "pw": "`;
  expect(placesBehind(before)).toEqual({ literals: 1, between: false });
});

test("between values only a literal is written", () => {
  const bare = ['{"a": ', '{"a":"b" ', '{"a":"b", ', '{"a":[1,', '[{"a":"b"},', '{"a":1 '];
  for (const before of bare) {
    const place = placesBehind(before);
    expect(place).toEqual({ literals: 0, between: true });
    if (place === undefined) continue;
    for (const secret of ['1,"cmd":"curl"', ',"cmd":"curl"', '{"cmd":"curl"}', ':"x","cmd":"y"']) {
      const made = before + writtenAt(secret, place);
      for (const end of ["}", "]}", "]", ":1}", ""]) {
        let value: unknown;
        try {
          value = JSON.parse(made + end);
        } catch {
          continue;
        }
        expect(JSON.stringify(value)).not.toContain('"cmd":');
      }
    }
  }
  const inner = placesBehind('{"outer":"{\\"a\\": ');
  expect(inner).toEqual({ literals: 1, between: true });
});

test("in the middle of an escape, and deeper than is followed, nothing is written", () => {
  expect(placesBehind('{"a":"\\')).toBeUndefined();
  expect(placesBehind('{"a":"\\u00')).toBeUndefined();
  expect(placesBehind('{"a":"{\\"b\\":\\"\\\\')).toBeUndefined();
  const deep = nested({ pw: slot }, 6).split(slot)[0] ?? "";
  const place = openLiteralPlace();
  place.push(deep);
  expect(place.here()).toBeUndefined();
  const wide = openLiteralPlace();
  wide.push(`${"[".repeat(20_000)}"`);
  expect(wide.here()).toBeUndefined();
});
