/** What moves: `tail` with text, `sessions --watch`, and the measures of `sessions show`. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { widthOf } from "../../../src/cli/output/width.js";
import type { DeltaEvent, LiveEvent } from "../../../src/contract/events.js";
import type { MeasuredSessionView } from "../../../src/contract/measure-views.js";
import { type Answers, type FakeDaemon, startFakeDaemon } from "../support/fake-daemon.js";
import { runCli } from "../support/run-cli.js";
import { exchangeView, sessionView } from "../support/views.js";

let home: string;
let daemon: FakeDaemon | undefined;
const at = "2026-11-24T09:00:02.300Z";
const { id } = sessionView();

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "hoopx-cli-"));
});
afterEach(async () => {
  await daemon?.close();
  rmSync(home, { recursive: true });
});

async function answering(answers: Answers): Promise<FakeDaemon> {
  daemon = await startFakeDaemon(home, answers);
  return daemon;
}

const delta = (seq: number, text: string, change: Partial<DeltaEvent> = {}): DeltaEvent => ({
  type: "exchange.delta",
  at,
  exchange: { id: `exc_${seq}`, sessionId: id, seq },
  ...{ turn: "0", kind: "message", role: "assistant", name: null, text },
  ...change,
});
const told: readonly LiveEvent[] = [
  { type: "exchange.started", at, exchange: exchangeView() },
  delta(1, "It is "),
  delta(1, "\u001b[2Jwarm"),
  delta(1, '{"city":"Oslo"}', { turn: "1", kind: "tool-call", role: null, name: "get_weather" }),
  { type: "exchange.ended", at, exchange: exchangeView() },
  { type: "session.ended", at, session: sessionView() },
];
const live = {
  sessionsShow: () => sessionView({ status: "active" }),
  events: () => told,
};

test("tail on a terminal: what is said, calls as a line, then the exchange's own", async () => {
  const { asked } = await answering(live);
  const { code, stdout } = await runCli(["tail", "live", "--no-color"], { home, columns: 80 });
  expect(code).toBe(0);
  expect(asked[1]).toEqual(["events", {}, `session=${id}&text=1`]);
  const lines = stdout.split("\n");
  expect(lines.slice(0, 3)).toEqual([
    "#1  assistant",
    "    It is \\x1b[2Jwarm",
    '#1  calls get_weather {"city":"Oslo"}',
  ]);
  expect(lines[3]).toMatch(/ {2}#1 {2}responses\.create .* {2}allowed 200 {2}/);
});

test("tail --json --text: pieces are lines too; without --text they are not asked for", async () => {
  const { asked } = await answering(live);
  const { stdout } = await runCli(["tail", "live", "--json", "--text"], { home, columns: 80 });
  const lines = stdout.trimEnd().split("\n");
  expect(lines.map((line) => JSON.parse(line))).toEqual(told);
  await runCli(["tail", "live", "--json"], { home, columns: 80 });
  await runCli(["tail", "live", "--text"], { home });
  expect(asked.filter(([name]) => name === "events").map(([, , query]) => query)).toEqual([
    `session=${id}&text=1`,
    `session=${id}`,
    `session=${id}`,
  ]);
});

test.each([80, 120])(
  "sessions show on %d cells: a bar an exchange, totals below",
  async (columns) => {
    await answering({
      sessionsShow: () => sessionView({ cost: 0.0123 }),
      exchangesList: () => [
        exchangeView({ firstByteMs: 500, durationMs: 2000, status: 500, cost: null }),
        exchangeView({
          ...{ id: "exc_2", seq: 2, startedAt: "2026-11-24T09:00:03.000Z" },
          ...{ firstByteMs: 1000, durationMs: 2000, cost: 0.0123, retryOf: "exc_1", retries: 1 },
        }),
      ],
    });
    const options = { home, columns };
    const { stdout } = await runCli(["sessions", "show", "last", "--no-color"], options);
    for (const line of stdout.split("\n")) expect(widthOf(line), line).toBeLessThanOrEqual(columns);
    const bars = stdout.split("\n").filter((line) => /[░█]/.test(line));
    expect(bars).toHaveLength(2);
    expect(bars[0]).toMatch(/ {2}░+█+$/);
    expect(bars[1]).toMatch(/ {6}░+█+$/);
    expect(stdout).toContain("2 exchanges in 4.0 s · 1,204 → 96 tokens · $0.0123 · 1 retry\n");
    if (columns < 120) return;
    expect(stdout).toMatch(/FIRST +TOKENS|FIRST/);
    expect(bars[0]).toContain(" unknown ");
    expect(bars[1]).toMatch(/ 1\.0 s .*87.*\$0\.0123 {2}of #1/);
  },
);

test("sessions show for programs: measures behind what was there, no bar", async () => {
  await answering({
    sessionsShow: () => sessionView({ cost: null }),
    exchangesList: () => [exchangeView({ cost: null, retryOf: "exc_0", retries: 1 })],
  });
  const { stdout } = await runCli(["sessions", "show", "last"], { home });
  expect(stdout).toContain("cost:\tunknown\n");
  expect(stdout).toMatch(/\texc_1\t200\t87\.3\t\texc_0\t\n$/);
  expect(stdout).not.toMatch(/[░█]/);
  const json = await runCli(["sessions", "show", "last", "--json"], { home });
  expect(JSON.parse(json.stdout)).toMatchObject({
    cost: null,
    exchanges: [{ cost: null, tokensPerSecond: 87.3, retryOf: "exc_0", retries: 1 }],
  });
});

/** A daemon whose sessions change with each step that a test takes. */
async function changing(states: readonly (readonly MeasuredSessionView[])[]) {
  const steps: (() => void)[] = [];
  const waiting = states.slice(1).map(() => new Promise<void>((resolve) => steps.push(resolve)));
  let state = 0;
  await answering({
    sessionsList: () => [...(states[state] ?? [])],
    async *events() {
      for (const step of waiting) {
        await step;
        state += 1;
        yield { type: "session.started", at, session: sessionView() } as const;
      }
      await new Promise(() => {});
    },
  });
  return () => steps.shift()?.();
}

