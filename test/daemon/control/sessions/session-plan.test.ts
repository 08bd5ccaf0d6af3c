import { expect, test } from "vitest";
import {
  childEnvironment,
  chooseConnections,
} from "../../../../src/daemon/control/sessions/session-plan.js";
import type { Connection } from "../../../../src/daemon/model/connection.js";
import { openai } from "../../../../src/daemon/providers/openai/openai.js";

const connection = (name: string, provider = "openai", basePath = "/v1"): Connection => ({
  name,
  provider,
  origin: "https://api.example.com",
  basePath,
  credential: { kind: "static-key", secretStore: "file", secretName: name },
  allowPrivateNetwork: false,
  createdAt: new Date(0),
  rotatedAt: null,
});

/** Of each provider the first that is listed is the default. */
const registry = (...all: readonly Connection[]) => ({
  list: () => all,
  problems: (): readonly string[] => [],
  defaultOf: (provider: string) => all.find((connection) => connection.provider === provider),
});

const namesOf = (connections: readonly Connection[]) => connections.map(({ name }) => name);

test("where none was named, the default of each provider", () => {
  const all = registry(connection("a"), connection("b", "other"), connection("c"));
  expect(namesOf(chooseConnections(all, []))).toEqual(["a", "b"]);
});

test("the named ones, in their order and once each; a name that is none is told", () => {
  const all = registry(connection("a"), connection("b"));
  expect(namesOf(chooseConnections(all, ["b", "a", "b"]))).toEqual(["b", "a"]);
  expect(() => chooseConnections(all, ["c"])).toThrow(
    expect.objectContaining({
      code: "not_found",
      message: "unknown connection c; connections: a, b",
    }),
  );
});

test("without any connection the one command is named", () => {
  expect(() => chooseConnections(registry(), ["openai"])).toThrow(
    expect.objectContaining({ code: "connection_missing", hint: "hoopx connections add openai" }),
  );
});

test("the child is sent to the first connection of its provider, below its base path", () => {
  const environment = childEnvironment({
    sessionId: "ses_1",
    token: "hxs_t",
    connections: [connection("b"), connection("a", "openai", "")],
    providerNamed: (name) => (name === "openai" ? openai : undefined),
    port: 4141,
  });
  expect(environment).toMatchObject({
    HOOPX_SESSION_ID: "ses_1",
    OPENAI_API_KEY: "hxs_t",
    OPENAI_BASE_URL: "http://127.0.0.1:4141/b/v1",
    OPENAI_AGENTS_DISABLE_TRACING: "1",
  });
});

test("a connection that its file has and that cannot be read is not told as none", () => {
  const problem = "/c/connections.yaml:3:5: openai.provider is missing";
  const broken = (...all: readonly Connection[]) => ({
    ...registry(...all),
    problems: () => [problem],
  });
  expect(() => chooseConnections(broken(), [])).toThrow(problem);
  expect(() => chooseConnections(broken(connection("b")), ["openai"])).toThrow(problem);
  expect(namesOf(chooseConnections(broken(connection("b")), []))).toEqual(["b"]);
});
