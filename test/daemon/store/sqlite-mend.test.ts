/** The hint for a missing SQLite names what is missing: the package, its build, or a compiler for it. */
import { expect, test } from "vitest";
import { sqliteMend } from "../../../src/daemon/store/sqlite-mend.js";

test("Node 20: the command that fits, what a build needs, and the way without one", () => {
  expect(sqliteMend(20, "absent")).toContain("npm ci --include=optional --ignore-scripts=false");
  // npm rebuilds only a package that is there.
  expect(sqliteMend(20, "absent")).not.toContain("npm rebuild");
  expect(sqliteMend(20, "unusable")).toContain("npm rebuild better-sqlite3-node20");
  for (const fault of ["absent", "unusable"] as const) {
    expect(sqliteMend(20, fault)).toContain("apt install build-essential python3");
    expect(sqliteMend(20, fault)).toContain("or use Node 22 or newer");
  }
});

test("Node 22 and newer: nothing is built, so no compiler is asked for", () => {
  for (const fault of ["absent", "unusable"] as const) {
    expect(sqliteMend(22, fault)).not.toMatch(/compiler|ignore-scripts/);
  }
  expect(sqliteMend(24, "absent")).toContain("--include=optional");
  expect(sqliteMend(24, "unusable")).not.toContain("--include=optional");
});
