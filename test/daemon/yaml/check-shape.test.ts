/** A mistake never repeats a value that may be a secret; a number is told where a number belongs. */
import { expect, test } from "vitest";
import * as z from "zod";
import { checkShape, mistakeLine } from "../../../src/daemon/yaml/check-shape.js";

const lineOf = (schema: z.ZodType, value: unknown) => {
  const [mistake] = checkShape(z.strictObject({ a: schema }), { a: value }).mistakes;
  return mistake && mistakeLine(mistake, { whole: "it", key: "key" });
};

const secret = 4929_1734_5566;

test.each<[string, z.ZodType]>([
  ["text", z.string()],
  ["one of some words", z.enum(["on", "off"])],
  ["a list of texts", z.array(z.string())],
  ["text or a list", z.union([z.string(), z.array(z.string())])],
  ["a map", z.strictObject({ b: z.string() })],
  ["a form of its own", z.unknown().refine(() => false, "must be a time such as 5m")],
  ["true or false", z.boolean()],
])("a number where %s belongs is not repeated", (_what, schema) => {
  for (const value of [secret, BigInt(secret), -secret]) {
    expect(lineOf(schema, value)).toMatch(/^a must be .*, and is a number/);
    expect(lineOf(schema, value)).not.toContain("4929");
  }
});

test.each<[string, z.ZodType, number]>([
  ["a must be a whole number, and is 1.5", z.int(), 1.5],
  ["a must be at least 3, and is 2", z.number().min(3), 2],
  ["a must be at most 3, and is 4", z.int().max(3), 4],
  ["a must be a multiple of 5, and is 7", z.number().multipleOf(5), 7],
])("%s", (says, schema, value) => {
  expect(lineOf(schema, value)).toBe(says);
});
