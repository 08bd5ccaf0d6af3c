/** A login in a real Secret Service: the refresh token is there and nowhere else, whichever daemon uses it. */
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createHome, hoopxProgram, type TestHome } from "../support/home.js";
import { type IdentityProvider, startIdentityProvider } from "../support/identity-provider.js";

const there = ["dbus-run-session", "gnome-keyring-daemon"].every(
  (program) => spawnSync(program, ["--version"]).error === undefined,
);
let idp: IdentityProvider;
let home: TestHome;

beforeAll(async () => {
  idp = await startIdentityProvider();
  home = createHome();
});
afterAll(async () => {
  await home.dispose();
  await idp.close();
});

/** Runs a script on a session bus of its own with an unlocked keyring; approves each code that it shows. */
async function onBus(script: string, environment: Record<string, string> = {}) {
  const unlock = "printf login | gnome-keyring-daemon --unlock --components=secrets >/dev/null";
  const running = home.spawn(
    "dbus-run-session",
    ["--", "/bin/sh", "-c", `set -e\n${unlock}\n${script}`],
    { environment },
  );
  const approved = new Set<string>();
  running.child.stdout?.on("data", () => {
    for (const [, code = ""] of running.stdout().matchAll(/"userCode":"([^"]+)"/g)) {
      if (approved.has(code)) continue;
      approved.add(code);
      void idp.approve(code);
    }
  });
  return running.done;
}

const hoopx = `node ${hoopxProgram}`;

test.skipIf(!there)(
  "login, renewals and a restart: the token is in the keyring alone",
  { timeout: 60_000 },
  async () => {
    const login = `${hoopx} login --issuer ${idp.issuer} --client-id ${idp.clientId} --no-open --json`;
    const { code, stdout, stderr } = await onBus(`
      ${login}
      ${hoopx} whoami --refresh --json
      cat /proc/$(${hoopx} daemon status --json | grep -o '"pid":[0-9]*' | cut -d: -f2)/environ > ${home.path}/environ
      ${hoopx} daemon restart >/dev/null
      ${hoopx} whoami --refresh --json
      ${hoopx} daemon stop
    `);
    expect(code, stderr).toBe(0);
    expect(stdout.match(/"kept":"keychain"/g)).toHaveLength(2);
    expect(idp.refreshTokens.length).toBeGreaterThanOrEqual(3);
    for (const token of idp.refreshTokens) {
      // Files, the daemon's environment and logs, all are below the home; the keyring's file is encrypted.
      expect(home.filesWith(token)).toEqual([]);
      expect(stdout + stderr).not.toContain(token);
    }
  },
);

test.skipIf(!there)(
  "two daemons on one keyring entry take turns and both stay logged in",
  {
    timeout: 90_000,
  },
  async () => {
    const folders = {
      HOOPX_HOME: "",
      XDG_CONFIG_HOME: join(home.path, "c"),
      XDG_DATA_HOME: join(home.path, "d"),
      XDG_STATE_HOME: join(home.path, "s"),
      HOOPX_PORT: "0",
      KEY: "sk-two-daemons-0123456789",
    };
    const before = idp.tokenRequests("refresh_token");
    const one = `XDG_RUNTIME_DIR=${home.path}/one ${hoopx}`;
    // Two daemons never share a record, so the second has data of its own.
    const two = `XDG_DATA_HOME=${home.path}/d2 XDG_RUNTIME_DIR=${home.path}/two ${hoopx}`;
    const { code, stdout, stderr } = await onBus(
      `
    export XDG_RUNTIME_DIR
    ${one} login --issuer ${idp.issuer} --client-id ${idp.clientId} --no-open --json
    ${one} connections add openai --base-url http://127.0.0.1:1/v1 --secret-env KEY
    mkdir -p -m 700 ${home.path}/d2 ${home.path}/d2/hoopx
    cp -r ${home.path}/d/hoopx/logins ${home.path}/d2/hoopx/
    ${two} daemon start
    for round in 1 2 3; do
      ${one} run -- echo ran one & first=$!
      ${two} run -- echo ran two & second=$!
      wait $first; wait $second
    done
    ${one} whoami --json
    ${two} whoami --json
    ${one} daemon status --json; ${two} daemon status --json
    ${one} logout --json
    # No renewal that "just ended" may answer for the one that is asked for now.
    sleep 6
    ${two} whoami --refresh --json || echo "exit $?"
    ${one} daemon stop; ${two} daemon stop
  `,
      folders,
    );
    expect(code, stderr + stdout).toBe(0);
    const pids = new Set([...stdout.matchAll(/"pid":(\d+)/g)].map(([, pid]) => pid));
    expect(pids.size).toBe(2);
    expect(stdout.match(/^ran (one|two)$/gm)).toHaveLength(6);
    expect(stdout.match(/"subject":"ada"/g)).toHaveLength(4);
    expect(stdout).toContain('"revoked":true');
    expect(stdout).toContain("exit 4");
    expect(idp.tokenRequests("refresh_token") - before).toBeGreaterThanOrEqual(6);
    const logs = readdirSync(join(home.path, "s"), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8"))
      .join("");
    expect(logs).not.toContain("does not accept it any more");
  },
);
