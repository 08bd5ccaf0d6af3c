/** `hoopx run` as a process: streams, exits, signals and terminals, against a fake daemon. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import type { StartSession } from "../../../src/contract/session-start.js";
import { openPty } from "../../support/pty.js";
import { type BuiltCli, buildCli } from "../support/built-cli.js";
import { type Answers, type FakeDaemon, Refused, startFakeDaemon } from "../support/fake-daemon.js";
import { sessionView } from "../support/views.js";

let cli: BuiltCli;
let home: string;
let daemon: FakeDaemon;
const children = new Set<ChildProcess>();

beforeAll(async () => {
  cli = await buildCli();
});
afterAll(() => cli.remove());

const answers: Answers = {
  sessionsStart: ({ body }) => ({
    session: sessionView({
      status: "active",
      process: { ...sessionView().process, ...body.process, pid: null },
    }),
    token: "hxs_secret-token",
    environment: { OPENAI_API_KEY: "hxs_secret-token", HOOPX_SESSION_ID: sessionView().id },
    remove: ["STORED"],
    notices: { bell: true, notify: true },
  }),
  async *sessionsLease() {
    yield { alive: true };
    await new Promise(() => {});
  },
  sessionsEnd: ({ body }) => sessionView({ exitCode: body.exitCode }),
};

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), "hoopx-cli-"));
  daemon = await startFakeDaemon(home, answers);
});
afterEach(async () => {
  for (const child of children) child.kill("SIGKILL");
  children.clear();
  await daemon.close();
  rmSync(home, { recursive: true });
});

const environment = () => ({ PATH: process.env.PATH ?? "", HOOPX_HOME: home });

function start(args: readonly string[], more: Readonly<Record<string, string>> = {}) {
  const child = spawn(process.execPath, [cli.program, ...args], {
    env: { ...environment(), ...more },
    stdio: ["pipe", "pipe", "pipe"],
  });
  children.add(child);
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const done = once(child, "close").then(([code]) => ({ code: code as number, stdout, stderr }));
  async function shows(text: string): Promise<void> {
    while (!stdout.includes(text)) await once(child.stdout, "data");
  }
  return { child, done, shows };
}

const summary = `hoopx: session ${sessionView().id} ended · 2 exchanges, 1 denied · 1,204 tokens in, 96 out · why: hoopx sessions show ${sessionView().id}\n`;

test("streams are the child's; the summary is one line on stderr; the exit code is mirrored", async () => {
  const run = start([
    "run",
    "--title",
    "T",
    "--label",
    "a=b",
    "--ttl",
    "15m",
    "--",
    "sh",
    "-c",
    "cat; echo err >&2; exit 3",
  ]);
  run.child.stdin.end("in");
  expect(await run.done).toEqual({ code: 3, stdout: "in", stderr: `err\n${summary}` });
  expect(daemon.asked[0]).toMatchObject([
    "sessionsStart",
    {
      title: "T",
      labels: { a: "b" },
      ttlSeconds: 900,
      connections: [],
      process: { runnerPid: run.child.pid, command: "sh -c 'cat; echo err >&2; exit 3'" },
    },
    "",
  ]);
  expect(daemon.asked.at(-1)).toEqual(["sessionsEnd", { exitCode: 3 }, ""]);
});

test("the child's environment has the token, and neither keys nor stored secrets", async () => {
  const run = start(["run", "--quiet", "--", "env"], {
    OPENAI_API_KEY: "sk-real",
    STORED: "sk-real",
    HOOPX_PASSPHRASE: "horse",
  });
  const { stdout, stderr } = await run.done;
  expect(stdout).toContain("OPENAI_API_KEY=hxs_secret-token");
  expect(stdout).not.toMatch(/sk-real|horse|STORED/);
  expect(stderr).toBe("");
  expect(JSON.stringify(daemon.asked)).not.toMatch(/sk-real|horse/);
});

test("--json: the summary is one line of JSON on stderr", async () => {
  const { stdout, stderr } = await start(["run", "--json", "--", "true"]).done;
  expect(stdout).toBe("");
  expect(JSON.parse(stderr)).toEqual(sessionView());
});

test.each([
  ["a command that is not there", "no-such-command-at-all", 127, "command not found"],
  ["a file that is no program", "/etc/passwd", 126, "cannot be run"],
])("%s", async (_, command, exitCode, message) => {
  const { code, stderr } = await start(["run", "--", command]).done;
  expect(code).toBe(exitCode);
  expect(stderr).toMatch(new RegExp(`^error: .*${message}.*\\nhint: .*\\n$`));
  expect(daemon.asked.at(-1)).toEqual(["sessionsEnd", { exitCode }, ""]);
});

test("death by a signal is 128 and its number", async () => {
  const { code } = await start(["run", "--", "sh", "-c", "kill -KILL $$"]).done;
  expect(code).toBe(137);
});

test.each(["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2"] as const)(
  "%s is handed on, once",
  async (signal) => {
    const script = `let n = 0; process.on("${signal}", () => { n += 1; setTimeout(() => process.exit(40 + n), 50) });
      console.log("ready"); setInterval(() => {}, 1000)`;
    // No terminal of the test's own: setsid takes it away.
    const child = spawn(
      "setsid",
      ["-w", process.execPath, cli.program, "run", "-q", "--", process.execPath, "-e", script],
      {
        env: environment(),
        stdio: ["ignore", "pipe", "inherit"],
      },
    );
    children.add(child);
    await once(child.stdout, "data");
    const asked = daemon.asked[0]?.[1] as StartSession | undefined;
    process.kill(asked?.process.runnerPid ?? Number.NaN, signal);
    const [code] = await once(child, "close");
    expect(code).toBe(41);
  },
);

test("a terminal stays a terminal, and Ctrl-C reaches the child once", async () => {
  const script = `console.log("tty", process.stdin.isTTY, process.stdout.isTTY, process.stdout.columns);
    let n = 0; process.on("SIGINT", () => { n += 1; setTimeout(() => { console.log("signals", n); process.exit(7) }, 100) });
    console.log("ready"); setInterval(() => {}, 1000)`;
  const pty = openPty(
    process.execPath,
    [cli.program, "run", "--", process.execPath, "-e", script],
    {
      environment: environment(),
      cwd: home,
      columns: 93,
    },
  );
  await pty.shows("ready");
  pty.type("\u0003");
  expect((await pty.exited).exitCode).toBe(7);
  expect(pty.screen()).toContain("tty true true 93");
  expect(pty.screen()).toContain("signals 1");
  expect(pty.screen()).toContain("why: hoopx sessions show");
});

test("without a connection, but with a key at hand: the one command that moves it", async () => {
  await daemon.close();
  daemon = await startFakeDaemon(home, {
    sessionsStart: () => {
      throw new Refused(
        "connection_missing",
        "there is no connection yet",
        "hoopx connections add",
      );
    },
  });
  const { code, stderr } = await start(["run", "--", "true"], { OPENAI_API_KEY: "sk-real" }).done;
  expect(code).toBe(1);
  expect(stderr).toContain("\nhint: hoopx connections add openai --secret-env OPENAI_API_KEY\n");
  expect((await start(["run", "--", "true"]).done).stderr).toContain(
    "hint: hoopx connections add\n",
  );
});

test("the lease is taken anew, with the token, when the daemon comes back", async () => {
  const leased = withResolvers();
  const run = start(["run", "--", "sh", "-c", "read line"], { HOOPX_PASSPHRASE: "horse" });
  while (!daemon.asked.some(([name]) => name === "sessionsLease")) {
    await new Promise((resolve) => setImmediate(resolve));
  }
  await daemon.close();
  daemon = await startFakeDaemon(home, {
    ...answers,
    unlock: () => ({}),
    async *sessionsLease({ body }) {
      if (body.token === "hxs_secret-token" && body.childPid !== null) leased.resolve();
      yield { alive: true };
      await new Promise(() => {});
    },
  });
  await leased.promise;
  run.child.stdin.end("\n");
  expect(await run.done).toMatchObject({ code: 0, stderr: summary });
  expect(daemon.asked.map(([name]) => name)).toEqual(["unlock", "sessionsLease", "sessionsEnd"]);
});

test("a session revoked under its agent is said in one line", async () => {
  await revokeAtOnce();
  const run = start(["run", "--", "sh", "-c", "read line"]);
  await once(run.child.stderr, "data");
  run.child.stdin.end("\n");
  const { stderr } = await run.done;
  const [first] = stderr.split("\n");
  expect(first).toBe("hoopx: session ses_1 was revoked: the agent's requests are refused now");
});

test("with nobody to read stderr the agent runs on, and its exit code is what counts", async () => {
  const leases = await revokeAtOnce();
  const run = start(["run", "--", "sh", "-c", "read line; echo done; exit 3"]);
  run.child.stderr.destroy();
  while (leases() < 2) await new Promise((resolve) => setImmediate(resolve));
  // What it says of the lost session meets the closed pipe first, its summary then.
  await new Promise((resolve) => setTimeout(resolve, 200));
  run.child.stdin.end("\n");
  expect(await run.done).toMatchObject({ code: 3, stdout: "done\n" });
});

test("a daemon that hangs does not keep the agent's exit code back", async () => {
  await daemon.close();
  daemon = await startFakeDaemon(home, { ...answers, sessionsEnd: () => new Promise(() => {}) });
  const { code, stderr } = await start(["run", "--", "sh", "-c", "exit 3"]).done;
  expect(code).toBe(3);
  expect(stderr).toMatch(/ ended, but the daemon could not be told: it does not answer\n$/);
});

/** A daemon that ends the first lease and refuses the next: how many were asked for. */
async function revokeAtOnce(): Promise<() => number> {
  await daemon.close();
  let leases = 0;
  daemon = await startFakeDaemon(home, {
    ...answers,
    sessionsLease: () => {
      leases += 1;
      if (leases > 1) throw new Refused("session_over", "session ses_1 was revoked");
      return [{ alive: true }];
    },
  });
  return () => leases;
}

function withResolvers() {
  let resolve = () => {};
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
