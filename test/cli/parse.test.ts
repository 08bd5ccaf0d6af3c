/** What a person writes behind a flag, and what is said of what it cannot be. */
import { expect, test } from "vitest";
import { parseScope } from "../../src/cli/parse.js";

test.each([
  ["once", { for: "once" }],
  ["session", { for: "session" }],
  ["15m", { for: "time", seconds: 900 }],
  ["7d", { for: "time", seconds: 604_800 }],
])("--for %s", (text, scope) => {
  expect(parseScope(text)).toEqual(scope);
});

test.each([
  ["soon", "--for takes once, session or a duration", "write --for 15m"],
  ["99d", "--for takes seven days at most", "write --for 7d"],
])("--for %s is a usage error that says how to mend it", (text, message, hint) => {
  expect(() => parseScope(text)).toThrow(expect.objectContaining({ message, hint, exitCode: 2 }));
});
