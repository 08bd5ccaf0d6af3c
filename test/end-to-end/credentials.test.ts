/** Short-lived credentials through the built programs: a program that prints them, and no login. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ConnectionTestView, ConnectionView } from "../../src/contract/views.js";
import { holdSession } from "../support/held-session.js";
import { createHome, type TestHome } from "../support/home.js";
import { type ModelApi, startModelApi } from "../support/model-api.js";
import { checkSigV4 } from "../support/sigv4-check.js";

const secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
let api: ModelApi;
let home: TestHome;

beforeAll(async () => {
  api = await startModelApi();
  home = createHome();
});
afterAll(async () => {
  await home.dispose();
  await api.close();
});

/** A program that prints the next token of its own, and a count of its runs. */
function printer(
  name: string,
  line: (count: string) => string,
): { command: string; runs(): number } {
  const count = join(home.path, `${name}.count`);
  const program = join(home.path, `${name}.sh`);
  writeFileSync(count, "");
  writeFileSync(
    program,
    `printf x >> '${count}'\nn=$(wc -c < '${count}' | tr -d ' ')\necho "${line("$n").replaceAll('"', '\\"')}"\n`,
  );
  return { command: `sh '${program}'`, runs: () => readFileSync(count, "utf8").length };
}

async function add(name: string, ...flags: readonly string[]): Promise<string> {
  const given = ["--provider", "openai", "--base-url", api.baseUrl, ...flags];
  const { code, stdout, stderr } = await home.hoopx(["connections", "add", name, ...given]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return stdout;
}

test("a program's token: shown with its life, renewed once it is refused, and written nowhere", async () => {
  const { command, runs } = printer(
    "token",
    (n) => `{"token":"short-lived-tok-${n}","expires_in":3600}`,
  );
  expect(await add("work", "--credential", "command", "--command", command)).toMatch(
    /^added work · http:.+ · no key: command\n$/,
  );
  const before = await home.json<ConnectionView>(["connections", "show", "work"]);
  expect(before.credential).toEqual({
    kind: "command",
    lifetime: "short-lived, not obtained yet",
    expiresAt: null,
    secretStore: null,
    settings: { command },
  });

  const tested = await home.json<ConnectionTestView>(["connections", "test", "work"]);
  expect(tested).toMatchObject({
    ok: true,
    status: 200,
    credential: { kind: "command", lifetime: "short-lived, 59 min" },
    seenAs: null,
  });
  expect(Date.parse(tested.credential.expiresAt ?? "") - Date.now()).toBeGreaterThan(3_500_000);
  const { stdout } = await home.hoopx(["connections", "show", "work"]);
  expect(stdout).toContain("credential:\tcommand: short-lived, 59 min\n");

  const held = await holdSession(home, { flags: ["--connection", "work"] });
  const session = await home.lastSession();
  expect(session.credentials).toMatchObject([
    { connection: "work", kind: "command", lifetime: "short-lived, 59 min" },
  ]);
  expect(session.credentials[0]?.expiresAt).toBe(tested.credential.expiresAt);
  expect(runs()).toBe(1);

  // The provider took the first one back.
  api.set({ key: "short-lived-tok-2" });
  const body = JSON.stringify({ model: "gpt-mock", input: "hello" });
  const reply = await held.request({ method: "POST", target: "/work/v1/responses", body });
  api.set({ key: undefined });
  expect(reply.status).toBe(200);
  expect(runs()).toBe(2);
  const exchanges = await home.exchangesOf(session.id);
  expect(exchanges.map(({ status, error }) => [status, error])).toEqual([[200, null]]);
  for (const text of ["short-lived-tok-1", "short-lived-tok-2", held.token]) {
    expect(home.filesWith(text)).toEqual([]);
  }
  await held.end();

  const rotate = await home.hoopx(["connections", "rotate", "work", "--secret-env", "KEY"], {
    environment: { KEY: "sk-1" },
  });
  expect(rotate.code).toBe(2);
  expect(rotate.stderr).toContain("no key to rotate");
  expect((await home.hoopx(["connections", "remove", "work"])).stdout).toBe("removed work\n");
});

test("AWS keys sign what really arrives upstream", async () => {
  const keys = `{"Version":1,"AccessKeyId":"ASIA1","SecretAccessKey":"${secret}","SessionToken":"session-1","Expiration":"2099-01-01T00:00:00Z"}`;
  const { command } = printer("aws", () => keys);
  await add("bedrock", "--credential", "command", "--command", command, "--region", "us-east-1");
  const before = api.calls.length;
  const { code, stdout } = await home.agent("agent.mjs", ["--stream"], {
    flags: ["--connection", "bedrock"],
  }).done;
  expect([code, stdout]).toEqual([
    0,
    "I asked the tool, and it says: 21 degrees and sunny in Lisbon\n",
  ]);
  const calls = api.calls.slice(before);
  expect(calls).toHaveLength(2);
  for (const call of calls) {
    expect(checkSigV4(call, secret)).toMatchObject({
      valid: true,
      accessKeyId: "ASIA1",
      scope: "us-east-1/bedrock",
    });
    expect(call.header("x-amz-security-token")).toBe("session-1");
  }
  const shown = await home.json<ConnectionView>(["connections", "show", "bedrock"]);
  // Seventy years are not short, whoever signs with them.
  expect(shown.credential.lifetime).toMatch(/^long-lived, \d+ days$/);
  await home.hoopx(["connections", "remove", "bedrock"]);
});

test("a login that is missing: exit 4 with the command, before anything is started", async () => {
  const flags = ["--identity-provider-id", "idp_1", "--service-account-id", "sa_1"];
  await add("federated", "--credential", "openai-workload", ...flags);
  for (const args of [
    ["run", "--connection", "federated", "--", "true"],
    ["connections", "test", "federated"],
  ]) {
    const { code, stderr } = await home.hoopx(args);
    expect(code).toBe(4);
    expect(stderr).toMatch(/^error: .+\nhint: hoopx login/);
  }
  const { stdout } = await home.hoopx(["connections", "show", "federated"]);
  expect(stdout).toContain("credential:\topenai-workload: short-lived, not obtained yet\n");
  expect(stdout).toContain("service account id:\tsa_1\n");
});
