import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { widthOf } from "../../../src/cli/output/width.js";
import type {
  PolicyExplainView,
  PolicyTestView,
  PolicyView,
} from "../../../src/contract/policy-views.js";
import { type Answers, type FakeDaemon, Refused, startFakeDaemon } from "../support/fake-daemon.js";
import { runCli } from "../support/run-cli.js";

let home: string;
let daemon: FakeDaemon;

const problem = {
  file: "new.yaml",
  line: 3,
  column: 5,
  reason: 'there is no action "file.delete"',
  hint: "did you mean files.delete?",
};
const view: PolicyView = {
  hash: "ab".repeat(32),
  layers: [
    { layer: "user", file: "/c/policy.yaml", hash: "cd".repeat(32), rules: 2, problems: [] },
  ],
  rules: [
    {
      name: "infer",
      layer: "user",
      effect: "allow",
      sentence: "requests with operations: inference are allowed",
      file: "/c/policy.yaml",
      line: 3,
    },
    {
      name: "no-\u001b[31msql",
      layer: "user",
      effect: "deny",
      sentence: `requests with prompt matches ${"drop table ".repeat(12)}are denied`,
      file: "/c/policy.yaml",
      line: 7,
    },
  ],
  masking: {
    detectors: ["secrets", "email"],
    patterns: [{ name: "ticket", match: "TCK-[0-9]+" }],
    words: [{ name: "people", words: 1 }],
    requests: "mask",
    restore: true,
  },
};
const explained: PolicyExplainView = {
  policyHash: view.hash,
  effect: "deny",
  request: "responses.create on openai by ada",
  exchange: null,
  recorded: null,
  verdict: { effect: "deny", rule: "no-sql", reason: "destructive SQL is not for agents" },
  rules: [
    {
      rule: "infer",
      layer: "user",
      effect: "allow",
      matched: true,
      deciding: false,
      conditions: [
        { condition: "operations", matched: true, reason: "operations: responses.create" },
      ],
    },
    {
      rule: "leads",
      layer: "user",
      effect: "allow",
      matched: false,
      deciding: false,
      conditions: [{ condition: "groups", matched: false, reason: "wants leads, but is in none" }],
    },
    {
      rule: "no-sql",
      layer: "user",
      effect: "deny",
      matched: true,
      deciding: true,
      conditions: [{ condition: "prompt", matched: true, reason: "prompt: drop table" }],
    },
  ],
  toolCalls: [],
  notes: ["taken as a request of yours"],
};
const tested: PolicyTestView = {
  policyHash: view.hash,
  file: "new.yaml",
  since: "2026-10-25T10:00:00.000Z",
  exchanges: 1204,
  same: 1190,
  changed: 14,
  skipped: 2,
  changes: [
    {
      about: "request",
      from: "allow",
      fromRule: "old",
      to: "deny",
      toRule: "no-sql",
      count: 14,
      examples: ["exc_01kb7x2m9q4ct", "exc_01kb7x2m9q4cs"],
      reason: "destructive SQL is not for agents",
    },
  ],
  rules: [
    { rule: "infer", layer: "user", effect: "allow", decided: 1190 },
    { rule: "leads", layer: "user", effect: "allow", decided: 0 },
  ],
  notes: [],
};

const warned = ({ file }: { readonly file?: { readonly text: string } }) =>
  file?.text === "closed"
    ? [{ ...problem, reason: "no rule allows inference", hint: "add one" }]
    : [];

const answers: Answers = {
  policyShow: () => view,
  policyCheck: ({ body }) =>
    body.file?.text === "bad"
      ? { ok: false, files: [body.file.name], rules: 0, problems: [problem], warnings: [] }
      : { ok: true, files: ["/c/policy.yaml"], rules: 2, problems: [], warnings: warned(body) },
  policyExplain: ({ body }) => {
    if (body.exchange === "exc_none") throw new Refused("not_found", "no such exchange");
    return body.exchange === undefined
      ? explained
      : { ...explained, effect: "allow", exchange: body.exchange };
  },
  policyTest: () => [
    { type: "progress", exchanges: 500 },
    { type: "done", result: tested },
  ],
  policySuggest: ({ body }) => ({
    sessionId: body.session,
    yaml: "version: 1\nrules: []\n",
    rules: 0,
    exchanges: 0,
    notes: ["nothing was done"],
  }),
};

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), "hoopx-cli-"));
  daemon = await startFakeDaemon(home, answers);
});
afterEach(async () => {
  await daemon.close();
  rmSync(home, { recursive: true });
});

function write(name: string, text: string | Buffer): string {
  const file = join(home, name);
  writeFileSync(file, text);
  return file;
}

