/**
 * Every file and every request that is held to a schema tells its mistakes in
 * plain words: none passes on a sentence of the schema library or of the YAML
 * parser, whatever the mistake is.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseDocument } from "yaml";
import { readConnectionsFile } from "../../../src/daemon/connections/connections-file.js";
import {
  RowProblem,
  readCredential,
  shapes,
} from "../../../src/daemon/connections/credential-row.js";
import { exportLineOf } from "../../../src/daemon/control/record/import-schema.js";
import {
  checkBody,
  checkQuery,
  querySchemas,
  requestSchemas,
} from "../../../src/daemon/control/schemas.js";
import { type ConfigError, loadConfig } from "../../../src/daemon/lifecycle/config.js";
import { createProfiles } from "../../../src/daemon/oauth/profiles.js";
import { parsePolicy } from "../../../src/daemon/policy/parse.js";
import { loadPrices } from "../../../src/daemon/spending/prices.js";

/** What zod and yaml say themselves. */
const foreign =
  /invalid|expected|received|unrecognized|too (small|big)|discriminator|match pattern|undefined|\bNaN\b|flow (map|sequence)|block |implicit|scalar|unresolved|collection|unique|resource exhaustion|>=|<=|\/\^/i;

/** A clause that says what is wrong where, with no blank message in it. */
function expectPlain(message: string): void {
  expect(message).not.toMatch(foreign);
  expect(message.trim()).not.toMatch(/(^|[:;])\s*$/);
  expect(message).toMatch(/must|missing|is no|is not|no (key|setting|field)|twice|there|\w{3} \w/);
}

const wrong: readonly unknown[] = [
  undefined,
  null,
  -1,
  0.5,
  1e12,
  true,
  "",
  "no such word",
  "x".repeat(70_000),
  [],
  [7],
  {},
  { stranger: 1 },
];

/** Values that are wrong in some way: as a whole, and one key of each name after the other. */
function mistakenValues(keys: readonly string[]): readonly unknown[] {
  const nested = keys.flatMap((key) =>
    wrong.flatMap((value) => [{ [key]: value }, { [key]: { [key]: value } }, { [key]: [value] }]),
  );
  return [...wrong, ...nested];
}

function messageOf(act: () => unknown): string | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

const keysOf = (schema: unknown) =>
  Object.keys((schema as { shape?: Record<string, unknown> }).shape ?? {});

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "hoopx-words-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe("control requests", () => {
  const routes = Object.keys(requestSchemas) as (keyof typeof requestSchemas)[];
  test.each(routes)("%s", (route) => {
    const messages = mistakenValues([...keysOf(requestSchemas[route]), "kind"])
      .map((body) => messageOf(() => checkBody(route, body)))
      .filter((message) => message !== undefined);
    expect(messages.length).toBeGreaterThan(0);
    for (const message of messages) expectPlain(message);
  });

  test("queries", () => {
    for (const route of Object.keys(querySchemas) as (keyof typeof querySchemas)[]) {
      for (const text of ["limit=x", "limit=0", "since=now", "status=gone", "lmit=3", "only=x"]) {
        const message = messageOf(() => checkQuery(route, new URLSearchParams(text)));
        if (message !== undefined) expectPlain(message);
      }
    }
  });
});

test("lines of an export", () => {
  const lines = ["session", "exchange", "frame", "ending", "review", "grant", "seal", "strange"];
  for (const line of lines) {
    for (const value of mistakenValues(["id", "kind", "at", "identity", "operation"])) {
      const said = exportLineOf(typeof value === "object" ? { line, ...value } : value);
      expect(typeof said).toBe("string");
      expectPlain(said as string);
    }
  }
});

describe("config.yaml", () => {
  const texts = [
    "port: many",
    'port: "4141"',
    "port: 70000",
    "port: 1.5",
    "port:",
    "secretStore: keychian",
    "secretStore: [file]",
    "profile: Work Place",
    "limits: { bodyBites: 1 }",
    "limits: 5",
    "limits: { connections: 0 }",
    "reviews: { webhook: example }",
    "reviews: { bell: maybe }",
    "issuer: ''",
    "log: [info]",
    "- port",
    "port",
  ];
  test.each(texts)("%s", (text) => {
    const file = join(folder, "config.yaml");
    writeFileSync(file, `${text}\n`);
    const problems = messageOf(() => loadConfig([file], {}))?.split("\n") ?? [];
    expect(problems.length).toBeGreaterThan(0);
    for (const problem of problems) {
      expect(problem).toMatch(/config\.yaml:\d+:\d+: /);
      expectPlain(problem);
    }
  });

  test("variables", () => {
    const variables = {
      HOOPX_PORT: "high",
      HOOPX_LOG_LEVEL: "loud",
      HOOPX_LIMITS_BODY_BYTES: "1",
      HOOPX_REVIEWS_WEBHOOK: "example",
      HOOPX_STORE_ENCRYPT: "maybe",
      HOOPX_PROFILE: "Work Place",
    };
    try {
      loadConfig([], variables);
      expect.unreachable();
    } catch (error) {
      const { problems } = error as ConfigError;
      for (const name of Object.keys(variables)) {
        expect(problems.filter((problem) => problem.startsWith(`${name} must be `))).toHaveLength(
          1,
        );
      }
      for (const problem of problems) expectPlain(problem);
    }
  });
});

