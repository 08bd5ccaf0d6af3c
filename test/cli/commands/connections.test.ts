import { existsSync, mkdtempSync, rmSync } from "node:fs";
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
    connectionView({ name: "work\u001b[2J", default: false, baseUrl: "https://llm.example/v1" }),
  ],
  connectionsShow: ({ params }) => connectionView({ name: params.name ?? "" }),
  connectionsAdd: ({ body }) =>
    connectionView({ name: body.name, ...(body.baseUrl && { baseUrl: body.baseUrl }) }),
  connectionsCheckNew: () => ({}),
  connectionsCheckKey: () => ({}),
  connectionsRotate: ({ params }) => connectionView({ name: params.name ?? "" }),
  connectionsRemove: ({ params }) => connectionView({ name: params.name ?? "" }),
  connectionsTest: ({ params }) => ({
    connection: params.name ?? "",
    ok: params.name === "openai",
    request: "GET /v1/models",
    status: params.name === "openai" ? 200 : 401,
    durationMs: 340,
    message: params.name === "openai" ? "5 models" : "the key was refused",
    credential: { kind: "static-key", lifetime: "permanent key", expiresAt: null },
    seenAs: null,
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

/** What was asked that changes something. */
const kept = () => daemon.asked.filter(([name]) => !name.startsWith("connectionsCheck"));

const keyless = { name: "openai", provider: "openai", credential: "static-key" };
const add = { ...keyless, secret: key };

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
  const { secret, ...checked } = body;
  expect(secret).toBe(key);
  expect(daemon.asked).toEqual([
    ["connectionsCheckNew", checked, ""],
    ["connectionsAdd", body, ""],
  ]);
  expect(stdout).toMatch(/^added (openai|work) · http.* · key in the OS keychain\n$/);
});

test("add and rotate say of a short key that it is not hidden in replies", async () => {
  for (const [short, words] of [
    ["ollama", /^hoopx: the key has fewer than 12 characters: .*does not hide it in replies/],
    ["twelve-chars", /^$/],
  ] as const) {
    for (const command of ["add", "rotate"]) {
      const args = ["connections", command, "openai", "--secret-env", "KEY"];
      const { code, stderr } = await runCli(args, { home, environment: { KEY: short } });
      expect(code).toBe(0);
      expect(stderr).toMatch(words);
      expect(stderr).not.toContain(short);
    }
  }
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
  expect(kept()).toEqual([]);
});

const workload = {
  name: "openai",
  provider: "openai",
  credential: "openai-workload",
  settings: { identityProviderId: "idp_1", serviceAccountId: "sa_1" },
};
const workloadFlags = ["--identity-provider-id", "idp_1", "--service-account-id", "sa_1"];

