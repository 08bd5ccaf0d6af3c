import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { widthOf } from "../../../src/cli/output/width.js";
import type { LiveEvent } from "../../../src/contract/events.js";
import { type Answers, type FakeDaemon, startFakeDaemon } from "../support/fake-daemon.js";
import { runCli } from "../support/run-cli.js";
import {
  conversationView,
  daemonView,
  decisionView,
  exchangeView,
  sessionView,
} from "../support/views.js";

let home: string;
let daemon: FakeDaemon;
const at = "2026-11-24T09:00:02.300Z";
const id = sessionView().id;

const denied = exchangeView({
  seq: 2,
  status: 400,
  decision: decisionView("deny", "r", "not for \u001b[31magents"),
  error: "policy_denied",
  tokens: null,
});
const events: readonly LiveEvent[] = [
  { type: "session.started", at, session: sessionView({ status: "active" }) },
  { type: "exchange.started", at, exchange: exchangeView() },
  { type: "exchange.ended", at, exchange: exchangeView() },
  { type: "exchange.ended", at, exchange: denied },
  { type: "session.ended", at, session: sessionView() },
];

const answers: Answers = {
  sessionsList: () => [
    sessionView({ status: "active", title: "weather \u202eevil", endedAt: null, exitCode: null }),
    sessionView({ id: "ses_b" }),
  ],
  sessionsShow: ({ params }) =>
    sessionView({ status: params.id === "live" ? "active" : "ended", labels: { team: "sky" } }),
  exchangesList: () => [exchangeView(), denied],
  sessionsRevoke: () => sessionView({ status: "revoked" }),
  events: () => events,
  conversation: () => [
    conversationView(),
    conversationView({ exchange: denied, prompt: [], reply: [], complete: true }),
  ],
};

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), "hoopx-cli-"));
  daemon = await startFakeDaemon(home, answers);
});
afterEach(async () => {
  await daemon.close();
  rmSync(home, { recursive: true });
});

test("a list that stops at its limit says so, and how to see more; stdout is as it was", async () => {
  const two = () => [sessionView({ id: "ses_a" }), sessionView({ id: "ses_b" })];
  await daemon.close();
  daemon = await startFakeDaemon(home, { ...answers, sessionsList: two });
  const cut = await runCli(["sessions", "--limit", "1"], { home });
  expect(cut.stdout).toContain("ses_a");
  expect(cut.stdout).not.toContain("ses_b");
  expect(cut.stderr).toBe(
    "hoopx: older sessions are left out: hoopx sessions --limit 2 shows more\n",
  );
  const json = await runCli(["sessions", "--limit", "1", "--json"], { home });
  expect(JSON.parse(json.stdout)).toMatchObject([{ id: "ses_a" }]);
  expect((await runCli(["sessions", "--limit", "2"], { home })).stderr).toBe("");
});

test.each([
  [[], "limit=31"],
  [["--limit", "5"], "limit=6"],
  [["-L", "5", "--status", "active"], "limit=6&status=active"],
  [["--since", "2h"], "limit=31&since=2026-11-24T08%3A00%3A00.000Z"],
  [["list", "--identity", "ada", "--search", "a b"], "limit=31&identity=ada&search=a+b"],
  [["--model", "gpt-*", "--tool", "shell"], "limit=31&model=gpt-*&tool=shell"],
  [["--denied", "--masked", "--cost-over", "0.5"], "limit=31&costOver=0.5&denied=true&masked=true"],
])("sessions %j", async (args, query) => {
  expect((await runCli(["sessions", ...args], { home })).code).toBe(0);
  expect(daemon.asked).toEqual([["sessionsList", {}, query]]);
});

test.each([
  ["--limit", "0"],
  ["--limit", "x"],
  ["--since", "soon"],
  ["--status", "odd"],
  ["--cost-over", "much"],
])("sessions %s %s is a usage error", async (...args) => {
  const { code, stderr } = await runCli(["sessions", ...args], { home });
  expect(code).toBe(2);
  expect(stderr).toMatch(/^error: .+\nhint: .+\n$/);
});

