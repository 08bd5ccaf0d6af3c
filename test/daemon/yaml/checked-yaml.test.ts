import { expect, test } from "vitest";
import { z } from "zod";
import { problemLine, readCheckedYaml } from "../../../src/daemon/yaml/checked-yaml.js";

const schema = z.strictObject({
  outer: z.strictObject({ inner: z.int().optional() }).optional(),
  colour: z.enum(["green", "yellow"]).optional(),
  list: z.array(z.union([z.string(), z.strictObject({ name: z.string() })])).optional(),
});

const problemsIn = (text: string) =>
  readCheckedYaml("f", text, schema).problems.map((problem) => problemLine(problem));

test("a file that fits comes back as its value, and has no problem", () => {
  const { value, problems } = readCheckedYaml("f", "outer: { inner: 3 }", schema);
  expect(value).toEqual({ outer: { inner: 3 } });
  expect(problems).toEqual([]);
});

test("a file that is no map at all is told so at its first place", () => {
  expect(problemsIn("\n- one\n")).toEqual([
    "f:2:1: the file must be a map of keys and values, and is a list",
  ]);
});

test("a key or a word that does not exist is told with the one that was meant, at its place", () => {
  expect(problemsIn("outer:\n  iner: 3\n")).toEqual([
    "f:2:3: no setting outer.iner; did you mean inner?",
  ]);
  expect(problemsIn("colour: gren\n")).toEqual([
    'f:1:9: colour must be "green" or "yellow"; did you mean green?',
  ]);
});

test("of a value with two shapes, the one it nearly has is told about", () => {
  expect(problemsIn("list:\n  - nam: x\n")).toContain(
    "f:2:5: no setting list.0.nam; did you mean name?",
  );
});

test("what YAML itself cannot read has its place too, and aliases cannot blow it up", () => {
  expect(problemsIn("outer: [")[0]).toMatch(/^f:1:9: /);
  const bomb = `a: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [${"*a,".repeat(9)}*a]\nc: [${"*b,".repeat(9)}*b]`;
  expect(problemsIn(bomb)[0]).toMatch(
    /^f:2:8: the aliases \(\*name\) here cannot be followed; write the value out/,
  );
});

test.each([
  [
    "brackets within brackets",
    `outer: ${"[".repeat(200_000)}`,
    "f:1:40: there are over 32 brackets",
  ],
  ["maps within maps", "\n{a: ".repeat(50_000), "f:34:1: there are over 32 brackets"],
  ["anchors", "- &a x\n".repeat(40_000), "f:101:3: there are over 100 anchors"],
  ["words", "a: x\n".repeat(100_000), "there are over 50000 words and signs"],
])("%s without end are told, and not parsed", (_, text, said) => {
  const problems = problemsIn(text);
  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain(said);
});
