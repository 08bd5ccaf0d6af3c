import { expect, test } from "vitest";
import { terminalInput } from "../../../src/daemon/processes/terminal-input.js";

function missing(): string {
  throw new Error("there is no such file");
}

const systems: [string, () => string, string | undefined][] = [
  ["linux", () => "0\n", "closed"],
  ["linux", () => "1\n", "open"],
  // A kernel before 6.2 has no such setting, and permits it.
  ["linux", missing, "always-open"],
  ["darwin", missing, undefined],
  ["win32", missing, undefined],
];

test.each(systems)("on %s", (platform, read, expected) => {
  expect(terminalInput(platform, read)).toBe(expected);
});
