/** L7 of docs/security.md: a session's token works in its run's processes and nowhere else. */
import { realpathSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { ExchangeView, SessionView } from "../../src/contract/views.js";
import { connectedHome } from "../support/connected-home.js";
import { holdSession } from "../support/held-session.js";
import { agentsFolder, eventually } from "../support/home.js";

const key = "sk-real-processes-0123456789abcdef";
const onLinux = process.platform === "linux";
const node = realpathSync(process.execPath);
const { api, home } = await connectedHome(key);

type Recorded = SessionView & { readonly exchanges: readonly ExchangeView[] };
const recordOf = (id: string) => home.json<Recorded>(["sessions", "show", id]);

/** A program that asks with a token it was given, and says its pid and what it was told. */
const thief = `
  const reply = await fetch(process.env.URL + "/models", {
    headers: { authorization: "Bearer " + process.env.TOKEN },
  });
  const { error } = await reply.json();
  const retry = reply.headers.get("x-should-retry");
  console.log(JSON.stringify({ pid: process.pid, status: reply.status, error, retry }));`;

test.runIf(onLinux)(
  "L7 a copied token gets 401 in another shell, and the record names it",
  async () => {
    const held = await holdSession(home);
    expect((await held.request({})).status).toBe(200);
    const before = api.calls.length;
    const started = Date.now();
    const shell = home.spawn("sh", ["-c", `"$NODE" --input-type=module -e "$THIEF"; true`], {
      environment: {
        NODE: process.execPath,
        THIEF: thief,
        TOKEN: held.token,
        URL: held.baseUrl,
        // Saying so makes nobody part of a run.
        HOOPX_SESSION_ID: held.id,
      },
    });
    const told = JSON.parse((await shell.done).stdout);
    expect(told).toMatchObject({ status: 401, retry: "false" });
    expect(told.error).toMatchObject({ code: "token_outside_run", param: null });
    expect(told.error.message).toContain(String(told.pid));
    expect(api.calls.length).toBe(before);

    const { exchanges, processCheck, counts } = await recordOf(held.id);
    expect(processCheck).toBe("tree");
    expect(counts).toMatchObject({ exchanges: 2, denied: 0, outcomes: { refused: 1 } });
    expect(exchanges[0]?.process).toMatchObject({ pid: held.pid, executable: node });
    const attempt = exchanges[1];
    expect(attempt).toMatchObject({
      status: 401,
      error: "token_outside_run",
      process: { pid: told.pid, executable: node },
    });
    const startedAt = Date.parse(attempt?.process?.startedAt ?? "");
    // Kernel ticks and the clock's own steps.
    expect(startedAt).toBeGreaterThan(started - 1_000);
    expect(startedAt).toBeLessThan(Date.now() + 1_000);
    // The agent itself goes on.
    expect((await held.request({})).status).toBe(200);
    await held.end();
  },
);

test("the agent's children and grandchildren are inside, from their first request on", async () => {
  const ask = `"${process.execPath}" "${join(agentsFolder, "ask.mjs")}" models`;
  const words = ["sh", "-c", `sh -c '${ask}; true'; ${ask}; true`];
  const { stdout, stderr } = await home.hoopx(["run", "--", ...words]);
  const lines = stdout.trim().split("\n");
  expect(lines, stderr).toHaveLength(2);
  for (const line of lines) expect(JSON.parse(line)).toHaveProperty("models");
  const { id, process: run } = await home.lastSession();
  const { exchanges } = await recordOf(id);
  const pids = exchanges.map((exchange) => exchange.process?.pid);
  if (onLinux) expect(new Set([run.pid, ...pids]).size).toBe(3);
});

test("fifty connections of one agent at once are all let in", async () => {
  const held = await holdSession(home);
  const replies = await Promise.all(Array.from({ length: 50 }, () => held.request({})));
  expect(replies.map(({ status }) => status)).toEqual(Array(50).fill(200));
  const { exchanges } = await recordOf(held.id);
  if (onLinux) expect(new Set(exchanges.map(({ process }) => process?.pid)).size).toBe(1);
  await held.end();
});

test.runIf(onLinux)(
  "a socket that an orphan of the run has too is the run's, and the agent's, who opened it",
  async () => {
    const { stdout, stderr } = await home.agent("forks.mjs").done;
    const { status, other } = JSON.parse(stdout || "{}");
    expect(status, stderr).toBe(200);
    const [exchange] = (await recordOf("last")).exchanges;
    expect(exchange?.process?.executable).toBe(node);
    expect(exchange?.process?.pid).not.toBe(other);
  },
);

/** Runs worker.mjs in the background of a shell that ends, while the run goes on. */
async function orphan(...flags: readonly string[]) {
  const worker = [process.execPath, join(agentsFolder, "worker.mjs"), ...flags];
  const quoted = worker.map((word) => `"${word}"`).join(" ");
  // `wait` is for what the outer shell started: the worker is the inner one's.
  const inner = `${quoted} > "$OUT" & while ! grep -q ready "$OUT"; do sleep 0.02; done`;
  const script = `OUT=$(mktemp); export OUT; sh -c '${inner}'; until grep -q statuses "$OUT"; do sleep 0.02; done; cat "$OUT"; rm "$OUT"`;
  const { stdout, stderr } = await home.hoopx(["run", "--", "sh", "-c", script]);
  const line = stdout.split("\n").find((each) => each.includes("statuses"));
  if (line === undefined) throw new Error(`no answer: ${stdout}${stderr}`);
  return JSON.parse(line) as { pid: number; statuses: number[] };
}

test("a worker that asked while it was inside goes on after its parent has ended", async () => {
  const { pid, statuses } = await orphan();
  expect(statuses).toEqual([200, 200, 200]);
  const { exchanges } = await recordOf("last");
  if (onLinux) expect(exchanges.map(({ process }) => process?.pid)).toEqual([pid, pid, pid]);
});

test.runIf(onLinux)(
  "L7 an orphan that never asked before is inside: the run took it in",
  async () => {
    const { pid, statuses } = await orphan("--late");
    expect(statuses).toEqual([200]);
    const [exchange] = (await recordOf("last")).exchanges;
    expect(exchange).toMatchObject({ status: 200, process: { pid } });
  },
);

test.runIf(onLinux)("L7 nobody but the run says which process its token is held to", async () => {
  const held = await holdSession(home);
  const { socket } = await home.daemon();
  const lease = (childPid: number) =>
    home.spawn(process.execPath, ["-e", takeLease], {
      environment: { SOCKET: socket, ID: held.id, TOKEN: held.token, CHILD: String(childPid) },
    }).done;
  for (const pid of [process.pid, 1]) {
    expect((await lease(pid)).stdout).toContain("bad_request");
    expect((await held.request({ outside: true })).body).toContain("token_outside_run");
  }
  expect((await recordOf(held.id)).process.pid).toBe(held.pid);
  expect((await held.request({})).status).toBe(200);
  await held.end();
});

const takeLease = `
  const { SOCKET: socketPath, ID, TOKEN: token, CHILD } = process.env;
  const path = "/v1/sessions/" + ID + "/lease";
  const headers = { "content-type": "application/json" };
  const asked = require("http").request({ socketPath, method: "POST", path, headers }, (reply) => {
    reply.on("data", (text) => { console.log(String(text)); process.exit(); });
  });
  asked.end(JSON.stringify({ token, childPid: Number(CHILD) }));`;

test.runIf(onLinux)(
  "L7 a session is held to its tree after a restart of the daemon too",
  async () => {
    const held = await holdSession(home);
    expect((await held.request({})).status).toBe(200);
    const { pid } = await home.daemon();
    process.kill(pid, "SIGKILL");
    const reply = await eventually(
      () => held.request({}),
      ({ status }) => status === 200,
    );
    expect(reply.status).toBe(200);
    expect((await held.request({ outside: true })).body).toContain("token_outside_run");
    await held.end();
  },
);
