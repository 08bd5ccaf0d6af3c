import { existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { makePrivateFolder } from "../../../src/daemon/secrets/private-folder.js";

let top: string;
beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), "hoopx-private-"));
});
afterEach(() => rmSync(top, { recursive: true }));

test("every folder that is missing is made, 0700; what is there stays as it is", () => {
  makePrivateFolder(join(top, "a/b/c"));
  makePrivateFolder(join(top, "a/b/c"));
  for (const folder of ["a", "a/b", "a/b/c"]) {
    expect(statSync(join(top, folder)).mode & 0o777).toBe(0o700);
  }
});

test.skipIf(!existsSync("/proc/self"))("where none can be made it throws at once", () => {
  expect(() => makePrivateFolder("/proc/hoopx-none/deep/er")).toThrow();
});
