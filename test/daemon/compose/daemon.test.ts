/** The built daemon, run as a process: what start, kill and stop leave behind. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { DaemonView } from "../../../src/contract/daemon-view.js";
import { type RunningDaemon, runDaemon } from "../running-daemon.js";

let home: string;
let daemons: RunningDaemon[];

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "hoopx-daemon-"));
  daemons = [];
});
afterEach(async () => {
  for (const { child, gone } of daemons) {
    child.kill("SIGKILL");
    await gone;
  }
  rmSync(home, { recursive: true });
});

function start(environment?: Readonly<Record<string, string>>, flags?: readonly string[]) {
  const daemon = runDaemon(home, environment, flags);
  daemons.push(daemon);
  return daemon;
}

test("files are 0600 and folders 0700, whatever umask it was started with", async () => {
  const before = process.umask(0);
  const daemon = start();
  process.umask(before);
  await daemon.ready();
  const modeOf = (path: string) => statSync(join(home, path)).mode & 0o777;
  for (const folder of ["config", "data", "run", "log"]) expect(modeOf(folder)).toBe(0o700);
  for (const file of ["run/hoopxd.sock", "run/hoopxd.pid", "data/hoopx.db", "log/hoopxd.log"]) {
    expect(modeOf(file), file).toBe(0o600);
  }
  const view = (await daemon.call<DaemonView>("GET", "/v1/daemon")).body;
  expect(JSON.parse(readFileSync(join(home, "run/hoopxd.pid"), "utf8"))).toEqual({
    pid: daemon.child.pid,
    version: view.version,
    startedAt: view.startedAt,
    port: view.port,
  });
});

test("a second start finds the first and leaves it alone", async () => {
  const first = start();
  await first.ready();
  const second = start();
  expect(await second.gone).toBe(0);
  expect(second.stderr()).toBe(
    `hoopxd (pid ${first.child.pid}) already answers on ${first.socket}\n`,
  );
  expect((await first.call("GET", "/v1/daemon")).status).toBe(200);
});

test("of several starts at once one serves and all others find it", async () => {
  const many = [start(), start(), start(), start()];
  const codes: (number | null)[] = [];
  await new Promise<void>((resolve) => {
    for (const { gone } of many) {
      void gone.then((code) => codes.push(code) === many.length - 1 && resolve());
    }
  });
  expect(codes).toEqual([0, 0, 0]);
  const serving = many.find(({ child }) => child.exitCode === null);
  await serving?.ready();
});

test("what kill -9 leaves is cleared, and the port is kept", async () => {
  const first = start();
  await first.ready();
  const { port } = (await first.call<DaemonView>("GET", "/v1/daemon")).body;
  first.child.kill("SIGKILL");
  await first.gone;
  expect(existsSync(first.socket)).toBe(true);

  const second = start({ HOOPX_PORT: "" });
  await second.ready();
  expect((await second.call("GET", "/v1/daemon")).body).toMatchObject({
    port,
    pid: second.child.pid,
  });
});

test.each(["SIGTERM", "SIGINT", "stop"] as const)("%s ends it cleanly", async (how) => {
  const daemon = start();
  await daemon.ready();
  if (how === "stop") {
    const { body } = await daemon.call("POST", "/v1/daemon/stop", {});
    expect(body).toMatchObject({ draining: true });
  } else daemon.child.kill(how);
  expect(await daemon.gone).toBe(0);
  expect(existsSync(daemon.socket)).toBe(false);
  expect(existsSync(join(home, "run/hoopxd.pid"))).toBe(false);
  expect(readFileSync(join(home, "log/hoopxd.log"), "utf8")).toContain('"msg":"stopped"');
});

test("neither SIGUSR1 nor a lost terminal does anything to it", async () => {
  const daemon = start();
  await daemon.ready();
  daemon.child.kill("SIGUSR1");
  daemon.child.kill("SIGHUP");
  expect((await daemon.call("GET", "/v1/daemon")).status).toBe(200);
  daemon.child.kill("SIGTERM");
  expect(await daemon.gone).toBe(0);
  expect(daemon.stderr()).not.toContain("Debugger");
});

test.each([
  [{ NODE_OPTIONS: "--require=/dev/null" }, [], "error: NODE_OPTIONS holds --require"],
  [{}, ["--import=data:text/javascript,"], "error: the daemon refuses to be started with --import"],
  [{ OPENAI_API_KEY: "sk-secret" }, [], "error: the environment holds a secret: OPENAI_API_KEY"],
  [{ HOOPX_PASSPHRASE: "p" }, [], "error: the environment holds a secret: HOOPX_PASSPHRASE"],
  [{ HOOPX_LOG_LEVEL: "loud" }, [], 'error: HOOPX_LOG_LEVEL must be "fatal"'],
])("it refuses to start with %j %j", async (environment, flags, message) => {
  const daemon = start(environment as Record<string, string>, flags);
  expect(await daemon.gone).toBe(1);
  expect(daemon.stderr()).toContain(message);
  expect(daemon.stderr()).toContain("\nhint: ");
  expect(daemon.stderr()).not.toContain("sk-secret");
  expect(existsSync(daemon.socket)).toBe(false);
});

test("settings that do not fit are all told, a line each, with its place", async () => {
  mkdirSync(join(home, "config"), { recursive: true });
  writeFileSync(join(home, "config/config.yaml"), "sectretStore: file\nport: high\n");
  const daemon = start();
  expect(await daemon.gone).toBe(1);
  expect(daemon.stderr()).toMatch(
    /^error: 2 settings cannot be used\n {2}\S+:2:7: port must .*\n {2}\S+:1:1: no setting .*\nhint: .*\n$/,
  );
});

test("a lock file that is none keeps it from starting, with a word on how to mend it", async () => {
  const first = start();
  await first.ready();
  first.child.kill("SIGTERM");
  await first.gone;
  writeFileSync(join(home, "data/hoopxd.lock"), "not a database".repeat(500));
  const second = start();
  expect(await second.gone).toBe(1);
  expect(second.stderr()).toContain("delete it and start again");
});
