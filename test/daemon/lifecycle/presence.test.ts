/** What can become of a running daemon's run folder and lock, with the built daemon. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { homeOf } from "../../../src/contract/home.js";
import { createPresence, type Rebinds } from "../../../src/daemon/lifecycle/presence.js";
import { alive, eventually } from "../../support/home.js";
import { type RunningDaemon, runDaemon } from "../running-daemon.js";

let home: string;
let daemons: RunningDaemon[];
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "hoopx-presence-"));
  daemons = [];
});
afterEach(async () => {
  for (const { child } of daemons) child.kill("SIGKILL");
  await Promise.all(daemons.map(({ gone }) => gone));
  rmSync(home, { recursive: true, force: true });
});

function start(): RunningDaemon {
  const daemon = runDaemon(home);
  daemons.push(daemon);
  return daemon;
}

const run = () => join(home, "run");
const log = () => readFileSync(join(home, "log/hoopxd.log"), "utf8");

test("a socket that cannot be bound again for long ends the daemon, and says so once", async () => {
  const said: string[] = [];
  const say = (_: object, message: string) => void said.push(message);
  const reason = await new Promise<string>((stop) => {
    createPresence({
      home: homeOf({ HOOPX_HOME: home }),
      lock: { isOwn: () => true },
      control: { isBound: () => false, rebind: () => Promise.reject(new Error("no folder")) },
      rebinds: { count: 0, last: null },
      pidFile: { pid: 1, version: "1", startedAt: "now", port: 1 },
      stop,
      log: { warn: say, error: say },
      every: 2,
    });
  });
  expect(reason).toContain("no command reaches");
  expect(said).toEqual(["the control socket cannot be bound"]);
});

test("each time that the socket is bound again is counted, and said at each doubling", async () => {
  mkdirSync(run(), { recursive: true });
  const said: object[] = [];
  let bound = true;
  const rebinds: Rebinds = { count: 0, last: null };
  const presence = createPresence({
    rebinds,
    home: homeOf({ HOOPX_HOME: home }),
    lock: { isOwn: () => true },
    control: {
      isBound: () => bound,
      rebind: async () => {
        bound = true;
      },
    },
    pidFile: { pid: 1, version: "1", startedAt: "now", port: 1 },
    stop: (reason) => said.push({ reason }),
    log: { warn: (facts) => said.push(facts), error: (facts) => said.push(facts) },
    every: 2,
  });
  for (let time = 1; time <= 5; time += 1) {
    bound = false;
    await eventually(
      () => rebinds.count,
      (count) => count === time,
    );
  }
  presence.stop();
  expect(rebinds.last).toBeInstanceOf(Date);
  expect(said).toMatchObject([{ count: 1 }, { count: 2 }, { count: 4 }]);
});

test("a run folder that is removed is made again: the same daemon answers, and what was connected stays", async () => {
  const first = start();
  await first.ready();
  const events = first.lines("GET", "/v1/events");
  await eventually(
    () => first.call("GET", "/v1/daemon"),
    ({ status }) => status === 200,
  );
  rmSync(run(), { recursive: true });
  const { body } = await eventually(
    () => first.call("GET", "/v1/daemon").catch(() => ({ status: 0, body: { pid: 0 } })),
    ({ status }) => status === 200,
    3_000,
  );
  expect(body.pid).toBe(first.child.pid);
  expect(JSON.parse(readFileSync(join(run(), "hoopxd.pid"), "utf8")).pid).toBe(first.child.pid);
  expect(log()).toContain("bound again");
  const second = start();
  expect(await second.gone).toBe(0);
  expect(second.stderr()).toContain(`pid ${first.child.pid}`);
  events.leave();
  first.child.kill("SIGTERM");
  expect(await first.gone).toBe(0);
  expect(existsSync(join(run(), "hoopxd.sock"))).toBe(false);
});

test("a lock that is removed ends the daemon, and the next one waits for that", async () => {
  const first = start();
  await first.ready();
  rmSync(join(home, "data/hoopxd.lock"));
  const second = start();
  await second.ready();
  expect(alive(first.child.pid ?? 0)).toBe(false);
  expect(log()).toContain("no longer this daemon's");
});
