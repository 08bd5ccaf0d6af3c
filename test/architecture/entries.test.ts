/**
 * What every entry of the program does before it does anything: it takes the
 * signal that opens Node's debugger, and it runs no code from a cache that an
 * agent can write.
 */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const root = new URL("../../", import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), "utf8");

test("the command line ignores SIGUSR1 before it loads the rest", () => {
  const text = read("src/cli/main.ts");
  const taken = text.indexOf('process.on("SIGUSR1"');
  expect(taken).toBeGreaterThan(0);
  expect(taken).toBeLessThan(text.indexOf("await import("));
});

test("nothing turns Node's compile cache on", () => {
  const files = execFileSync("find", ["src", "bin", "-type", "f"], { cwd: root, encoding: "utf8" });
  for (const path of files.trim().split("\n")) {
    expect(read(path), path).not.toMatch(/enableCompileCache|NODE_COMPILE_CACHE/);
  }
});
