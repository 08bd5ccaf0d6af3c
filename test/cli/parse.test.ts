/** What a person writes behind a flag, and what is said of what it cannot be. */
import { expect, test } from "vitest";
import {
  parseAmount,
  parseCount,
  parseDollars,
  parseDuration,
  parseLabels,
  parsePieces,
  parseScope,
  parseSince,
  parseSpeed,
} from "../../src/cli/parse.js";

const now = new Date("2026-11-24T10:00:00.000Z");

test.each([
  ["once", { for: "once" }],
  ["session", { for: "session" }],
  ["15m", { for: "time", seconds: 900 }],
  ["7d", { for: "time", seconds: 604_800 }],
])("--for %s", (text, scope) => {
  expect(parseScope(text)).toEqual(scope);
});

test.each([
  ["90s", 90],
  ["30m", 1800],
  ["1h30m", 5400],
  ["7d", 604_800],
])("duration %s", (text, seconds) => {
  expect(parseDuration("--ttl")(text)).toBe(seconds);
});

test.each([
  ["2h", "2026-11-24T08:00:00.000Z"],
  ["7d", "2026-11-17T10:00:00.000Z"],
  ["2026-01-31", "2026-01-31T00:00:00.000Z"],
  ["2026-01-31T12:00:00Z", "2026-01-31T12:00:00.000Z"],
])("since %s", (text, moment) => {
  expect(parseSince(text, now)).toBe(moment);
});

const options: readonly (readonly [
  option: string,
  read: (text: string) => unknown,
  wrong: string[],
])[] = [
  ["--ttl", parseDuration("--ttl"), ["5", "h", "1y", "0s", "-1h"]],
  ["--since", (text) => parseSince(text, now), ["1", "yesterday", "2026-99-99"]],
  ["--limit", parseCount("--limit"), ["0", "-1", "many", "1.5"]],
  ["--tokens", parseAmount("--tokens"), ["-1", "many"]],
  ["--cost-over", parseDollars, ["1.2.3", "much"]],
  ["--speed", parseSpeed, ["0", "1001", "fast"]],
  ["--for", parseScope, ["soon", "99d"]],
  ["--reveal", parsePieces, ["0", "some"]],
  ["--label", (text) => parseLabels([text]), ["support"]],
];

test.each(options)(
  "%s: an error names the option, what it takes, and what it was given",
  (option, read, wrong) => {
    for (const text of wrong) {
      expect(() => read(text), text).toThrow(
        expect.objectContaining({
          message: expect.stringMatching(
            new RegExp(`^${option} takes .*, not ${text.replace("+", ".")}$`),
          ),
          hint: expect.stringMatching(new RegExp(`^write ${option} \\S+$`)),
          exitCode: 2,
        }),
      );
    }
  },
);

test.each(options)("%s: a key in the wrong place is not repeated", (option, read) => {
  for (const key of [
    "sk-proj-1",
    "sk-0123456789abcdef",
    "AKIAABCDEFGHIJKLMNOP",
    "a\u001b[2Jb",
    "",
  ]) {
    let said = "";
    try {
      read(key);
    } catch (error) {
      said = String(error);
    }
    expect(said).toContain(`${option} takes `);
    expect(said).not.toContain(", not ");
  }
});
