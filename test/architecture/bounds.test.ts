/** The table of bounds in docs/security.md names tests that are there. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "../support/sources.js";

const text = readFileSync(join(root, "docs/security.md"), "utf8");
const section = text.split(/^## /m).find((part) => part.startsWith("Bounds\n")) ?? "";
const rows = section
  .split("\n")
  .filter((line) => /^\| (?!what |---)/.test(line) && !line.startsWith("|---"))
  .map((line) => line.split(" | "));

test("every bound says its size, what happens at it, and the test that reaches it", () => {
  expect(rows.length).toBeGreaterThan(30);
  for (const row of rows) {
    expect(row, row[0]).toHaveLength(4);
    const named = [...(row[3] ?? "").matchAll(/`([^`]+\.test\.ts)`/g)].map(([, file]) => file);
    expect(named, row[0]).not.toEqual([]);
    for (const file of named) expect(existsSync(join(root, file ?? "")), file).toBe(true);
  }
});
