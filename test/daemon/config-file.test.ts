import { expect, test } from "vitest";
import { z } from "zod";
import { readSettingsFile } from "../../src/daemon/config-file.js";

const schema = z.strictObject({
  outer: z.strictObject({ inner: z.int().optional() }).optional(),
});

test("settings that fit come back, and no problem is added", () => {
  const problems: string[] = [];
  expect(readSettingsFile("f", "outer: { inner: 3 }", schema, problems)).toEqual({
    outer: { inner: 3 },
  });
  expect(problems).toEqual([]);
});

test("a file that is no map at all is told so at its first place", () => {
  const problems: string[] = [];
  expect(readSettingsFile("f", "\n- one\n", schema, problems)).toBeUndefined();
  expect(problems).toEqual(["f:2:1: the file: invalid input: expected object, received array"]);
});
