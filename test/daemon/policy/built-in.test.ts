import { expect, test } from "vitest";
import type { Operation, OperationClass } from "../../../src/daemon/model/operation.js";
import { builtInPolicy } from "../../../src/daemon/policy/built-in.js";

const identity = { issuer: "os:host", subject: "ada", email: null, groups: [], profile: null };

function verdict(operationClass: OperationClass, given: Partial<Operation> = {}) {
  const operation: Operation = {
    provider: "openai",
    action: "files.delete",
    class: operationClass,
    mintsCredential: false,
    method: "DELETE",
    path: "/v1/files/f?key=[masked]",
    model: null,
    tools: [],
    stream: false,
    ...given,
  };
  return builtInPolicy.evaluate({
    identity,
    connection: "openai",
    operation,
    processCheck: "tree",
    process: {
      pid: 1,
      pidStart: null,
      runnerPid: 1,
      runnerStart: null,
      command: "node agent.mjs",
      cwd: "/",
      host: "host",
      user: "ada",
      git: null,
      ci: null,
    },
    requestBytes: 0,
    now: new Date(0),
    prompt: () => [],
    spent: () => ({ requests: 0, tokens: 0, cost: 0 }),
  });
}

test.each<[OperationClass, string, string, RegExp]>([
  ["read", "allow", "built-in/read-and-inference", /files\.delete is of class read/],
  ["inference", "allow", "built-in/read-and-inference", /of class inference/],
  ["write", "review", "built-in/write-and-admin-need-a-review", /class write, and the person/],
  ["admin", "review", "built-in/write-and-admin-need-a-review", /class admin/],
  [
    "unknown",
    "deny",
    "built-in/no-unknown-operations",
    /^DELETE \/v1\/files\/f is not an operation/,
  ],
])("%s: %s", (operationClass, effect, rule, reason) => {
  const given = verdict(operationClass);
  expect(given).toMatchObject({ effect, rule });
  expect(given.reason).toMatch(reason);
});

test.each<OperationClass>(["read", "inference", "write", "admin", "unknown"])(
  "a credential that %s mints is denied",
  (operationClass) => {
    const { effect, rule } = verdict(operationClass, { mintsCredential: true });
    expect({ effect, rule }).toEqual({ effect: "deny", rule: "built-in/no-minted-credentials" });
  },
);

test("a class of a later version is denied", () => {
  expect(verdict("other" as OperationClass)).toMatchObject({ effect: "deny", rule: null });
});

test("has a hash", () => {
  expect(builtInPolicy.hash).toMatch(/^[0-9a-f]{64}$/);
});