test("a search says what it could not look through yet; a plain list does not ask", async () => {
  await daemon.close();
  daemon = await startFakeDaemon(home, {
    ...answers,
    daemonStatus: () => daemonView({ unindexed: 12_345 }),
  });
  const searched = await runCli(["sessions", "--search", "refund", "--json"], { home });
  expect(JSON.parse(searched.stdout)).toHaveLength(2);
  expect(searched.stderr).toMatch(
    /^hoopx: 12,345 exchanges were not searched.*\nhoopx: {3}ask again/,
  );
  expect((await runCli(["sessions"], { home })).stderr).toBe("");
});

test("sessions for programs", async () => {
  const { stdout } = await runCli(["sessions"], { home });
  expect(stdout.split("\n")[0]).toBe(
    `${id}\tactive\tweather \\u202eevil\tnode agent.js\topenai\tada\t2\t1204/96\t2026-11-24T09:00:00.000Z`,
  );
});

test.each([40, 60, 80, 120])("sessions on a terminal of %d cells", async (columns) => {
  const { stdout } = await runCli(["sessions", "--no-color"], { home, columns });
  for (const line of stdout.split("\n")) expect(widthOf(line)).toBeLessThanOrEqual(columns);
  expect(stdout).toContain(id);
  const coloured = await runCli(["sessions"], { home, columns });
  expect(coloured.stdout.replace(/\u001b\[\d+m/g, "")).toBe(stdout);
  if (columns >= 80) expect(stdout).toContain("1 hour ago");
});

test("sessions show: details and a line an exchange; JSON has both", async () => {
  const { stdout } = await runCli(["sessions", "show", "last", "--no-color"], {
    home,
    columns: 80,
  });
  expect(stdout).toContain("labels       team=sky");
  expect(stdout).toMatch(/1 {2}responses\.create .*allowed 200 .*1\.3 s/);
  expect(stdout).toMatch(/2 {2}responses\.create .*denied 400.*\n {3}(no )?rule .*\n/);
  expect(stdout).toMatch(/\n {3}exc_\S+ · hoopx policy explain exc_\S+\n/);
  const json = await runCli(["sessions", "show", "last", "--json"], { home });
  expect(JSON.parse(json.stdout)).toMatchObject({ id, exchanges: [{ seq: 1 }, { seq: 2 }] });
});

test("sessions show: where it came from, how its token is held, and who tried with it", async () => {
  await daemon.close();
  const { process: known } = sessionView();
  const git = { remote: "https://git.example/a.git", branch: "main", commit: "c0ffee".repeat(7) };
  const ci = { system: "gitlab", job: "te\u001bst", run: "17", url: "https://git.example/j/17" };
  const identity = { ...sessionView().identity, groups: ["leads", "dev"], profile: "work" };
  const credentials = [
    { connection: "openai", kind: "static-key", lifetime: "permanent key", expiresAt: null },
  ];
  daemon = await startFakeDaemon(home, {
    ...answers,
    sessionsShow: () => sessionView({ identity, credentials, process: { ...known, git, ci } }),
    exchangesList: () => [
      exchangeView(),
      exchangeView({
        seq: 2,
        operation: null,
        decision: null,
        status: 401,
        error: "token_outside_run",
        process: { pid: 4711, executable: "/opt/evil\u202e/curl", startedAt: at },
      }),
    ],
  });
  const { stdout } = await runCli(["sessions", "show", "last", "--no-color"], {
    home,
    columns: 80,
  });
  for (const line of stdout.split("\n")) expect(widthOf(line), line).toBeLessThanOrEqual(80);
  expect(stdout).toContain("repository   https://git.example/a.git\n");
  expect(stdout).toContain("branch       main · c0ffeec0ffee\n");
  expect(stdout).toContain("ci job       gitlab · te\\x1bst · 17\n");
  expect(stdout).toContain("ci link      https://git.example/j/17\n");
  expect(stdout).toContain("token        works in the run's own processes only\n");
  expect(stdout).toContain("profile      work\n");
  expect(stdout).toContain("groups       leads, dev\n");
  expect(stdout).toContain("credentials  permanent key\n");
  expect(stdout).toMatch(/node 77\n/);
  expect(stdout).toContain("its token was used outside the run, and refused: curl 4711\n");
  const piped = await runCli(["sessions", "show", "last"], { home });
  expect(piped.stdout).toContain("\tcurl 4711\t");
  expect(piped.stdout).not.toContain("refused: curl");
});

test("sessions show says where a token works from any process", async () => {
  await daemon.close();
  daemon = await startFakeDaemon(home, {
    ...answers,
    sessionsShow: () => sessionView({ processCheck: "unavailable" }),
    exchangesList: () => [],
  });
  const { stdout } = await runCli(["sessions", "show", "last"], { home });
  expect(stdout).toContain("token:\tworks from any process");
});

test("sessions revoke", async () => {
  const { stdout } = await runCli(["sessions", "revoke", id], { home });
  expect(stdout).toContain(`revoked ${id}`);
});

test("tail ID: a line an exchange, and it ends with its session", async () => {
  const { code, stdout } = await runCli(["tail", "live"], { home });
  expect(code).toBe(0);
  const lines = stdout.trimEnd().split("\n");
  expect(lines).toHaveLength(2);
  expect(lines[1]).toContain("\tdenied 400\t");
  expect(daemon.asked[1]).toEqual(["events", {}, `session=${id}`]);
});

test("tail --json: every event, one object a line", async () => {
  const { stdout } = await runCli(["tail", "live", "--json"], { home });
  expect(
    stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line)),
  ).toEqual(events);
});

