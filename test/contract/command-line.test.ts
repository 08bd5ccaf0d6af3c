import { expect, test } from "vitest";
import { commandLine } from "../../src/contract/command-line.js";

test("words are quoted where a shell would need it, and only there", () => {
  expect(commandLine(["node", "agent.js", "--model=gpt-5"])).toBe("node agent.js --model=gpt-5");
  expect(commandLine(["sh", "-c", "echo it's", ""])).toBe("sh -c 'echo it'\\''s' ''");
});
