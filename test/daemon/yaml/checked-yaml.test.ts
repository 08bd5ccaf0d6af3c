import { expect, test } from "vitest";
import { z } from "zod";
import {
  problemLine,
  readCheckedYaml,
  readCheckedYamlSteps,
} from "../../../src/daemon/yaml/checked-yaml.js";
import { parseYamlSteps } from "../../../src/daemon/yaml/syntax-mistake.js";

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
  ["words", "a: x\n".repeat(100_000), "there are over 20000 words and signs"],
])("%s without end are told, and not parsed", (_, text, said) => {
  const problems = problemsIn(text);
  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain(said);
});

test("one mistake of indentation is one problem, and a second document is one", () => {
  const indented = "outer:\n  inner: 3\n   more: 4\ncolour: green\nlist: []\n";
  expect(problemsIn(indented)).toHaveLength(1);
  expect(problemsIn(indented)[0]).toMatch(/^f:[23]:/);
  expect(problemsIn("colour: green\n---\ncolour: green\n")).toEqual([
    "f:2:1: a second document begins (---); take out the line",
  ]);
});

test("a key that is there twice is told, in a map of any length", () => {
  expect(problemsIn("outer:\n  inner: 3\n  inner: 4\n")).toEqual([
    "f:3:3: this key is there twice; keep one of the two",
  ]);
  const keys = Array.from({ length: 2000 }, (_, at) => `key${at}: 1`);
  expect(problemsIn([...keys, "key7: 2"].join("\n"))).toEqual([
    "f:2001:1: this key is there twice; keep one of the two",
  ]);
});

test("of thousands of mistakes the first are told", () => {
  const keys = Array.from({ length: 2000 }, (_, at) => `key${at}: 1`);
  expect(problemsIn(keys.join("\n"))).toHaveLength(20);
  expect(problemsIn(`list: [${"{},".repeat(2000)}]`)).toHaveLength(20);
  expect(problemsIn(`list: [a, ${"1,".repeat(2000)}]`)).toEqual([
    'f:1:11: list.1 must be text in so long a list; put it in quotes: "…"',
  ]);
  expect(
    problemsIn(`list:\n${Array.from({ length: 70 }, (_, at) => `${" ".repeat(at)}- \n`).join("")}`),
  ).toHaveLength(1);
});

/** Drives steps to their end; how many there were, and what came of them. */
function counted<Result>(steps: Generator<void, Result>): { steps: number; result: Result } {
  for (let count = 0; ; count += 1) {
    const { done, value } = steps.next();
    if (done) return { steps: count, result: value };
  }
}

test("a long file is parsed some words at a time, and its long list item by item", () => {
  const text = `colour: green\nlist:\n${"- x\n".repeat(9000)}`;
  expect(counted(parseYamlSteps(text)).steps).toBeGreaterThan((9000 * 4) / 256);
  const item = z.string();
  const longList = { key: "list", item, most: 9000 };
  const how = { file: "f", schema, keyNoun: "setting", longList };
  const { steps, result } = counted(readCheckedYamlSteps(text, how));
  expect(steps).toBeGreaterThan(9000);
  expect(result.value?.list).toHaveLength(9000);
  const over = counted(readCheckedYamlSteps(`${text}- 7\n`, how)).result.problems;
  expect(over.map(problemLine)).toEqual([
    'f:9003:3: list.9000 must be text in so long a list; put it in quotes: "…"',
  ]);
  const more = counted(readCheckedYamlSteps(`${text}- z\n`, how)).result.problems;
  expect(more.map(problemLine)).toEqual(["f:3:1: list must have at most 9000 items"]);
});
