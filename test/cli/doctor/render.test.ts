import { expect, test } from "vitest";
import { failed, passed, skipped } from "../../../src/cli/doctor/check.js";
import { renderChecks } from "../../../src/cli/doctor/render.js";
import { colours } from "../../../src/cli/output/colour.js";
import { widthOf } from "../../../src/cli/output/width.js";

const plain = colours(false);
const checks = [
  passed("daemon", "version 1"),
  failed("keychain", "it cannot be reached\u001b[31m because of many words that fill lines", "do"),
  skipped("identity provider", "not configured"),
];

test("a line each, and nothing raw", () => {
  expect(renderChecks(checks, { width: undefined, colours: plain })).toBe(
    [
      "✓ daemon              version 1",
      "✗ keychain            it cannot be reached\\x1b[31m because of many words that fill lines",
      "                      hint: do",
      "– identity provider   not configured",
      "",
    ].join("\n"),
  );
});

test("what is too long for the terminal goes on below, whole", () => {
  const text = renderChecks(checks, { width: 50, colours: plain });
  for (const line of text.split("\n")) expect(widthOf(line)).toBeLessThanOrEqual(50);
  const words = text.replaceAll(/\s+/g, " ");
  expect(words).toContain("because of many words that fill lines");
});
