/**
 * A hostile agent in the daemon's place: it runs as the same user, so it can
 * move the control socket away, end the daemon and start programs of its own.
 * No key and no passphrase is sent to it, and no request is shown by it.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { connectedHome } from "../../support/connected-home.js";
import { holdSession } from "../../support/held-session.js";
import { eventually, type Running } from "../../support/home.js";
import { root } from "../../support/sources.js";

const key = "sk-real-impostor-0123456789abcdef";
const onLinux = process.platform === "linux";
const { home } = await connectedHome(key);
const { socket } = await home.daemon();
const rotate = () =>
  home.hoopx(["connections", "rotate", "openai", "--secret-env", "KEY"], {
    environment: { KEY: key },
  });

function hostile(trick: string, environment: Readonly<Record<string, string>>): Running {
  const file = join(root, "test/security/adversary/agents", `${trick}.mjs`);
  const own = { SOCKET: socket, ...environment };
  const words = ["run", "--", process.execPath, file];
  return home.start(words, { stdin: "open", environment: own });
}

test.runIf(onLinux)("a relay in place of the control socket is told nothing", async () => {
  const log = join(home.path, "relayed");
  const agent = hostile("relay", { LOG: log });
  await agent.shows("there");
  const passphrase = "correct horse battery staple";
  const outcomes = [
    await rotate(),
    await home.hoopx(["reviews"]),
    await home.hoopx(["connections", "add", "openai-2", "--secret-env", "KEY"], {
      environment: { KEY: key },
    }),
    await home.hoopx(["connections"], { environment: { HOOPX_PASSPHRASE: passphrase } }),
    await home.hoopx(["approve", "rev_none"]),
  ];
  // The daemon binds its own socket again and again, and in that moment a command may reach it.
  const refused = outcomes.filter(({ stderr }) => stderr.includes("Nothing was sent"));
  expect(refused.length).toBeGreaterThan(0);
  for (const { code, stderr } of refused) {
    expect(code).toBe(1);
    expect(stderr).toMatch(/process \d+ \(.*node.*\) answers on the control socket/);
    expect(stderr).toMatch(/hint: .*kill \d+/);
  }
  const relayed = existsSync(log) ? readFileSync(log, "utf8") : "";
  expect(relayed).toContain("HEAD ");
  expect(relayed).not.toMatch(/^(?:GET|POST|DELETE) /m);
  expect(relayed).not.toContain(key);
  expect(relayed).not.toContain(passphrase);
  agent.child.stdin?.end();
  await agent.done;
  await eventually(rotate, ({ code }) => code === 0);
  // What went on is told.
  const daemon = await home.daemon();
  expect(daemon.socketRebinds?.count).toBeGreaterThan(2);
  const told = /the control socket was taken away \d+ times/;
  expect((await home.hoopx(["daemon", "status"])).stderr).toMatch(told);
  expect((await home.hoopx(["doctor"])).stdout).toMatch(told);
});

test.runIf(onLinux)(
  "a daemon that an agent started is told no secret, and a restart from outside mends it",
  async () => {
    const agent = hostile("own-daemon", { DAEMON: join(root, "bin/hoopxd.js") });
    await agent.shows("}\n");
    const { pid } = JSON.parse(agent.stdout());
    const refused = await rotate();
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/the daemon \(process \d+\) was started inside the run of/);
    expect(refused.stderr).toContain("hoopx daemon restart");
    // What carries no secret goes on.
    expect((await home.daemon()).pid).toBe(pid);
    expect((await home.hoopx(["connections"])).code).toBe(0);
    expect((await home.hoopx(["daemon", "restart"])).code).toBe(0);
    expect((await home.daemon()).pid).not.toBe(pid);
    expect((await rotate()).stderr).toBe("");
    agent.child.stdin?.end();
    await agent.done;
  },
);

test.runIf(onLinux)("the daemon that a run itself started again is told secrets", async () => {
  const held = await holdSession(home);
  const { pid } = await home.daemon();
  process.kill(pid, "SIGKILL");
  const now = await eventually(
    () => held.request({}).catch(() => undefined),
    (reply) => reply?.status === 200,
  );
  expect(now?.status).toBe(200);
  const stat = readFileSync(`/proc/${(await home.daemon()).pid}/stat`, "utf8");
  expect(Number(stat.split(" ")[3])).toBe(held.running.pid);
  expect((await rotate()).stderr).toBe("");
  await held.end();
});
