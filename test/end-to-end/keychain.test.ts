/** The default home of a key: a real Secret Service, where the machine can run one. */
import { spawnSync } from "node:child_process";
import { afterAll, beforeAll, expect, test } from "vitest";
import { agentsFolder, createHome, hoopxProgram, type TestHome } from "../support/home.js";
import { type ModelApi, startModelApi } from "../support/model-api.js";

const there = ["dbus-run-session", "gnome-keyring-daemon"].every(
  (program) => spawnSync(program, ["--version"]).error === undefined,
);
const key = "sk-keychain-0123456789abcdef";
let api: ModelApi;
let home: TestHome;

beforeAll(async () => {
  api = await startModelApi({ key });
  home = createHome();
});
afterAll(async () => {
  await home.dispose();
  await api.close();
});

test.skipIf(!there)(
  "a key in the keyring: the agent runs, and no file of ours holds it",
  async () => {
    const hoopx = `node ${hoopxProgram}`;
    const script = `
    set -e
    printf 'login' | gnome-keyring-daemon --unlock --components=secrets >/dev/null
    ${hoopx} connections add openai --base-url ${api.baseUrl} --secret-env KEY
    ${hoopx} connections show openai --json
    ${hoopx} run -- node ${agentsFolder}/ask.mjs responses hello
    ${hoopx} daemon stop
  `;
    const { code, stdout, stderr } = await home.spawn(
      "dbus-run-session",
      ["--", "/bin/sh", "-c", script],
      { environment: { KEY: key } },
    ).done;
    expect(code, stderr).toBe(0);
    expect(stdout).toContain('"secretStore":"keychain"');
    expect(stdout).toContain("You said: hello");
    expect(api.calls.at(-1)?.header("authorization")).toBe(`Bearer ${key}`);
    // The keyring of this home is gnome-keyring's own and encrypted.
    expect(home.filesWith(key)).toEqual([]);
  },
);
