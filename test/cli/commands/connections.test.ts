import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Answers, type FakeDaemon, Refused, startFakeDaemon } from "../support/fake-daemon.js";
import { runCli } from "../support/run-cli.js";
import { connectionView, daemonView } from "../support/views.js";

const key = "sk-test-0123456789";
let home: string;
let daemon: FakeDaemon;

const answers: Answers = {
  connectionsList: () => [
    connectionView(),
    connectionView({ name: "work\u001b[2J", baseUrl: "https://llm.example/v1" }),
  ],
  connectionsShow: ({ params }) => connectionView({ name: params.name ?? "" }),
  connectionsAdd: ({ body }) =>
    connectionView({ name: body.name, ...(body.baseUrl && { baseUrl: body.baseUrl }) }),
  connectionsRotate: ({ params }) => connectionView({ name: params.name ?? "" }),
  connectionsRemove: ({ params }) => connectionView({ name: params.name ?? "" }),
  connectionsTest: ({ params }) => ({
    connection: params.name ?? "",
    ok: params.name === "openai",
    request: "GET /v1/models",
    status: params.name === "openai" ? 200 : 401,
    durationMs: 340,
    message: params.name === "openai" ? "5 models" : "the key was refused",
    clockAheadMs: 0,
  }),
  unlock: () => ({}),
};

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), "hoopx-cli-"));
  daemon = await startFakeDaemon(home, answers);
});
afterEach(async () => {
  await daemon.close();
  rmSync(home, { recursive: true });
});

const add = { name: "openai", provider: "openai", credential: "static-key", secret: key };

test.each([
  ["--secret-env", ["openai", "--secret-env", "KEY"], add],
  ["--secret-stdin", ["openai", "--secret-stdin"], add],
  ["--secret-command", ["openai", "--secret-command", `printf '${key}\nmore\n'`], add],
  [
    "everything",
    [
      ...["work", "--provider", "openai", "--base-url", "http://127.0.0.1:9/v1"],
      ...["--secret-env", "KEY", "--secret-store", "keychain", "--allow-private-network"],
    ],
    {
      ...add,
      name: "work",
      baseUrl: "http://127.0.0.1:9/v1",
      secretStore: "keychain",
      allowPrivateNetwork: true,
    },
  ],
])("add: %s", async (_, args, body) => {
  const { code, stdout, stderr } = await runCli(["connections", "add", ...args], {
    home,
    environment: { KEY: key, PATH: process.env.PATH ?? "" },
    stdin: `${key}\n`,
  });
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(daemon.asked).toEqual([["connectionsAdd", body, ""]]);
  expect(stdout).toMatch(/^added (openai|work) · http.* · key in the OS keychain\n$/);
});

test.each([
  ["no terminal and no other way", ["openai"], /secret-stdin.*secret-env.*secret-command/],
  ["two ways", ["openai", "--secret-stdin", "--secret-env", "KEY"], /one of/],
  ["a stray argument", ["openai", key], /prompt/],
  ["a key where a variable's name belongs", ["openai", "--secret-env", key], /OPENAI_API_KEY/],
  ["a variable that is not set", ["openai", "--secret-env", "NONE"], /export/],
  ["an option made up, with a key", ["openai", `--key=${key}`], /--help/],
  ["a store made up", ["openai", "--secret-store", key], /--help/],
  ["a name that is no provider's", ["mine", "--secret-env", "KEY"], /--provider openai/],
  ["an empty key", ["openai", "--secret-env", "EMPTY"], /.*/],
  ["a key of two words", ["openai", "--secret-env", "TWO"], /.*/],
])("add refuses %s: exit 2, a hint, and no word of the key", async (_, args, hint) => {
  const environment = { KEY: key, EMPTY: " ", TWO: `${key} x` };
  const { code, stdout, stderr } = await runCli(["connections", "add", ...args], {
    home,
    environment,
  });
  expect(code).toBe(2);
  expect(stdout + stderr).not.toContain(key);
  expect(stderr).toMatch(/^error: .+\nhint: .+\n$/);
  expect(stderr.split("\n")[1]).toMatch(hint);
  expect(daemon.asked).toEqual([]);
});

test("add: a --secret-command that fails stores nothing", async () => {
  const { code, stderr } = await runCli(
    ["connections", "add", "openai", "--secret-command", "echo sk-half; exit 7"],
    { home, environment: { PATH: process.env.PATH ?? "" } },
  );
  expect(code).toBe(1);
  expect(stderr).toContain("exit code 7");
  expect(stderr).not.toContain("sk-half");
  expect(daemon.asked).toEqual([]);
});

test("add to the sealed file: the passphrase goes first, over the socket", async () => {
  const { code } = await runCli(
    ["connections", "add", "openai", "--secret-env", "KEY", "--secret-store", "file"],
    { home, environment: { KEY: key, HOOPX_PASSPHRASE: "correct horse" } },
  );
  expect(code).toBe(0);
  expect(daemon.asked).toEqual([
    ["unlock", { passphrase: "correct horse" }, ""],
    ["connectionsAdd", { ...add, secretStore: "file" }, ""],
  ]);
});

