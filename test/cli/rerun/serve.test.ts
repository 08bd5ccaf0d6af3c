/** `hoopx replay --serve` as a command line, against a fake daemon: what it asks for, and what it says. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Answers, type FakeDaemon, startFakeDaemon } from "../support/fake-daemon.js";
import { runCli } from "../support/run-cli.js";
import { sessionView } from "../support/views.js";
import { exchange, miss, replayView } from "./views.js";

let home: string;
let daemon: FakeDaemon;
const session = sessionView({ status: "active" });
let replay = replayView();

const answers: Answers = {
  sessionsStart: () => ({
    session,
    token: "hxs_secret-token",
    environment: {
      OPENAI_API_KEY: "hxs_secret-token",
      OPENAI_BASE_URL: "http://127.0.0.1:4141/openai/v1",
    },
    remove: [],
    notices: { bell: true, notify: true },
  }),
  async *sessionsLease() {
    yield { alive: true };
    await new Promise(() => {});
  },
  async *events() {
    await new Promise(() => {});
  },
  sessionsEnd: () => sessionView({ status: "ended" }),
  replayShow: () => replay,
};

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), "hoopx-cli-"));
  daemon = await startFakeDaemon(home, answers);
  replay = replayView();
});
afterEach(async () => {
  await daemon.close();
  rmSync(home, { recursive: true });
});

/** Ctrl-C once what has to be set was shown. */
function interruptedAfterOutput() {
  const interrupt = new AbortController();
  return { interrupted: interrupt.signal, wrote: () => interrupt.abort() };
}
const chosen = () =>
  (daemon.asked.find(([name]) => name === "sessionsStart")?.[1] as { replay: object } | undefined)
    ?.replay;

test("without a command: the variables on stdout, until Ctrl-C, then what was asked", async () => {
  const { code, stdout, stderr } = await runCli(["replay", "last", "--serve"], {
    home,
    ...interruptedAfterOutput(),
  });
  expect(stdout).toBe(
    "export OPENAI_API_KEY='hxs_secret-token'\nexport OPENAI_BASE_URL='http://127.0.0.1:4141/openai/v1'\n",
  );
  expect(stderr).toContain("hoopx: set these where the agent is started; Ctrl-C ends it");
  expect(stderr).toContain(` ended · 2 of 2 exchanges of ${replay.of} · `);
  expect(code).toBe(0);
  expect(chosen()).toEqual({
    session: "last",
    onMiss: "fail",
    pace: "none",
    ignore: [],
    exact: [],
    anyProcess: true,
  });
  expect(daemon.asked.map(([name]) => name).filter((name) => name !== "sessionsLease")).toEqual([
    "sessionsStart",
    "sessionsEnd",
    "replayShow",
  ]);
});

test("as JSON: what to set on stdout, what became of it as the last line of stderr", async () => {
  replay = replayView({ misses: [miss()], exchanges: [exchange(1), exchange(2, "unasked")] });
  const { code, stdout, stderr } = await runCli(["replay", "last", "--serve", "--json"], {
    home,
    ...interruptedAfterOutput(),
  });
  expect(JSON.parse(stdout)).toMatchObject({
    session: { id: session.id },
    environment: { OPENAI_API_KEY: "hxs_secret-token" },
  });
  expect(JSON.parse(stderr)).toMatchObject({
    id: session.id,
    replay,
    agentExitCode: 0,
    exitCode: 1,
  });
  expect(code).toBe(1);
});

test("what may differ comes from flags, and from the project first", async () => {
  const folder = join(home, "project");
  mkdirSync(join(folder, ".hoopx"), { recursive: true });
  writeFileSync(join(folder, ".hoopx", "replay.yaml"), "ignore: [a]\nexact: [ids]\n");
  const flags = ["--ignore", "b", "--ignore", "c", "--exact", "ids", "--exact", "dates"];
  const more = ["--on-miss", "nearest", "--pace", "recorded"];
  await runCli(["replay", "ses_x", "--serve", ...flags, ...more], {
    home,
    folder,
    ...interruptedAfterOutput(),
  });
  expect(chosen()).toMatchObject({
    session: "ses_x",
    onMiss: "nearest",
    pace: "recorded",
    ignore: ["a", "b", "c"],
    exact: ["ids", "dates"],
  });
});

test.each([
  [["--serve", "--from", "2"], "need a command"],
  [["--serve", "--on-miss", "live"], "need a command"],
  [
    ["--serve", "--from", "2", "--port", "8080", "--", "true"],
    "--port is for a re-run that sends nothing",
  ],
  [["--serve", "--port", "99999"], "--port takes a port"],
  [["--serve", "--on-miss", "guess"], "on-miss"],
  [["--serve", "--diff", "ses_y"], "--diff cannot be given with --serve"],
  [["--serve", "--instant", "--", "true"], "--instant cannot be given with --serve"],
  [["--exchange", "2", "--", "true"], "--exchange cannot be given with --serve"],
  [["--diff", "ses_y", "--speed", "2"], "--speed cannot be given with --diff"],
  [["--from", "2"], "--from is for a re-run"],
  [["--ignore", "x"], "--ignore is for a re-run"],
  [["--report", "x.xml"], "--report is for a re-run"],
])("%j is refused before anything starts", async (flags, why) => {
  const { code, stderr } = await runCli(["replay", "last", ...flags], { home });
  expect(code).toBe(2);
  expect(stderr).toContain(why);
  expect(daemon.asked).toEqual([]);
});