test("tail on a terminal is never wider than it, and shows nothing raw", async () => {
  const { stdout } = await runCli(["tail", "live", "--no-color"], { home, columns: 60 });
  for (const line of stdout.split("\n")) expect(widthOf(line)).toBeLessThanOrEqual(60);
  expect(stdout).not.toContain("\u001b");
});

test("tail ends with exit 0 on Ctrl-C", async () => {
  await daemon.close();
  const interruption = new AbortController();
  daemon = await startFakeDaemon(home, {
    ...answers,
    async *events() {
      yield* events.slice(2, 3);
      await new Promise(() => {});
    },
  });
  const { code, stderr } = await runCli(["tail"], {
    home,
    interrupted: interruption.signal,
    wrote: () => interruption.abort(),
  });
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
});

test("tail of a session that is over points at its replay", async () => {
  const { code, stderr } = await runCli(["tail", "last"], { home });
  expect(code).toBe(1);
  expect(stderr).toContain(`hint: hoopx replay ${id}`);
});

test("tail says so when the daemon stops", async () => {
  const { code, stderr } = await runCli(["tail"], { home });
  expect(code).toBe(1);
  expect(stderr).toContain("the daemon stopped");
});

const script = `#1 · responses.create · gpt-5-mini · allowed 200
  system
    You know the weather.
  user
    Oslo?
    And Rome?
  assistant calls get_weather
    {"city":"Oslo"}
  assistant
    14 °C

#2 · responses.create · gpt-5-mini · denied 400
  ✗ denied, rule r: not for \\x1b[31magents

`;

test("replay: the same text at once and at its own pace", async () => {
  const instant = await runCli(["replay", "last", "--instant"], { home });
  expect(instant).toEqual({ code: 0, stdout: script, stderr: "" });
  const writes: string[] = [];
  const paced = await runCli(["replay", "last", "--speed", "100"], {
    home,
    wrote: (text) => writes.push(text),
  });
  expect(paced.stdout).toBe(script);
  expect(writes).toContain('"Oslo"}');
  // Not a terminal: at once.
  expect((await runCli(["replay", "last"], { home })).stdout).toBe(script);
});

