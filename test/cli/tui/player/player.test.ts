/**
 * The player in a real terminal, the built program against a daemon whose
 * record a test holds: golden screens at two sizes with and without colour, a
 * terminal that changes its size, a session that goes on, a terminal given back.
 * Each input waits until the screen shows what the one before it did.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import type { LiveEvent } from "../../../../src/contract/events.js";
import { openPty, type Pty } from "../../../support/pty.js";
import { type BuiltCli, buildCli } from "../../support/built-cli.js";
import {
  type Answers,
  type FakeDaemon,
  Refused,
  startFakeDaemon,
} from "../../support/fake-daemon.js";
import { sampleFrames, sampleRun, sampleSession } from "../../support/sample-run.js";

let cli: BuiltCli;
let home: string;
let daemon: FakeDaemon | undefined;
const open: Pty[] = [];

const answers: Answers = {
  sessionsShow: () => sampleSession,
  conversation: () => sampleRun,
  exchangeFrames: () => sampleFrames,
};

beforeAll(async () => {
  cli = await buildCli();
});
afterAll(() => cli.remove());
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "hoopx-player-"));
});
afterEach(async () => {
  for (const pty of open.splice(0)) pty.kill();
  await daemon?.close();
  daemon = undefined;
  rmSync(home, { recursive: true });
});

interface Size {
  readonly columns?: number;
  readonly rows?: number;
  readonly environment?: Readonly<Record<string, string>>;
}

async function openPlayer(
  args: readonly string[] = [],
  size: Size = {},
  given: Answers = answers,
): Promise<Pty> {
  daemon = await startFakeDaemon(home, given);
  const environment = {
    PATH: process.env.PATH ?? "",
    LANG: "C.UTF-8",
    HOOPX_HOME: home,
    // Somebody sits there, whatever it says.
    CI: "true",
    ...size.environment,
  };
  const pty = openPty(process.execPath, [cli.program, "replay", "last", ...args], {
    ...size,
    environment,
    cwd: home,
  });
  open.push(pty);
  return pty;
}

/** Open, all of it read, and paused at the end of its first question. */
async function openPaused(args: readonly string[] = [], size: Size = {}): Promise<Pty> {
  const pty = await openPlayer(args, size);
  // A clock without `+`: all of it is read.
  await pty.shows(/▶ playing.*\n.* \/ 1:09(?!\+)/);
  pty.type(" ");
  await pty.shows("⏸ paused");
  // By way of the end: only then does the screen tell that it is back at the beginning.
  pty.type("G");
  await pty.shows("exchange 4 of 4");
  pty.type("\u001b[H");
  await pty.shows(/exchange 1 of 4 · turn 2 of 4 .* 0:00 \/ 1:09/);
  return pty;
}

const sizes = [
  { columns: 80, rows: 24, environment: {} },
  { columns: 120, rows: 40, environment: {} },
  { columns: 80, rows: 24, environment: { NO_COLOR: "1" } },
  { columns: 120, rows: 40, environment: { NO_COLOR: "1" } },
];

test.each(sizes)("golden screens: $columns×$rows $environment", async (size) => {
  const plain = "NO_COLOR" in size.environment;
  const pty = await openPaused([], size);
  const look = () => `${plain ? pty.screen() : pty.styled()}\n`;
  const seen = async (name: string) => {
    const file = `golden/${name}-${size.columns}x${size.rows}${plain ? "-plain" : ""}.txt`;
    const path = join(import.meta.dirname, file);
    const known = existsSync(path) ? readFileSync(path, "utf8") : look();
    // A frame may come in pieces: the rest of it is waited for. What differs then is told below.
    await expect
      .poll(look)
      .toBe(known)
      .catch(() => {});
    await expect(look()).toMatchFileSnapshot(file);
  };
  await seen("asked");
  pty.type("\u001b[C");
  await pty.shows("╰─");
  await seen("called");
  pty.type("r");
  await pty.shows("── reply body");
  await seen("raw");
  pty.type("r");
  await pty.shows(/turn 3 of 4/);
  pty.type("/token]#1\r");
  await pty.shows("match 1 of 2");
  pty.type("n");
  await pty.shows("match 2 of 2");
  await seen("search");
  pty.type("G");
  await pty.shows("files are not for agents");
  await seen("end");
  pty.type("g3");
  await pty.shows("exchange: 3");
  pty.type("\r");
  await pty.shows("exchange 3 of 4");
  pty.type("?");
  await pty.shows("any key goes back");
  await seen("help");
  // The words are the terminal's own: nothing raw came through.
  expect(pty.raw()).not.toMatch(/[\u0007\u202e]|\u001b\]0;/);
});