test("policy: the rules, for programs a line each", async () => {
  const { code, stdout } = await runCli(["policy"], { home });
  expect(code).toBe(0);
  expect(daemon.asked).toEqual([["policyShow", { folder: "/work/agent" }, ""]]);
  const lines = stdout.trimEnd().split("\n");
  expect(lines[0]).toBe(
    "allow\tinfer\trequests with operations: inference are allowed\tuser\t/c/policy.yaml:3",
  );
  expect(lines).toHaveLength(2);
  expect(stdout).not.toContain("\u001b");
});

test.each([80, 120])("policy on a terminal of %i columns: no line is longer", async (columns) => {
  const { stdout } = await runCli(["policy"], { home, columns, environment: { NO_COLOR: "1" } });
  for (const line of stdout.split("\n")) expect(widthOf(line)).toBeLessThanOrEqual(columns);
  // Nothing of a sentence is cut away.
  expect(stdout.match(/drop/g)).toHaveLength(12);
  expect(stdout).toContain("user");
});

test("a broken edit is told, and what is in force instead", async () => {
  await daemon.close();
  const broken = view.layers.map((layer) => ({ ...layer, problems: [problem] }));
  daemon = await startFakeDaemon(home, { policyShow: () => ({ ...view, layers: broken }) });
  const { stderr } = await runCli(["policy"], { home });
  expect(stderr).toContain("has 1 problem, and its earlier rules stay in force");
  const { stdout } = await runCli(["policy"], { home, columns: 80 });
  expect(stdout).toContain("new.yaml:3:5:");
});

test("check: the file's text goes over, problems come back by their places", async () => {
  const file = write("bad.yaml", "bad");
  const { code, stdout } = await runCli(["policy", "check", file], { home });
  expect(code).toBe(1);
  expect(daemon.asked[0]?.[1]).toEqual({
    folder: "/work/agent",
    file: { name: file, text: "bad" },
  });
  expect(stdout).toBe(
    'new.yaml:3:5: there is no action "file.delete"\n  hint: did you mean files.delete?\n',
  );
  const json = await runCli(["policy", "check", file, "--json"], { home });
  expect(json.code).toBe(1);
  expect(JSON.parse(json.stdout)).toMatchObject({ ok: false, problems: [problem] });
});

test("check: a warning is told with its mend, and is no failure", async () => {
  const file = write("closed.yaml", "closed");
  const { code, stdout } = await runCli(["policy", "check", file], { home });
  expect(code).toBe(0);
  expect(stdout).toContain("new.yaml:3:5: warning: no rule allows inference\n  hint: add one\n");
  expect(stdout).not.toContain("nothing wrong");
});

test("init writes a first file and never overwrites one", async () => {
  const path = join(home, "config/policy.yaml");
  mkdirSync(join(home, "config"));
  const { code, stdout } = await runCli(["policy", "init"], { home });
  expect([code, stdout]).toEqual([0, expect.stringContaining(`wrote ${path}`)]);
  const first = readFileSync(path, "utf8");
  writeFileSync(path, `${first}# mine\n`);
  const again = await runCli(["policy", "init", "--json"], { home });
  expect(again.code).toBe(1);
  expect(JSON.parse(again.stdout).error).toMatchObject({
    code: "already_exists",
    message: `${path} exists already`,
  });
  expect(readFileSync(path, "utf8")).toBe(`${first}# mine\n`);
  expect(daemon.asked).toEqual([]);
});

test("init says what stands in its way", async () => {
  write("config", "a file where the folder would be");
  const { code, stderr } = await runCli(["policy", "init"], { home });
  expect(code).toBe(1);
  expect(stderr).toMatch(/policy\.yaml cannot be written \(E[A-Z]+\)\nhint: /);
});

test("check without a file looks at what is in force", async () => {
  const { code, stdout } = await runCli(["policy", "check"], { home });
  expect(code).toBe(0);
  expect(stdout).toBe("/c/policy.yaml: 2 rules, nothing wrong\n");
  expect(daemon.asked[0]?.[1]).toEqual({ folder: "/work/agent" });
});

test.each([
  ["that is not there", () => join(home, "none.yaml"), "there is no such file"],
  ["that is a folder", () => home, "it is a folder"],
  ["that is no text", () => write("x", Buffer.from([0xff, 0xfe])), "is not UTF-8"],
  ["that is too large", () => write("x", "#".repeat(600_000)), "over 512 KB"],
])("a file %s is an error", async (_, file, reason) => {
  const { code, stderr } = await runCli(["policy", "check", file()], { home });
  expect(code).toBe(1);
  expect(stderr).toContain(reason);
  expect(daemon.asked).toEqual([]);
});

