import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  ConfigError,
  exchangesOfOneSession,
  loadConfig,
} from "../../../src/daemon/lifecycle/config.js";

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hoopx-config-"));
  file = join(folder, "config.yaml");
});
afterEach(() => rmSync(folder, { recursive: true }));

function problemsOf(text: string, environment = {}): readonly string[] {
  writeFileSync(file, text);
  try {
    loadConfig([file], environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

test("without a file and variables the defaults hold", () => {
  const config = loadConfig([file], {});
  expect(config).toMatchObject({ port: null, secretStore: "keychain", keyFile: null });
  expect(config.limits).toMatchObject({ bodyBytes: 67_108_864, exchangesPerSession: 256 });
  expect(config.log).toEqual({ level: "info", maxBytes: 10_485_760, files: 5 });
});

test("the file changes what it names, and a variable wins over it", () => {
  writeFileSync(file, "port: 5000\nlimits:\n  bodyBytes: 2048\nlog: { level: debug }\n");
  const config = loadConfig([file], {
    HOOPX_PORT: "6000",
    HOOPX_LIMITS_HEADER_BYTES: "4096",
    HOOPX_SECRET_STORE: "file",
    HOOPX_KEY_FILE: "1234",
    HOOPX_LOG_LEVEL: "",
  });
  expect(config).toMatchObject({ port: 6000, secretStore: "file", keyFile: "1234" });
  expect(config.limits).toMatchObject({
    bodyBytes: 2048,
    headerBytes: 4096,
    exchangesPerSession: 256,
  });
  expect(config.log).toMatchObject({ level: "debug", files: 5 });
});

test("an empty file is no error", () => {
  expect(problemsOf("# nothing yet\n")).toEqual([]);
});

test("every problem is told with its line and column, and unknown keys with the nearest word", () => {
  expect(problemsOf("ports: 4141\nlimits:\n  bodyBites: 1\n  connections: many\n")).toEqual([
    `${file}:4:16: limits.connections must be a number, and is text`,
    `${file}:3:3: no setting limits.bodyBites; did you mean bodyBytes?`,
    `${file}:1:1: no setting ports; did you mean port?`,
  ]);
});

test("what is not YAML, twice the same key included, is told with its place", () => {
  expect(problemsOf("port: [\n")[0]).toMatch(`${file}:2:1: `);
  expect(problemsOf("port: 1\nport: 2\n")[0]).toMatch(
    /:2:1: this key is there twice; keep one of the two$/,
  );
});

test("a variable that does not fit is named", () => {
  expect(problemsOf("", { HOOPX_PORT: "http" })).toEqual([
    "HOOPX_PORT must be a number, and is text",
  ]);
  expect(problemsOf("", { HOOPX_SECRET_STORE: "plain" })[0]).toMatch(
    /^HOOPX_SECRET_STORE must be "keychain" or "file"$/,
  );
});

test("a file that cannot be read is not taken for one that is missing", () => {
  expect(() => loadConfig([folder], {})).toThrow(`${folder}: cannot be read (EISDIR)`);
});

test("the organisation's file is below the person's, and variables are above both", () => {
  const system = join(folder, "system.yaml");
  writeFileSync(system, "issuer: https://id.example.com\nclientId: '4711'\nscope: openid\n");
  writeFileSync(file, "clientId: mine\n");
  const config = loadConfig([system, file], { HOOPX_SCOPE: "openid email", HOOPX_PROFILE: "work" });
  expect(config).toMatchObject({
    issuer: "https://id.example.com",
    clientId: "mine",
    scope: "openid email",
    audience: null,
    groupsClaim: null,
    profile: "work",
  });
});

test("a client's id of digits alone is text, from a variable too", () => {
  expect(loadConfig([file], { HOOPX_CLIENT_ID: "4711" }).clientId).toBe("4711");
});

test("a problem of the organisation's file names that file", () => {
  const system = join(folder, "system.yaml");
  writeFileSync(system, "isuer: https://id.example.com\n");
  expect(() => loadConfig([system, file], {})).toThrow(
    `${system}:1:1: no setting isuer; did you mean issuer?`,
  );
});

test("one session never takes more than half of the connections to an upstream", () => {
  const { limits } = loadConfig([], {});
  for (const [exchangesPerSession, upstreamConnections, most] of [
    [limits.exchangesPerSession, limits.upstreamConnections, 256],
    [2_000, 1_024, 512],
    [256, 32, 16],
    [10, 1, 1],
  ] as const) {
    const given = { ...limits, exchangesPerSession, upstreamConnections };
    expect(exchangesOfOneSession(given)).toBe(most);
  }
});
