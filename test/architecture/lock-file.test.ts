/** The lock file keeps install scripts out of Node 22 and newer (docs/decisions/0001). */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

interface LockedPackage {
  readonly dev?: boolean;
  readonly hasInstallScript?: boolean;
  readonly engines?: { readonly node?: string };
}

const lock = JSON.parse(readFileSync("package-lock.json", "utf8")) as {
  readonly packages: Readonly<Record<string, LockedPackage>>;
};

test("the marks that npm does not write are there: node scripts/lock-marks.js", async () => {
  const script = new URL("../../scripts/lock-marks.js", import.meta.url).href;
  const { lockMarks } = (await import(script)) as { lockMarks: Record<string, object> };
  expect(Object.keys(lockMarks)).toHaveLength(2);
  for (const [place, marks] of Object.entries(lockMarks)) {
    expect(lock.packages[place], place).toMatchObject(marks);
  }
});

test("each package with an install script is for Node 20 alone, or works without it", () => {
  const scripted = Object.entries(lock.packages)
    .filter(([, entry]) => entry.hasInstallScript && entry.engines?.node !== "^20.19.0")
    .map(([place]) => place);
  // Both take their machine code from a package for each platform; the script only looks for it.
  expect(scripted.sort()).toEqual(["node_modules/esbuild", "node_modules/koffi"]);
});
