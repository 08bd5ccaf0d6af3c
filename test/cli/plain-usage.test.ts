/** Command lines that commander does not understand, each sentence in plain words. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { plainUsage } from "../../src/cli/plain-usage.js";
import { runCli } from "./support/run-cli.js";

const home = mkdtempSync(join(tmpdir(), "hoopx-usage-"));
afterAll(() => rmSync(home, { recursive: true }));

test.each<[line: string, error: string, hint: string]>([
  ["runn", "unknown command runn", "did you mean run? (hoopx --help)"],
  ["sessions shw last", "unknown command shw", "did you mean show? (hoopx sessions --help)"],
  ["sk-0123456789abcdef", "unknown command", "hoopx --help"],
  ["sessions --lmit 3", "unknown option --lmit", "did you mean --limit? (hoopx sessions --help)"],
  ["run --tokn=sk-0123456789abcdef", "unknown option --tokn", "hoopx run --help"],
  ["sessions show", "the argument <id> is missing", "hoopx sessions show --help"],
  ["sessions show one two", "too many arguments", "hoopx sessions show --help"],
  ["sessions --limit", "--limit needs a value: <number>", "hoopx sessions --help"],
  [
    "sessions --status gone",
    "--status takes one of active, ended, revoked, expired, not gone",
    "hoopx sessions --help",
  ],
  [
    "sessions export last --format sk-0123456789abcdef",
    "--format takes one of jsonl, har, markdown, html, otel, asciicast",
    "hoopx sessions export --help",
  ],
  [
    "completion tcsh",
    "shell is one of bash, zsh, fish, powershell, not tcsh",
    "hoopx completion --help",
  ],
  [
    "run --ttl 5 -- true",
    "--ttl takes a number with a unit (s, m, h, d or w), not 5",
    "write --ttl 30m",
  ],
])("hoopx %s", async (line, error, hint) => {
  const { code, stderr } = await runCli(line.split(" "), { home });
  expect({ code, stderr }).toEqual({ code: 2, stderr: `error: ${error}\nhint: ${hint}\n` });
});

test("a sentence that is not known repeats nothing", () => {
  expect(plainUsage("error: option '--x' argument 'sk-0123456789abcdef' is odd")).toEqual({
    message: "the command line cannot be understood",
    suggestion: undefined,
  });
});
