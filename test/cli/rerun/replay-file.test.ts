import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readReplayFile } from "../../../src/cli/rerun/replay-file.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hoopx-replay-"));
  mkdirSync(join(folder, ".hoopx"));
});
afterEach(() => rmSync(folder, { recursive: true }));
const write = (text: string) => writeFileSync(join(folder, ".hoopx", "replay.yaml"), text);

test("what may differ, and what has to be the same after all", () => {
  expect(readReplayFile(folder)).toEqual({ ignore: [], exact: [] });
  write("# nothing yet\n");
  expect(readReplayFile(folder)).toEqual({ ignore: [], exact: [] });
  write("ignore: ['input[*].stamp']\nexact: [paths]\n");
  expect(readReplayFile(folder)).toEqual({ ignore: ["input[*].stamp"], exact: ["paths"] });
});

test.each([
  ["a: [", "it is not YAML"],
  ["- x", "it has to hold ignore and exact"],
  ["ignored: []", "it may hold ignore and exact only"],
  ["ignore: x", "ignore has to be a list of places"],
  ["exact: [pahts]", "exact has to be a list of fields, ids"],
])("%j is refused: %s", (text, why) => {
  write(text);
  expect(() => readReplayFile(folder)).toThrow(why);
});