const old = sessionView({ id: "ses_a" });
const first = sessionView({ id: "ses_b", status: "active", title: "evil \u202e" });
const states = [[old], [first, old], [{ ...first, status: "ended" as const }, old]];

test("sessions --watch for programs: a row for each that is there, and for each change", async () => {
  const step = await changing(states);
  const interruption = new AbortController();
  const rows: string[] = [];
  const { code, stderr } = await runCli(["sessions", "--watch"], {
    home,
    interrupted: interruption.signal,
    wrote(text) {
      rows.push(text);
      if (rows.length === 3) interruption.abort();
      else step();
    },
  });
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(rows.map((row) => row.split("\t").slice(0, 2))).toEqual([
    ["ses_a", "ended"],
    ["ses_b", "active"],
    ["ses_b", "ended"],
  ]);
  expect(rows[1]).toContain("evil \\u202e");
});

test("sessions --watch --json: one object a line", async () => {
  const step = await changing(states);
  const interruption = new AbortController();
  const ids: string[] = [];
  await runCli(["sessions", "--watch", "--json", "--search", "x"], {
    home,
    interrupted: interruption.signal,
    wrote(text) {
      ids.push(JSON.parse(text).id);
      if (ids.length === 3) interruption.abort();
      else step();
    },
  });
  expect(ids).toEqual(["ses_a", "ses_b", "ses_b"]);
});

test("sessions --watch on a terminal: drawn in its place", async () => {
  const step = await changing([[], ...states]);
  const interruption = new AbortController();
  const drawings: string[] = [];
  const { code } = await runCli(["sessions", "--watch", "--no-color"], {
    home,
    columns: 80,
    interrupted: interruption.signal,
    wrote(text) {
      drawings.push(text);
      if (drawings.length === 4) interruption.abort();
      else step();
    },
  });
  expect(code).toBe(0);
  expect(drawings[0]).toBe("no sessions yet: hoopx run -- node agent.js\n");
  expect(drawings[1]?.startsWith("\u001b[1A\r\u001b[J")).toBe(true);
  expect(drawings[2]?.startsWith("\u001b[2A\r\u001b[J")).toBe(true);
  expect(drawings[3]).toMatch(/ses_b +ended/);
});

test("sessions --watch says so when the daemon stops", async () => {
  await answering({ sessionsList: () => [old], events: () => [] });
  const { code, stderr } = await runCli(["sessions", "--watch"], { home });
  expect(code).toBe(1);
  expect(stderr).toContain("the daemon stopped");
});
