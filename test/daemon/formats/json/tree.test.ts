/** Where values stand in a JSON text; what is none. */
import { expect, test } from "vitest";
import { type JsonNode, jsonTree, memberOf } from "../../../../src/daemon/formats/json/tree.js";

const parsedOf = ({ value, items, members }: JsonNode): unknown =>
  items?.map(parsedOf) ??
  (members === undefined
    ? value
    : Object.fromEntries(members.map(({ key, node }) => [key.value, parsedOf(node)])));

test("reads what JSON.parse reads, and says where it stands", () => {
  const text = ' {"a":["x\\n\\u00e9 é😀",-1.5e3,true,null,{}],\t"b\\"":[],"c":{"d":"e"}}\n';
  const tree = jsonTree(text) as JsonNode;
  expect(parsedOf(tree)).toEqual(JSON.parse(text));
  const { start, end } = memberOf(memberOf(tree, "c"), "d") as JsonNode;
  expect(text.slice(start, end)).toBe('"e"');
});

test("of a key that stands twice both members are there, and the last is meant", () => {
  const tree = jsonTree('{"a":1,"\\u0061":2}');
  expect(tree?.members).toHaveLength(2);
  expect(memberOf(tree, "a")?.value).toBe(2);
});

test.each([
  "",
  "{",
  '{"a"}',
  '{"a":1,}',
  "[1 2]",
  '"a',
  '"\\x"',
  "01",
  "{} {}",
  "nul",
  '{"a":"\n"}',
  "[".repeat(300),
])("%j is none", (text) => {
  expect(jsonTree(text)).toBeUndefined();
});