test("it plays by itself, and faster by a key, to its end", async () => {
  const pty = await openPlayer(["--speed", "64"]);
  await pty.shows("files are not for agents");
  await pty.shows("■ end");
});

test("--exchange begins there", async () => {
  const pty = await openPlayer(["--exchange", "3"]);
  await pty.shows(/exchange [34] of 4/);
  expect(pty.screen()).not.toContain("How is it in Oslo?");
});

test("resize: smaller, too small, larger; nothing old is left on the screen", async () => {
  const pty = await openPaused([], { columns: 120, rows: 40 });
  pty.resize(60, 15);
  await pty.shows(/^hoopx replay .{30,40}⏸ paused {2}1×\n/);
  pty.resize(40, 8);
  await pty.shows(/^too small\nhoopx replay needs 50×10, this is 40×8\nq quits$/);
  pty.resize(80, 24);
  await pty.shows(/turn 2 of 4[\s\S]*\nSpace play .* q$/);
  expect(pty.screen()).not.toContain("too small");
  expect(pty.screen().split("\n")).toHaveLength(24);
});

test("a session that still runs: played to where it is, then on as exchanges end", async () => {
  const [first, second] = sampleRun;
  if (first === undefined || second === undefined) throw new Error("no sample");
  let tell: (event: LiveEvent) => void = () => {};
  const told = new Promise<LiveEvent>((resolve) => {
    tell = resolve;
  });
  async function* events(): AsyncIterable<LiveEvent> {
    yield await told;
    yield { type: "session.ended", at: first?.exchange.startedAt ?? "", session: sampleSession };
  }
  const pty = await openPlayer(
    ["--speed", "64"],
    {},
    {
      ...answers,
      sessionsShow: () => ({ ...sampleSession, status: "active", endedAt: null }),
      conversation: ({ query }) => (query.get("exchange") === "2" ? [second] : [first]),
      events,
    },
  );
  await pty.shows("● live");
  tell({ type: "exchange.ended", at: second.exchange.startedAt, exchange: second.exchange });
  await pty.shows("was not used.");
  await pty.shows("■ end");
});

test("frames that are not to be had are said", async () => {
  const pty = await openPlayer(
    [],
    {},
    {
      ...answers,
      exchangeFrames: () => {
        throw new Refused("not_found", "the session has no exchange 1");
      },
    },
  );
  await pty.shows("How is it in Oslo?");
  pty.type("r");
  await pty.shows("not shown: the session has no exchange 1");
});

const ends: readonly (readonly [string, number, (pty: Pty) => void])[] = [
  ["q", 0, (pty) => pty.type("q")],
  ["Ctrl-C", 0, (pty) => pty.type("\u0003")],
  ["SIGTERM", 0, (pty) => process.kill(pty.pid, "SIGTERM")],
];

test.each(ends)("%s gives the terminal back", async (_, code, end) => {
  const pty = await openPlayer();
  await pty.shows("How is it in Oslo?");
  end(pty);
  expect((await pty.exited).exitCode).toBe(code);
  expect(pty.screen()).toBe("");
  expect(pty.raw().endsWith("\u001b[?2004l\u001b[?7h\u001b[?25h\u001b[?1049l")).toBe(true);
});

test("on a terminal --instant is text, and no screen is taken", async () => {
  const pty = await openPlayer(["--instant"]);
  expect((await pty.exited).exitCode).toBe(0);
  expect(pty.raw()).not.toContain("\u001b[?1049h");
  expect(pty.screen()).toContain("assistant calls get_weather");
});
