import { expect, test } from "vitest";
import { checkBody, checkQuery } from "../../../src/daemon/control/schemas.js";

const start = {
  connections: [],
  ttlSeconds: 60,
  labels: { team: "a" },
  process: { runnerPid: 1, command: "x", cwd: "/", host: "h", user: "u" },
  environment: { PATH: "0".repeat(64) },
};

test("a body that fits comes back as it was", () => {
  expect(checkBody("sessionsStart", start)).toEqual(start);
  expect(checkBody("daemonStop", {})).toEqual({});
});

test.each([
  [{ ...start, ttlSeconds: 0 }, "ttlSeconds must be at least 1, and is 0"],
  [{ ...start, ttlSeconds: 8 * 24 * 3600 }, "ttlSeconds must be at most 604800, and is 691200"],
  [{ ...start, tittle: "x" }, "no field tittle; did you mean title?"],
  [{ ...start, environment: { KEY: "plain text" } }, "environment.KEY must be a SHA-256 in hex"],
  [undefined, "the request is missing: it must be a map of keys and values"],
])("a body that does not fit is told where and why", (body, message) => {
  expect(() => checkBody("sessionsStart", body)).toThrow(
    expect.objectContaining({ code: "bad_request", message }),
  );
});

test("what was sent is never repeated: it may be a secret", () => {
  const secret = ["sk-sent"];
  expect(() => checkBody("connectionsRotate", { secret })).toThrow(
    expect.not.objectContaining({ message: expect.stringContaining("sk-sent") }),
  );
});

test("a query is held to its keys too", () => {
  expect(checkQuery("sessionsList", new URLSearchParams("limit=3&status=active"))).toEqual({
    limit: 3,
    status: "active",
  });
  expect(() => checkQuery("sessionsList", new URLSearchParams("since=yesterday"))).toThrow(
    /^since must be a time such as 2026/,
  );
  expect(() => checkQuery("sessionsList", new URLSearchParams("limits=3"))).toThrow(/limits/);
});

test.each([
  [{ given: {}, way: { kind: "device" } }, undefined],
  [
    { given: { issuer: "https://x" }, way: { kind: "client-key", keyFile: "/k" }, save: true },
    undefined,
  ],
  [{ given: {}, way: { kind: "password" } }, 'way.kind must be "device", '],
  [
    { given: { isuer: "x" }, way: { kind: "device" } },
    "no field given.isuer; did you mean issuer?",
  ],
  [{ given: {}, way: { kind: "id-token-file" } }, "way.file is missing: it must be text"],
])("a login's body: %j", (body, message) => {
  if (message === undefined) expect(checkBody("loginStart", body)).toEqual(body);
  else expect(() => checkBody("loginStart", body)).toThrow(message);
});
