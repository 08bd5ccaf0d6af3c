import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type ReportOptions, reportOf, writeReport } from "../../../src/cli/rerun/report.js";
import { exchange, miss, replayView } from "./views.js";

const options = (changes: Partial<ReportOptions> = {}): ReportOptions => ({
  replay: replayView(),
  agent: 0,
  strict: false,
  at: "2026-11-26T02:00:00.123Z",
  ...changes,
});

test("a case for each recorded exchange, and one for the agent's exit", () => {
  const text = reportOf(options());
  expect(namesIn(text)).toEqual([
    "exchange 1: responses.create",
    "exchange 2: responses.create",
    "the agent exits with 0",
  ]);
  expect(text).toContain(
    'tests="3" failures="0" errors="0" skipped="0" timestamp="2026-11-26T02:00:00"',
  );
  expect(text).toContain('<property name="session" value="ses_again00000000000"/>');
});

test("a miss fails the exchange that it is nearest to, others are cases of their own", () => {
  const exchanges = [
    exchange(1),
    exchange(2, "unasked"),
    exchange(3, "unasked"),
    exchange(4, "refused"),
  ];
  const misses = [
    miss(),
    miss({ seq: 3 }),
    miss({ seq: 4, nearest: null, differences: [] }),
    miss({ seq: 5, answeredBy: "upstream" }),
  ];
  const text = reportOf(options({ replay: replayView({ exchanges, misses }), agent: 7 }));
  wellFormed(text);
  expect(namesIn(text)).toEqual([
    "exchange 1: responses.create",
    "exchange 2: responses.create",
    "exchange 3: responses.create",
    "exchange 4: responses.create",
    "request 3: responses.create",
    "request 4: responses.create",
    "the agent exits with 0",
  ]);
  expect(text).toContain('failures="5" errors="0" skipped="1"');
  expect(text).toContain("$.input changed from &quot;a&lt;b&gt;&amp;&quot; to");
  expect(text).toContain('<skipped message="it was not asked for"/>');
  expect(text).toContain("it exited with 7");
  expect(text).toContain("the policy in force refused it");
});

test("strictly, what was not asked for fails", () => {
  const text = reportOf(
    options({ replay: replayView({ exchanges: [exchange(1, "unasked")] }), strict: true }),
  );
  expect(text).toContain('failures="1" errors="0" skipped="0"');
});

test("whatever a prompt holds, the report is well-formed and moves no cursor", () => {
  const nasty = "]]>\u0000\u001b[2J\u202e\ufffe\ud800<!-- --><![CDATA[&quot;'\"";
  const replay = replayView({
    exchanges: [{ ...exchange(1, "unasked"), action: nasty }],
    misses: [
      miss({
        nearest: 1,
        action: nasty,
        differences: [{ place: nasty, kind: "added", recorded: null, now: nasty }],
      }),
    ],
  });
  const text = reportOf(options({ replay }));
  wellFormed(text);
  expect(text).not.toMatch(/[^\P{Cc}\n]|[\p{Cf}\p{Cs}\ufffe]/u);
});

test("it is written to a file, and where it cannot be that is said", () => {
  const folder = mkdtempSync(join(tmpdir(), "hoopx-report-"));
  const file = join(folder, "junit.xml");
  writeReport(file, options());
  expect(readFileSync(file, "utf8")).toBe(reportOf(options()));
  expect(() => writeReport(join(folder, "none", "junit.xml"), options())).toThrow(
    /cannot be written: ENOENT/,
  );
  rmSync(folder, { recursive: true });
});

const namesIn = (text: string) =>
  [...text.matchAll(/<testcase [^>]*? name="([^"]*)"/g)].map(([, name]) => name);

/** What XML 1.0 asks of the few things that a report is made of: tags that pair up, and nothing bare between. */
function wellFormed(text: string): void {
  const attribute = String.raw`\s+[\w:-]+="(?:[^<&"]|&(?:amp|lt|gt|quot);)*"`;
  const token = new RegExp(
    String.raw`<\?xml[^?]*\?>|<(/?)([\w-]+)((?:${attribute})*)\s*(/?)>|(?:[^<&]|&(?:amp|lt|gt|quot);)+`,
    "y",
  );
  const open: string[] = [];
  while (token.lastIndex < text.length) {
    const at = token.lastIndex;
    const found = token.exec(text);
    if (found === null) throw new Error(`not well-formed at ${text.slice(at, at + 80)}`);
    const [whole, slash, name = "", , empty] = found;
    if (whole.includes("]]>")) throw new Error("the end of a CDATA section in a text");
    if (name === "" || empty === "/") continue;
    if (slash === "/") expect(open.pop()).toBe(name);
    else open.push(name);
  }
  expect(open).toEqual([]);
}
