/** A login in a real Secret Service: the refresh token is there and nowhere else, whichever daemon uses it. */
import { spawnSync } from "node:child_process";
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
  "a second daemon never takes up the first one's record and login; the first goes on",
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
    const one = `XDG_RUNTIME_DIR=${home.path}/one ${hoopx}`;
    const two = `XDG_RUNTIME_DIR=${home.path}/two ${hoopx}`;
    const { code, stdout, stderr } = await onBus(
      `
    ${one} login --issuer ${idp.issuer} --client-id ${idp.clientId} --no-open --json
    ${one} connections add openai --base-url http://127.0.0.1:1/v1 --secret-env KEY
    ${two} daemon start || echo "exit $?"
    ${two} whoami --json || echo "exit $?"
    ${one} run -- echo ran one
    ${one} whoami --json
    ${one} daemon stop
  `,
      folders,
    );
    expect(code, stderr + stdout).toBe(0);
    expect(stderr).toMatch(/process \d+, holds the record in .*: end it \(kill \d+\)/);
    expect(stdout.match(/^exit 1$/gm)).toHaveLength(2);
    expect(stdout.match(/^ran one$/gm)).toHaveLength(1);
    expect(stdout.match(/"subject":"ada"/g)).toHaveLength(2);
  },
);
