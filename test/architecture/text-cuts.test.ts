/**
 * Text that is cut by its length is cut by `model/text-cut`: elsewhere a cut
 * may fall into a surrogate pair, or between a letter and its accent.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

/** What is cut by a number or a limit, and is no text of others: with the reason. */
const plain: readonly RegExp[] = [
  // Hex and dates are ASCII.
  /digest(?:\("hex"\))?\.slice\(0, \d+\)|toISOString\(\)\.slice\(0, 1\d\)|"utf8"\)\.slice\(0, 8\)/,
  // Only `\w` and `-` are left of it.
  /"-"\)\.slice\(0, 64\)|^\s*\.slice\(0, 70\)/,
  // A list.
  /(?:like|fresh|groups|differences|terms|mismatches|found|longest\))\b.*\.slice\(0, (?:most\w*|compared|shown)\)|\]\.slice\(0, most\w+\)|\.slice\(0, mostMistakes\)/,
  // It is looked at, and not shown.
  /between\.slice\(0, 16\)|test\(value\.slice|Buffer\.from\(\w+\.slice|digits\.slice|stringIn\(bytes/,
];

test("no text is cut by its length but by model/text-cut", () => {
  const cuts = ["src/daemon", "src/contract"].flatMap(filesIn).flatMap((path) =>
    readFileSync(path, "utf8")
      .split("\n")
      .flatMap((line, at) =>
        /\.(?:slice|substring|substr)\(0, (?:\d{2,}|most\w*|longest\w*)\)/.test(line) &&
        !plain.some((expression) => expression.test(line))
          ? [`${path}:${at + 1}: ${line.trim()}`]
          : [],
      ),
  );
  expect(cuts).toEqual([]);
});

function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesIn(path);
    return path.endsWith(".ts") ? [path] : [];
  });
}