test("explain: what is described is asked, and deny is exit code 3", async () => {
  const argv = ["policy", "explain", "--operation", "responses.create", "--identity", "ada@x.org"];
  const { code, stdout, stderr } = await runCli(
    [
      ...argv,
      ...["--group", "a", "--group", "b", "--prompt", "drop table", "--stream"],
      ...[
        "--tool-call",
        "shell",
        "--arguments",
        "{}",
        "--tokens",
        "5",
        "--at",
        "2026-01-31T22:30Z",
      ],
    ],
    { home },
  );
  expect(code).toBe(3);
  expect(daemon.asked[0]?.[1]).toEqual({
    folder: "/work/agent",
    described: {
      operation: "responses.create",
      email: "ada@x.org",
      subject: "ada@x.org",
      groups: ["a", "b"],
      prompt: ["drop table"],
      stream: true,
      toolCall: { name: "shell", arguments: "{}" },
      tokens: 5,
      at: "2026-01-31T22:30:00.000Z",
    },
  });
  expect(stdout.split("\n")).toEqual([
    "request\tverdict\tno-sql\t\tdeny\tdestructive SQL is not for agents",
    "request\trule\tinfer\t\tmatches\tallow",
    "request\tcondition\tinfer\toperations\tmatches\toperations: responses.create",
    "request\trule\tleads\t\tdiffers\tallow",
    "request\tcondition\tleads\tgroups\tdiffers\twants leads, but is in none",
    "request\trule\tno-sql\t\tmatches\tdeny",
    "request\tcondition\tno-sql\tprompt\tmatches\tprompt: drop table",
    "",
  ]);
  expect(stderr).toContain("taken as a request of yours");
});

test("explain on a terminal says with words what it says with colour", async () => {
  const { stdout } = await runCli(["policy", "explain", "--operation", "responses.create"], {
    home,
    columns: 60,
    environment: { NO_COLOR: "1" },
  });
  expect(stdout).toContain("deny    by no-sql: destructive SQL is not for agents");
  expect(stdout).toContain("✓ no-sql  deny, decides");
  expect(stdout).toContain("✗ leads  allow, does not match");
  for (const line of stdout.split("\n")) expect(widthOf(line)).toBeLessThanOrEqual(60);
});

test("explain of a recorded exchange", async () => {
  const file = write("new.yaml", "good");
  const { code } = await runCli(["policy", "explain", "exc_1", "--file", file], { home });
  expect(code).toBe(0);
  expect(daemon.asked[0]?.[1]).toEqual({
    folder: "/work/agent",
    exchange: "exc_1",
    file: { name: file, text: "good" },
  });
  const none = await runCli(["policy", "explain", "exc_none"], { home });
  expect(none.code).toBe(1);
  expect(none.stderr).toContain("no such exchange");
});

test.each([
  [[]],
  [["exc_1", "--model", "m"]],
  [["--operation", "files.delete", "--arguments", "{}"]],
  [["--operation", "files.delete", "--at", "tomorrow"]],
  [["--operation", "files.delete", "--tokens", "-1"]],
])("explain %j is a usage error", async (args) => {
  const { code, stderr } = await runCli(["policy", "explain", ...args], { home });
  expect(code).toBe(2);
  expect(stderr).toMatch(/^error: .+\nhint: .+\n$/);
  expect(daemon.asked).toEqual([]);
});

test("test: what would change, by rule", async () => {
  const { code, stdout, stderr } = await runCli(["policy", "test"], { home });
  expect(code).toBe(0);
  expect(daemon.asked[0]?.[1]).toEqual({
    folder: "/work/agent",
    since: "2026-10-25T10:00:00.000Z",
  });
  expect(stdout).toBe(
    "allow\told\tdeny\tno-sql\trequest\t14\texc_01kb7x2m9q4ct,exc_01kb7x2m9q4cs\tdestructive SQL is not for agents\n",
  );
  expect(stderr).toContain(
    "1,204 exchanges since 2026-10-25 10:00: 1,190 decided as before, 14 differently, 2 could not be read again",
  );
  const screen = await runCli(["policy", "test"], { home, columns: 80 });
  expect(screen.stdout).toContain("exc_01kb7x2m9q4ct");
  expect(screen.stdout).toContain("never");
  for (const line of screen.stdout.split("\n")) {
    expect(widthOf(line.replaceAll(/\u001b\[\d+m/g, ""))).toBeLessThanOrEqual(80);
  }
  const json = await runCli(["policy", "test", "--json", "--since", "2h"], { home });
  expect(JSON.parse(json.stdout)).toEqual(tested);
});

test("test: a daemon that goes away before the result is an error", async () => {
  await daemon.close();
  daemon = await startFakeDaemon(home, {
    policyTest: () => [{ type: "progress", exchanges: 500 }],
  });
  const { code, stderr } = await runCli(["policy", "test"], { home });
  expect(code).toBe(1);
  expect(stderr).toContain("the daemon stopped");
});

test("suggest: the file alone is on stdout", async () => {
  const { code, stdout, stderr } = await runCli(["policy", "suggest"], { home });
  expect([code, stdout]).toEqual([0, "version: 1\nrules: []\n"]);
  expect(daemon.asked[0]?.[1]).toEqual({ session: "last" });
  expect(stderr).toContain("nothing was done");
});
