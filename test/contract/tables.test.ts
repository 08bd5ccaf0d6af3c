/** The contract's tables: no row twice, and key variables are known however they are written. */
import { expect, test } from "vitest";
import {
  isKeyVariable,
  keyVariables,
  passphraseVariable,
} from "../../src/contract/key-variables.js";
import { problemCodes } from "../../src/contract/problem.js";
import { routes } from "../../src/contract/routes.js";

test.each([
  ["key variables", keyVariables],
  ["problem codes", problemCodes],
  ["routes", Object.values(routes).map(({ method, path }) => `${method} ${path}`)],
])("no two %s are the same", (_, rows) => {
  expect(new Set(rows).size).toBe(rows.length);
});

test("a key variable is one in any case; what does more than open a model API is none", () => {
  for (const name of ["OPENAI_API_KEY", "openai_api_key", passphraseVariable]) {
    expect(isKeyVariable(name)).toBe(true);
  }
  for (const name of ["PATH", "OPENAI_BASE_URL", "AWS_SECRET_ACCESS_KEY", "HOOPX_HOME"]) {
    expect(isKeyVariable(name)).toBe(false);
  }
});

test("every route is versioned, and nothing that changes something, or asks with a body, is a GET", () => {
  for (const { method, path } of Object.values(routes)) {
    expect(path).toMatch(/^\/v1\//);
    expect(["GET", "POST", "DELETE"]).toContain(method);
  }
  for (const [name, { method }] of Object.entries(routes)) {
    const changes =
      /Add|Rotate|Remove|Start|End|Revoke|Stop|unlock|Test|Default|Lease|whoami|logout|[Cc]heck|Approve|Deny|Reveal|Export|Import|^mask|^policy|^record/.test(
        name,
      );
    expect(method === "GET", name).toBe(!changes);
  }
});