test("add: a kind without a key asks for none, on a terminal too", async () => {
  for (const columns of [undefined, 80]) {
    const { code, stderr } = await runCli(
      ["connections", "add", "openai", "--credential", "openai-workload", ...workloadFlags],
      { home, ...(columns && { columns }) },
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  }
  expect(daemon.asked).toEqual([
    ["connectionsAdd", workload, ""],
    ["connectionsAdd", workload, ""],
  ]);
});

test("add: a client secret where there is one", async () => {
  const url = "https://sts.example/token";
  const flags = ["--credential", "token-exchange", "--token-url", url, "--client-id", "c"];
  const run = (...more: string[]) =>
    runCli(["connections", "add", "openai", ...flags, ...more], {
      home,
      environment: { KEY: key },
    });
  expect((await run()).code).toBe(0);
  expect((await run("--secret-env", "KEY", "--secret-store", "keychain")).code).toBe(0);
  const body = {
    ...workload,
    credential: "token-exchange",
    settings: { tokenUrl: url, clientId: "c" },
  };
  expect(daemon.asked).toEqual([
    ["connectionsAdd", body, ""],
    ["connectionsCheckNew", { ...body, secretStore: "keychain" }, ""],
    ["connectionsAdd", { ...body, secret: key, secretStore: "keychain" }, ""],
  ]);
});

test.each([
  [
    "openai-workload",
    [],
    "needs --identity-provider-id and --service-account-id",
    "hoopx connections add --help",
  ],
  [
    "openai-workload",
    workloadFlags.slice(0, 2),
    "needs --service-account-id",
    "--service-account-id …",
  ],
  [
    "openai-workload",
    [...workloadFlags, "--tenant-id", key],
    "--tenant-id is not for --credential openai-workload",
    "takes --identity-provider-id",
  ],
  [
    "openai-workload",
    [...workloadFlags, "--secret-env", "KEY"],
    "has no key",
    "leave out --secret-env",
  ],
  [
    "openai-workload",
    [...workloadFlags, "--secret-store", "file"],
    "has no key",
    "leave out --secret-store",
  ],
  [
    "static-key",
    ["--role-arn", key],
    "--role-arn is not for --credential static-key",
    "--credential: aws-sts",
  ],
  ["command", [], "needs --command", "--command …"],
  ["aws-sts", ["--role-arn", "r"], "needs --region", "--region …"],
  [
    "token-exchange",
    ["--token-url", "u", "--secret-env", "KEY"],
    "belongs to a client id",
    "--client-id",
  ],
  [
    "token-exchange",
    ["--token-url", "u", "--secret-store", "file"],
    "--secret-store without",
    "--secret-env",
  ],
  ["oidc", ["--subject-token", key], "--subject-token", "--help"],
  ["made-up", [], "--credential", "--help"],
])(
  "add --credential %s %j: exit 2, naming the option and no value",
  async (kind, flags, message, hint) => {
    const { code, stderr } = await runCli(
      ["connections", "add", "openai", "--credential", kind, ...flags],
      { home, environment: { KEY: key } },
    );
    expect(code).toBe(2);
    const [error = "", way = ""] = stderr.split("\n");
    expect(error).toContain(message);
    expect(way).toContain(hint);
    expect(stderr).not.toContain(key);
    expect(daemon.asked).toEqual([]);
  },
);

const shortLived = connectionView({
  credential: {
    kind: "aws-sts",
    lifetime: "short-lived, 59 min",
    expiresAt: "2026-11-24T11:00:00.000Z",
    secretStore: null,
    settings: { roleArn: "arn:aws:iam::123456789012:role/a", region: "eu-west-1" },
  },
});

test("a connection without a key, in list, show, rotate, test and remove", async () => {
  await daemon.close();
  daemon = await startFakeDaemon(home, {
    connectionsList: () => [shortLived],
    connectionsShow: () => shortLived,
    connectionsRemove: () => shortLived,
    connectionsTest: () => ({
      connection: "openai",
      ok: true,
      ...{ request: "GET /v1/models", status: 200, durationMs: 20, message: "200, 5 models" },
      credential: { kind: "aws-sts", lifetime: "short-lived, 59 min", expiresAt: null },
      seenAs: "arn:aws:sts::123456789012:assumed-role/a/ann\u001b[2J",
      clockAheadMs: null,
    }),
  });
  const say = async (...args: string[]) =>
    (await runCli(["connections", ...args], { home })).stdout;
  expect(await say()).toContain("\tshort-lived, 59 min\t-\t");
  const shown = await say("show", "openai");
  expect(shown).toContain("credential:\taws-sts: short-lived, 59 min\n");
  expect(shown).toContain("role arn:\tarn:aws:iam::123456789012:role/a\n");
  expect(await say("test", "openai")).toBe(
    "GET /v1/models → 200 in 20 ms: 200, 5 models\n" +
      "credential aws-sts: short-lived, 59 min, seen as arn:aws:sts::123456789012:assumed-role/a/ann\\x1b[2J\n",
  );
  expect(await say("remove", "openai")).toBe("removed openai\n");
  const { code, stderr } = await runCli(
    ["connections", "rotate", "openai", "--secret-env", "KEY"],
    {
      home,
      environment: { KEY: key },
    },
  );
  expect(code).toBe(2);
  expect(stderr).toBe(
    "error: openai has no key to rotate: its credential is aws-sts, short-lived, 59 min\n" +
      "hint: hoopx connections test openai shows what it obtains\n",
  );
});

test("add: a --secret-command that fails stores nothing", async () => {
  const { code, stderr } = await runCli(
    ["connections", "add", "openai", "--secret-command", "echo sk-half; exit 7"],
    { home, environment: { PATH: process.env.PATH ?? "" } },
  );
  expect(code).toBe(1);
  expect(stderr).toContain("exit code 7");
  expect(stderr).not.toContain("sk-half");
  expect(kept()).toEqual([]);
});

test("add to the sealed file: the passphrase goes first, over the socket", async () => {
  const { code } = await runCli(
    ["connections", "add", "openai", "--secret-env", "KEY", "--secret-store", "file"],
    { home, environment: { KEY: key, HOOPX_PASSPHRASE: "correct horse" } },
  );
  expect(code).toBe(0);
  expect(daemon.asked).toEqual([
    ["unlock", { passphrase: "correct horse" }, ""],
    ["connectionsCheckNew", { ...keyless, secretStore: "file" }, ""],
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
      const credential = { kind: "static-key", lifetime: "permanent key", expiresAt: null };
      const asked = { request: "", status: 200, durationMs: 1, message: "ok" };
      return { connection, ok: true, ...asked, credential, seenAs: null, clockAheadMs: null };
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
    "NAME         PROVIDER          BASE URL                   CREDENTIAL     STORE     SET",
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
    ["connectionsCheckKey", {}, ""],
    ["connectionsRotate", { secret: key }, ""],
  ]);
});

test("test: what came back, and exit 1 with the way on where it was wrong", async () => {
  const good = await runCli(["connections", "test", "openai"], { home });
  expect(good).toMatchObject({
    code: 0,
    stdout: "GET /v1/models → 200 in 340 ms: 5 models\ncredential static-key: permanent key\n",
  });
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

test("add and rotate: no key is asked for or fetched that has no place", async () => {
  await daemon.close();
  const no = () => {
    throw new Refused("secret_store_unavailable", "no keychain answers", "use --secret-store file");
  };
  daemon = await startFakeDaemon(home, {
    ...answers,
    ...{ connectionsCheckNew: no, connectionsCheckKey: no },
  });
  const marker = join(home, "fetched");
  for (const command of ["add", "rotate"]) {
    for (const way of [["--secret-command", `echo ${key} > ${marker}; cat ${marker}`], []]) {
      const { code, stderr } = await runCli(["connections", command, "openai", ...way], {
        home,
        environment: { PATH: process.env.PATH ?? "" },
      });
      expect([code, stderr]).toEqual([
        1,
        "error: no keychain answers\nhint: use --secret-store file\n",
      ]);
    }
  }
  expect(existsSync(marker)).toBe(false);
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
  expect(daemon.asked.map(([name]) => name)).toEqual([
    ...["unlock", "connectionsCheckNew", "connectionsAdd"],
  ]);
});