describe("policy.yaml", () => {
  const rule = (members: string) => `version: 1\nrules:\n  - { name: a, ${members} }`;
  const texts = [
    "version: 2\nrules: []",
    "rules: []",
    "version: 1",
    "version: 1\nrules: none",
    "version: 1\nruls: []",
    rule("effect: allow"),
    rule("when: {}, effect: alow"),
    rule("when: {}, effect: 7"),
    rule("when: { models: gpt-5 }, effect: allow"),
    rule("when: { models: [] }, effect: allow"),
    rule("when: { models: [7] }, effect: allow"),
    rule("when: { tools: 7 }, effect: allow"),
    rule("when: { ci: { a: 1 } }, effect: allow"),
    rule("when: { stream: yes please }, effect: allow"),
    rule("when: { requestBytes: { over: -1 } }, effect: deny"),
    rule("when: { time: { from: 9 } }, effect: deny"),
    rule("when: { time: { days: [monday] } }, effect: deny"),
    rule("when: { not: [] }, effect: deny"),
    rule("when: {}, effect: review, review: { timeout: soon }"),
    rule("when: {}, effect: review, review: { remember: forever }"),
    rule("when: {}, effect: review, review: { approvals: 0 }"),
    `version: 1\nrules: []\nmasking: { patterns: [{ name: X, match: "a" }] }`,
  ];
  test.each(texts)("%s", async (text) => {
    const { problems } = await parsePolicy("p.yaml", text, "user");
    expect(problems.length).toBeGreaterThan(0);
    for (const { reason, hint } of problems) expectPlain(`${reason}; ${hint ?? "that is all"}`);
  });
});

describe("connections.yaml", () => {
  const row = {
    provider: "openai",
    baseUrl: "https://api.openai.com/v1",
    credential: "static-key",
    secretStore: "file",
    secretName: "a",
    createdAt: "2026-01-01T00:00:00Z",
  };
  const problemsOf = (value: unknown) =>
    readConnectionsFile("c.yaml", JSON.stringify({ connections: { a: value } }), {
      openai: "https://api.openai.com/v1",
    }).problems;

  test("the sample is right", () => expect(problemsOf(row)).toEqual([]));

  test.each(Object.keys(row))("%s", (key) => {
    for (const value of wrong) {
      for (const problem of problemsOf({ ...row, [key]: value })) {
        expect(problem).toMatch(/^c\.yaml:\d+:\d+: a/);
        expectPlain(problem);
      }
    }
  });

  test("each mistake of a row has its line", () => {
    expect(problemsOf({ ...row, provider: 7, createdAt: "soon", baseUrl: undefined })).toHaveLength(
      3,
    );
  });

  test.each(Object.keys(shapes))("settings of %s", (kind) => {
    for (const value of mistakenValues(Object.keys(shapes[kind as keyof typeof shapes]))) {
      if (typeof value !== "object" || value === null || Array.isArray(value)) continue;
      const settings = value as Readonly<Record<string, unknown>>;
      try {
        readCredential(kind, settings, false);
      } catch (error) {
        expect(error).toBeInstanceOf(RowProblem);
        expectPlain((error as Error).message);
      }
    }
  });
});

test("profiles.yaml and a table of prices", async () => {
  const file = join(folder, "profiles.yaml");
  const profiles = createProfiles({ file, lock: async () => () => undefined });
  for (const text of [
    "profiles: []",
    "profiles: { a: 7 }",
    "profiles: { a: { isuer: x } }",
    "profiles: { a: { issuer: 7 } }",
    "profiles: { a: { workload: { kind: x } } }",
    "profiles: { a: [ }",
  ]) {
    writeFileSync(file, text);
    const message = await profiles.names().then(String, (error: Error) => error.message);
    expect(message).toMatch(/profiles\.yaml:\d+:\d+: /);
    expectPlain(message);
  }
  const prices = join(folder, "prices.json");
  for (const value of mistakenValues(["models", "comment"])) {
    if (value === undefined) continue;
    writeFileSync(prices, JSON.stringify(value));
    const message = messageOf(() => loadPrices(prices));
    if (message !== undefined) expectPlain(message.replace(prices, "prices.json"));
  }
});

describe("what is not YAML", () => {
  const broken: Readonly<Record<string, string>> = {
    ALIAS_PROPS: "a: &x 1\nb: &y *x",
    BAD_ALIAS: "a: *",
    BAD_DQ_ESCAPE: 'a: "\\q"',
    BAD_INDENT: "a:\n  b: 1\n c: 2",
    BAD_SCALAR_START: "a: @b",
    BLOCK_AS_IMPLICIT_KEY: "a: b: c",
    BLOCK_IN_FLOW: "{ a: - b }",
    DUPLICATE_KEY: "a: 1\na: 2",
    MISSING_CHAR: 'a: "b',
    MULTILINE_IMPLICIT_KEY: "a: 1\nb\n c: 2",
    MULTIPLE_ANCHORS: "a: &x &y 1",
    MULTIPLE_DOCS: "a: 1\n---\nb: 2",
    MULTIPLE_TAGS: "a: !!str !!int 1",
    TAB_AS_INDENT: "a:\n\tb: 1",
    TAG_RESOLVE_FAILED: "a: !b!c x",
    UNEXPECTED_TOKEN: "a: [b] c",
  };
  test.each(Object.entries(broken))("%s: %j", (code, text) => {
    expect(
      parseDocument(text, { prettyErrors: false }).errors.map((error) => error.code),
    ).toContain(code);
    const file = join(folder, "config.yaml");
    writeFileSync(file, text);
    const problems = messageOf(() => loadConfig([file], {}))?.split("\n") ?? [];
    expect(problems.length).toBeGreaterThan(0);
    for (const problem of problems) {
      expect(problem).toMatch(/config\.yaml:\d+:\d+: .+; .+/);
      expectPlain(problem);
    }
    const { problems: rows } = readConnectionsFile("c.yaml", text, {});
    expect(rows.length).toBeGreaterThan(0);
    for (const problem of rows) expectPlain(problem);
  });
});
