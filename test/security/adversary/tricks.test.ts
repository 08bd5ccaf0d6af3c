/**
 * A hostile agent: a real process below a real `hoopx run`, as the same user,
 * one trick a file (`agents/`). What such a process can always do is written
 * down in docs/security.md; nothing more than that works.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import type { ReviewView } from "../../../src/contract/review-views.js";
import type { ProcessView, SessionView } from "../../../src/contract/views.js";
import { connectedHome } from "../../support/connected-home.js";
import { holdSession } from "../../support/held-session.js";
import { eventually, hoopxProgram, type Running, type RunOptions } from "../../support/home.js";
import { root } from "../../support/sources.js";

const key = "sk-real-adversary-0123456789abcdef";
const onLinux = process.platform === "linux";
const { api, home } = await connectedHome(key);
const { socket } = await home.daemon();

const pending = () => home.json<readonly ReviewView[]>(["reviews", "--status", "pending"]);

afterEach(async () => {
  for (const { id } of await pending()) await home.hoopx(["deny", id]);
});

function hostile(trick: string, { environment = {}, ...options }: RunOptions = {}): Running {
  const file = join(root, "test/security/adversary/agents", `${trick}.mjs`);
  const words = ["run", "--", process.execPath, file];
  return home.start(words, { ...options, environment: { SOCKET: socket, ...environment } });
}

/** What an agent said, all of it in one object. */
const said = (stdout: string) =>
  Object.assign(
    {},
    ...stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line)),
  );

async function outcome(running: Running): Promise<Record<string, unknown>> {
  const { stdout, stderr } = await running.done;
  if (stdout === "") throw new Error(`the agent said nothing: ${stderr}`);
  return said(stdout);
}

test.runIf(onLinux).each(["cleared-environment", "double-fork", "setsid", "fleeing-parents"])(
  "%s: an agent approves nothing of its own",
  async (trick) => {
    const before = api.calls.length;
    expect(await outcome(hostile(trick))).toEqual({ approve: 403 });
    expect(api.calls.length).toBe(before);
  },
);

test.runIf(onLinux)(
  "below more processes than are looked through, an agent is no outsider",
  async () => {
    expect(await outcome(hostile("deep-chain"))).toEqual({ approve: 403, start: 403 });
  },
);

test.runIf(onLinux)(
  "a lease that names another child, and an end that another tells, are refused",
  async () => {
    const told = await outcome(hostile("own-lease"));
    expect(told).toEqual({ lease: 400, end: 400, approve: 403 });
  },
);

test.runIf(onLinux)("a run whose session is over is still a run", async () => {
  const victim = home.agent("ask.mjs", ["upload"]);
  const [review] = await eventually(pending, ({ length }) => length === 1);
  const told = await outcome(hostile("revoked", { environment: { REVIEW: review?.id ?? "" } }));
  expect(told).toEqual({ revoke: 200, approve: 403 });
  expect(await pending()).toHaveLength(1);
  await home.hoopx(["deny", review?.id ?? ""]);
  await victim.done;
});

test.runIf(onLinux)(
  "what is hidden in a review is revealed to a person, and to no process inside a run",
  async () => {
    const secret = ["ghp", "R4t7Kq2Lm9Xw3Zb8Vn5Jc1Hs6Df0Gy2Pe4Ua"].join("_");
    const held = await holdSession(home);
    const answered = held.request({
      method: "POST",
      target: "/openai/v1/vector_stores",
      body: JSON.stringify({ name: `notes with ${secret} in them` }),
    });
    const [review] = await eventually(pending, ({ length }) => length === 1);
    const id = review?.id ?? "";
    const told = await outcome(
      hostile("reveal", { environment: { REVIEW: id, HOOPX: hoopxProgram } }),
    );
    const { seen, ...refused } = told;
    expect(refused).toEqual({
      statuses: [403, 403],
      codes: ["inside_run", "inside_run"],
      ...{ fled: 403, apart: 403, command: 3 },
    });
    // The review itself may be looked at, with the secret hidden.
    expect(seen).toContain("notes with [hidden 1: 40 characters");
    expect(seen).not.toContain(secret);
    const person = await home.hoopx(["reviews", "show", id, "--reveal", "--json"]);
    expect(JSON.parse(person.stdout).revealed).toMatchObject([{ number: 1, text: secret }]);
    await home.hoopx(["deny", id]);
    await answered;
    await held.end();
  },
);

interface OwnSession {
  readonly status: number;
  readonly started: {
    readonly id: string;
    readonly token: string;
    readonly process: ProcessView;
    readonly processCheck: string;
  };
}

