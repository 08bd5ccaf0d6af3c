import { expect, test } from "vitest";
import { commandOf } from "../../../src/daemon/processes/run-command.js";

const started = (words: readonly string[], said: string) =>
  commandOf({ commandLine: () => words }, 1, said);

test.each([
  ["the same words", ["node", "agent.mjs"], "node agent.mjs"],
  [
    "what hoopx run was given",
    ["node", "/x/hoopx.js", "run", "--", "sh", "-c", "a b"],
    "sh -c 'a b'",
  ],
  ["a script's interpreter", ["/bin/sh", "./agent.sh", "x"], "./agent.sh x"],
  ["a script found by PATH", ["node", "/usr/local/bin/codex", "exec"], "codex exec"],
  ["its env", ["/usr/bin/env", "node", "/usr/local/bin/codex"], "codex"],
])("a claim is kept where the kernel has %s", (_, words, said) => {
  expect(started(words, said)).toBe(said);
});

test.each([
  ["another program", ["evil", "agent.mjs"], "node agent.mjs"],
  ["more words", ["node", "agent.mjs", "--evil"], "node agent.mjs"],
  ["fewer words", ["node"], "node agent.mjs"],
  ["words cut elsewhere", ["node agent.mjs"], "node agent.mjs"],
])("with %s the kernel's words count", (_, words, said) => {
  expect(started(words, said)).not.toBe(said);
});

test("of a process that has ended what was known before stays", () => {
  expect(started([], "node agent.mjs")).toBe("node agent.mjs");
});
