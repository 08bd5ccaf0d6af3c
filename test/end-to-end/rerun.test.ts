/**
 * An agent of the real Agents SDK is recorded once and run again with the
 * model API closed: the same output, every time, and a difference that can be
 * read where its prompt changed.
 */
import { readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import type { ReplayView } from "../../src/contract/replay-views.js";
import type { SessionView } from "../../src/contract/views.js";
import { connectedHome } from "../support/connected-home.js";
import { agentsFolder, type Outcome } from "../support/home.js";
import { root } from "../support/sources.js";

const key = "sk-real-rerun-0123456789abcdef";
/** The word is 20 of 20. */
const times = process.env.HOOPX_TEST_ALL === "1" ? 20 : 3;
const agent = join(agentsFolder, "agent.mjs");
/** The same agent with another question. */
let changed: string;
const output = "I asked the tool, and it says: 21 degrees and sunny in Lisbon\n";

const { api, home } = await connectedHome(key);
/** Recorded sessions: whole and streamed. */
const recorded: Record<"whole" | "streamed", string> = { whole: "", streamed: "" };

beforeAll(async () => {
  for (const [name, flags] of [
    ["whole", []],
    ["streamed", ["--stream"]],
  ] as const) {
    const { code, stdout, stderr } = await home.agent("agent.mjs", flags).done;
    expect(`${code} ${stdout}`, stderr).toBe(`0 ${output}`);
    recorded[name] = (await home.lastSession()).id;
  }
  changed = join(home.path, "agent-changed.mjs");
  // There it finds its SDK.
  symlinkSync(join(root, "node_modules"), join(home.path, "node_modules"));
  writeFileSync(
    changed,
    readFileSync(agent, "utf8").replace("weather in Lisbon?", "weather in Lisbon, then?"),
  );
});

const rerun = (id: string, flags: readonly string[], program: string, ...args: readonly string[]) =>
  home.hoopx(["replay", id, "--serve", ...flags, "--", process.execPath, program, ...args]);

interface Ended extends SessionView {
  readonly replay: ReplayView;
  readonly exitCode: number;
}
/** With --json the last line of stderr is the session and what became of it. */
const ended = ({ stderr }: Outcome): Ended => JSON.parse(stderr.trimEnd().split("\n").at(-1) ?? "");

test("the record of another session is no label that a run may give itself", async () => {
  const { code, stderr } = await home.hoopx(["run", "--label", "replay-of=x", "--", "true"]);
  expect(code).toBe(2);
  expect(stderr).toContain("hoopx's own");
});

test("from an exchange on requests go out, with policy and record", async () => {
  const before = api.calls.length;
  const outcome = await rerun(recorded.whole, ["--from", "2", "--json"], agent);
  expect(outcome.stdout).toBe(output);
  expect(api.calls.length).toBe(before + 1);
  const { id, labels, credentials, replay } = ended(outcome);
  expect(replay).toMatchObject({ of: recorded.whole, from: 2, live: 1, misses: [] });
  expect(labels).toEqual({ "replay-of": recorded.whole });
  expect(credentials).toHaveLength(1);
  expect(await home.exchangesOf(id)).toMatchObject([
    { seq: 1, decision: { effect: "allow" }, status: 200 },
    { seq: 2, decision: { effect: "allow" }, status: 200 },
  ]);
});

test(`without an upstream and without its key: the same output, ${times} of ${times}`, async () => {
  await api.close();
  // Nothing that a request could go out with is left either.
  expect((await home.hoopx(["connections", "remove", "openai"])).code).toBe(0);
  const before = api.calls.length;
  for (const [name, flags] of [
    ["whole", []],
    ["streamed", ["--stream"]],
  ] as const) {
    for (let run = 0; run < times; run += 1) {
      const outcome = await rerun(recorded[name], ["--strict"], agent, ...flags);
      expect(`${outcome.code} ${outcome.stdout}`, outcome.stderr).toBe(`0 ${output}`);
    }
    const { stderr } = await rerun(recorded[name], ["--pace", "recorded"], agent, ...flags);
    expect(stderr).toMatch(
      new RegExp(
        `session ses_\\w+ ended · 2 of 2 exchanges of ${recorded[name]} · hoopx replay ses_`,
      ),
    );
  }
  expect(api.calls.length).toBe(before);
}, 600_000);

test("a changed prompt: a difference that can be read, exit 1, and a report", async () => {
  const report = join(home.path, "junit.xml");
  const outcome = await rerun(recorded.whole, ["--report", report], changed);
  expect(outcome.code).toBe(1);
  const place =
    '$.input[0].content changed from "How is the weather in Lisbon?" to "How is the weather in Lisbon, then?"';
  expect(outcome.stderr).toContain(
    "request 1 (responses.create) is not in the record; nearest is exchange 1",
  );
  expect(outcome.stderr).toContain(`hoopx:   ${place}`);
  // The agent itself was told, by its SDK's own error.
  expect(outcome.stderr.split(place).length).toBeGreaterThan(2);
  const text = readFileSync(report, "utf8");
  expect(text).toContain('tests="3" failures="2" errors="0" skipped="1"');
  expect(text).toContain("to &quot;How is the weather in Lisbon, then?&quot;");
});

test("on a miss the nearest may answer; with --strict that fails", async () => {
  const outcome = await rerun(recorded.whole, ["--on-miss", "nearest", "--json"], changed);
  expect(`${outcome.code} ${outcome.stdout}`).toBe(`0 ${output}`);
  const { replay, exitCode } = ended(outcome);
  expect(exitCode).toBe(0);
  expect(replay.misses).toMatchObject([
    { seq: 1, nearest: 1, answeredBy: "nearest" },
    { seq: 2, nearest: 2, answeredBy: "nearest" },
  ]);
  const strict = await rerun(recorded.whole, ["--on-miss", "nearest", "--strict"], changed);
  expect(strict.code).toBe(1);
});

test("what may differ is named on the command line, or in the project", async () => {
  const ignore = ["--ignore", "input[0].content", "--strict"];
  const outcome = await rerun(recorded.whole, ignore, changed);
  expect(`${outcome.code} ${outcome.stdout}`, outcome.stderr).toBe(`0 ${output}`);
});

test("without a command: it serves whoever has its variables, at a port of choice, until Ctrl-C", async () => {
  const port = String(30_001 + Math.floor(Math.random() * 2_000));
  const serving = home.start(["replay", recorded.whole, "--serve", "--port", port, "--json"]);
  await serving.shows("}\n");
  const { environment } = JSON.parse(serving.stdout()) as {
    environment: Readonly<Record<string, string>>;
  };
  expect(environment.OPENAI_BASE_URL).toBe(`http://127.0.0.1:${port}/openai/v1`);
  const outside = await home.spawn(process.execPath, [agent], { environment }).done;
  expect(outside.stdout, outside.stderr).toBe(output);
  serving.child.kill("SIGINT");
  const outcome = await serving.done;
  expect(outcome.code, outcome.stderr).toBe(0);
  const { replay, status, processCheck } = ended(outcome);
  expect(replay.exchanges.map(({ outcome }) => outcome)).toEqual(["answered", "answered"]);
  expect({ status, processCheck }).toEqual({ status: "ended", processCheck: "unavailable" });
});

test("what could send requests is held to a command", async () => {
  const { code, stderr } = await home.hoopx([
    "replay",
    recorded.whole,
    "--serve",
    "--on-miss",
    "live",
  ]);
  expect(code).toBe(2);
  expect(stderr).toContain("need a command");
});