test.runIf(onLinux).each(["process 1", "the shell", "another run"])(
  "a session of its own that names %s as its runner is held to the agent",
  async (whose) => {
    const other = await holdSession(home);
    const runner = { "process 1": 1, "the shell": process.pid, "another run": other.running.pid };
    const agent = hostile("own-session", {
      stdin: "open",
      environment: { RUNNER: String(runner[whose as keyof typeof runner]) },
    });
    await agent.shows("}\n");
    const { started } = said(agent.stdout()) as OwnSession;
    expect(started.processCheck).toBe("tree");
    // What it says of itself is checked: command, folder and user are the kernel's.
    expect(started.process).toMatchObject({ cwd: home.path, user: userInfo().username });
    expect(started.process.command).toContain("own-session.mjs");
    expect(started.process.command).not.toContain("trusted");
    const headers = { authorization: `Bearer ${started.token}` };
    expect((await fetch(`${other.baseUrl}/models`, { headers })).status).toBe(401);
    // And the person is no insider of anything.
    expect((await home.hoopx(["grants", "revoke", "gra_none"])).code).toBe(1);
    agent.child.stdin?.end();
    await agent.done;
    await other.end();
  },
);

test.runIf(onLinux)("a run inside another one gets no more than that one has", async () => {
  await home.connect(api.baseUrl, key, "other");
  const file = join(root, "test/security/adversary/agents/own-run.mjs");
  const flags = ["run", "--connection", "openai", "--ttl", "10m"];
  const told = await outcome(
    home.start([...flags, "--", process.execPath, file], { environment: { SOCKET: socket } }),
  );
  expect(told).toMatchObject({
    usual: 200,
    connections: ["openai"],
    other: [403, "inside_run"],
    // With its run's session go those that were started inside it.
    revoked: [200, "revoked"],
    after: [403, "inside_run"],
  });
  // To the second.
  expect(told.longer).toBeLessThanOrEqual(1_000);
  await home.hoopx(["connections", "remove", "other"]);
});

/** Makes the kernel give this number to the next process; false where this user may not. */
function nextPid(pid: number): boolean {
  try {
    writeFileSync("/proc/sys/kernel/ns_last_pid", String(pid - 1));
    return true;
  } catch {
    return false;
  }
}

test.runIf(onLinux)(
  "a connection that was handed on belongs to no process, also where its opener's number is a person's by now",
  async () => {
    const go = join(home.path, "go");
    const agent = hostile("socket-passed-on", { environment: { GO: go } });
    await agent.shows("opener");
    const { opener } = said(agent.stdout());
    // A process outside of all runs gets the number of the one that connected, where this user can arrange that.
    const reused = nextPid(opener) ? home.spawn("sleep", ["60"]) : undefined;
    writeFileSync(go, "");
    expect(await outcome(agent)).toMatchObject({ approve: 403 });
    reused?.child.kill("SIGKILL");
  },
);

test.runIf(onLinux)("programs of the agent's own are not taken for hoopx's", async () => {
  const trap = join(home.path, "trap");
  const { pid } = await home.daemon();
  expect(await outcome(hostile("own-hoopx", { environment: { TRAP: trap } }))).toEqual({
    status: 200,
  });
  expect(existsSync(join(trap, "caught"))).toBe(false);
  const next = await home.daemon();
  expect(next.pid).not.toBe(pid);
  const started = readFileSync(`/proc/${next.pid}/cmdline`, "utf8");
  expect(started).toContain("hoopxd");
  expect(started).not.toContain(trap);
});

test("the daemon starts with no option that loads code or writes down what it holds", async () => {
  const evil = join(home.path, "evil.cjs");
  const caught = join(home.path, "evil-caught");
  // Node loads it before anything of hoopx runs: what counts is that no daemon comes of it.
  writeFileSync(evil, "");
  const environment = { EVIL: evil, DAEMON: join(root, "bin/hoopxd.js") };
  const { exits, daemon } = await outcome(hostile("node-options", { environment }));
  for (const [option, codes] of Object.entries(exits as Record<string, number[]>)) {
    // An option that this Node does not take as an argument, or in the variable, is Node's own refusal (9).
    for (const code of codes) expect([1, 9], `${option}: ${codes}`).toContain(code);
  }
  expect(daemon).toBe(200);
  expect(existsSync(caught)).toBe(false);
});

test("a secret in an agent's command line, title or label is nowhere in hoopx", async () => {
  const secret = `ghp_${"Ab3dE6gH9jK2mN5pQ8sT1vW4xY7zA0bC3dEf"}`;
  const flags = ["--title", `for ${secret}`, "--label", `with=${secret}`];
  const agent = home.agent("ask.mjs", ["models", `--token=${secret}`], { flags });
  expect((await agent.done).code).toBe(0);
  const session = await home.json<SessionView>(["sessions", "show", "last"]);
  expect(session.process.command).toContain("ask.mjs");
  expect(JSON.stringify(session)).not.toContain(secret);
  expect(home.filesWith(secret)).toEqual([]);
  expect((await home.hoopx(["sessions"])).stdout).not.toContain(secret);
});