test("a locked store is unlocked with the passphrase and the request repeated", async () => {
  await daemon.close();
  let locked = true;
  daemon = await startFakeDaemon(home, {
    ...answers,
    unlock: () => {
      locked = false;
      return {};
    },
    connectionsTest: ({ params }) => {
      if (locked) throw new Refused("secret_store_locked", "the sealed file is locked");
      const connection = params.name ?? "";
      const said = { request: "", status: 200, durationMs: 1, message: "ok" };
      return { connection, ok: true, ...said, clockAheadMs: null };
    },
  });
  const run = (environment = {}) =>
    runCli(["connections", "test", "openai"], { home, environment });
  const without = await run();
  expect(without.code).toBe(1);
  expect(without.stderr).toContain("HOOPX_PASSPHRASE");
  expect((await run({ HOOPX_PASSPHRASE: "p" })).code).toBe(0);
  expect(daemon.asked.map(([name]) => name)).toEqual([
    "connectionsTest",
    "connectionsTest",
    "unlock",
    "connectionsTest",
  ]);
});

test("the list: tabs for programs", async () => {
  const { stdout } = await runCli(["connections"], { home });
  expect(stdout).toBe(
    "openai\topenai\thttps://api.openai.com/v1\tpermanent key\tkeychain\t2026-11-24T08:00:00.000Z\n" +
      "work\\x1b[2J\topenai\thttps://llm.example/v1\tpermanent key\tkeychain\t2026-11-24T08:00:00.000Z\n",
  );
});

test("the list: a table on a terminal, with and without list", async () => {
  const bare = await runCli(["connections", "--no-color"], { home, columns: 100 });
  const named = await runCli(["--no-color", "connections", "list"], { home, columns: 100 });
  expect(named).toEqual(bare);
  expect(bare.stdout.split("\n")[0]).toBe(
    "NAME         PROVIDER  BASE URL                   CREDENTIAL     STORE     KEY SET",
  );
  expect(bare.stdout).toContain("2 hours ago");
  const coloured = await runCli(["connections"], { home, columns: 100 });
  expect(coloured.stdout).not.toBe(bare.stdout);
  expect(coloured.stdout.replace(/\u001b\[\d+m/g, "")).toBe(bare.stdout);
});

test("the list as JSON is what the daemon said", async () => {
  const { stdout } = await runCli(["connections", "--json"], { home });
  expect(JSON.parse(stdout)).toMatchObject([{ name: "openai" }, { name: "work\u001b[2J" }]);
});

test("show", async () => {
  const { stdout } = await runCli(["connections", "show", "openai"], { home });
  expect(stdout).toContain("credential:\tstatic-key: permanent key, in the OS keychain\n");
});

test("rotate asks for the connection before the key", async () => {
  const { code, stdout } = await runCli(
    ["connections", "rotate", "openai", "--secret-env", "KEY"],
    {
      home,
      environment: { KEY: key },
    },
  );
  expect(code).toBe(0);
  expect(stdout).toContain("rotated openai");
  expect(daemon.asked).toEqual([
    ["connectionsShow", {}, ""],
    ["connectionsRotate", { secret: key }, ""],
  ]);
});

test("test: what came back, and exit 1 with the way on where it was wrong", async () => {
  const good = await runCli(["connections", "test", "openai"], { home });
  expect(good).toMatchObject({ code: 0, stdout: "GET /v1/models → 200 in 340 ms: 5 models\n" });
  const bad = await runCli(["connections", "test", "work"], { home });
  expect(bad.code).toBe(1);
  expect(bad.stderr).toContain("hint: hoopx connections rotate work");
  const json = await runCli(["connections", "test", "work", "--json"], { home });
  expect(json.code).toBe(1);
  expect(JSON.parse(json.stdout)).toMatchObject({ ok: false, status: 401 });
});

test("remove; --quiet says nothing", async () => {
  const told = await runCli(["connections", "remove", "openai"], { home });
  expect(told.stdout).toBe("removed openai and its key\n");
  const quiet = await runCli(["connections", "remove", "openai", "--quiet"], { home });
  expect(quiet).toEqual({ code: 0, stdout: "", stderr: "" });
});

test("the file store by configuration is unlocked first too", async () => {
  await daemon.close();
  daemon = await startFakeDaemon(home, {
    ...answers,
    daemonStatus: () => daemonView({ secretStore: "file" }),
  });
  await runCli(["connections", "add", "openai", "--secret-env", "KEY"], {
    home,
    environment: { KEY: key, HOOPX_PASSPHRASE: "p" },
  });
  expect(daemon.asked.map(([name]) => name)).toEqual(["unlock", "connectionsAdd"]);
});