test("replay shows the reply to what was reviewed and approved", async () => {
  const reviewed = exchangeView({
    decision: decisionView("review", "r", "ask first"),
    review: "rev_1",
  });
  await daemon.close();
  daemon = await startFakeDaemon(home, {
    ...answers,
    conversation: () => [
      conversationView({ exchange: reviewed }),
      conversationView({
        exchange: exchangeView({ ...reviewed, outcome: null, status: 400, error: "review_denied" }),
      }),
    ],
  });
  const { stdout } = await runCli(["replay", "last"], { home });
  expect(stdout.match(/14 °C/g)).toHaveLength(1);
  expect(stdout.match(/denied-by-reviewer, rule r: ask first/g)).toHaveLength(1);
});

test("replay keeps the pace of the recording", async () => {
  const times: [text: string, at: number][] = [];
  await runCli(["replay", "last", "--speed", "2"], {
    home,
    wrote: (text) => void times.push([text.trim(), performance.now()]),
  });
  // Since the beginning, which waits for nothing: a piece that a busy machine shows late is
  // made up for by the next, but none is ever early. 340 ms at twice the speed.
  const since = (wanted: string) =>
    (times.find(([text]) => text === wanted)?.[1] ?? 0) - (times[0]?.[1] ?? 0);
  expect(since("14")).toBeGreaterThan(140);
  expect(since("°C")).toBeGreaterThan(160);
});

test("replay --json: one conversation a line", async () => {
  const { stdout } = await runCli(["replay", "last", "--json"], { home });
  expect(JSON.parse(stdout.split("\n")[0] ?? "")).toEqual(conversationView());
});

test("replay --exchange asks for one; where there is none it says so", async () => {
  await runCli(["replay", "last", "--exchange", "2"], { home });
  expect(daemon.asked[1]).toEqual(["conversation", {}, "exchange=2"]);
  await daemon.close();
  daemon = await startFakeDaemon(home, { ...answers, conversation: () => [] });
  const { code, stderr } = await runCli(["replay", "last", "--exchange", "9"], { home });
  expect(code).toBe(1);
  expect(stderr).toContain("has no exchange 9");
});

test("replay ends with 130 on Ctrl-C", async () => {
  const interruption = new AbortController();
  const { code, stderr } = await runCli(["replay", "last", "--speed", "0.01"], {
    home,
    interrupted: interruption.signal,
    wrote: () => interruption.abort(),
  });
  expect({ code, stderr }).toEqual({ code: 130, stderr: "" });
});

test("sessions show says what was masked, by detector and where", async () => {
  await daemon.close();
  const masked = [
    { detector: "email", count: 2, place: "request" as const },
    { detector: "github-token", count: 1, place: "reply" as const },
  ];
  daemon = await startFakeDaemon(home, {
    ...answers,
    exchangesList: () => [
      exchangeView({ masked }),
      exchangeView({ seq: 2, masked: [{ detector: "email", count: 1 }] }),
    ],
  });
  const { stdout } = await runCli(["sessions", "show", "last"], { home });
  expect(stdout).toContain("3 email (#1 request, #2 reply), 1 github-token (#1 reply)");
});

test("replay: what stands for something masked stands out, and is plain without colour", async () => {
  await daemon.close();
  const turn = { kind: "message", role: "user", text: "my [masked:email]#1 is" } as const;
  daemon = await startFakeDaemon(home, {
    ...answers,
    conversation: () => [conversationView({ prompt: [turn] })],
  });
  const args = ["replay", "last", "--instant"];
  const plain = await runCli(args, { home });
  expect(plain.stdout).toContain("my [masked:email]#1 is");
  const coloured = await runCli(args, { home, columns: 80, environment: { FORCE_COLOR: "1" } });
  expect(coloured.stdout).toContain("my \u001b[7m[masked:email]#1\u001b[27m is");
});
