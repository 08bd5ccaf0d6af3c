import { expect, test } from "vitest";
import {
  neverSent,
  oauthReplyOf,
  providerFault,
} from "../../../src/daemon/oauth/provider-fault.js";

const issuer = "https://id.example.com";
const fault = (error: unknown) => providerFault(issuer, "the login", error);

test.each([
  ["refused", { code: "ECONNREFUSED" }, "cannot be reached (ECONNREFUSED)"],
  ["slow", { code: "OAUTH_TIMEOUT" }, "does not answer in time"],
])("a provider that is %s is unavailable", (_, detail, words) => {
  const thrown = new TypeError("fetch failed", { cause: Object.assign(new Error("x"), detail) });
  expect(fault(thrown)).toMatchObject({
    problem: "identity_provider_unavailable",
    message: expect.stringContaining(words),
  });
});

test.each([
  [503, "identity_provider_unavailable"],
  [429, "identity_provider_unavailable"],
  [404, "identity_provider_refused"],
  [302, "identity_provider_refused"],
])("an answer of %i: %s", (status, problem) => {
  const cause = new Response(null, { status: status === 302 ? 200 : status });
  Object.defineProperty(cause, "status", { value: status });
  expect(fault(new Error("unexpected", { cause })).problem).toBe(problem);
});

test("the provider's own words are told, without what could be a token, and not for ever", () => {
  const error = Object.assign(new Error("x"), {
    error: "invalid_grant",
    error_description: `token ${"aB3_".repeat(12)} is bad ${"word ".repeat(100)}`,
  });
  const { message, problem } = fault(error);
  expect(problem).toBe("identity_provider_refused");
  expect(message).toContain("invalid_grant (token … is bad word");
  expect(message).not.toContain("aB3_aB3_");
  expect(message.length).toBeLessThan(320);
  expect(oauthReplyOf(error)?.error).toBe("invalid_grant");
});

test("only what certainly did not arrive counts as never sent", () => {
  const withCode = (code: string) => Object.assign(new Error("x"), { code });
  expect(neverSent(new TypeError("fetch failed", { cause: withCode("ENOTFOUND") }))).toBe(true);
  expect(neverSent(withCode("ECONNRESET"))).toBe(false);
  expect(neverSent(withCode("OAUTH_TIMEOUT"))).toBe(false);
});

test.each([
  ["address", "identity_provider_refused", "cannot be used: 10.0.0.1 is private"],
  ["timeout", "identity_provider_unavailable", "does not answer in time"],
])("what the sender itself says (%s) is told", (kind, problem, words) => {
  const thrown = Object.assign(new Error("10.0.0.1 is private"), { fault: kind });
  const told = fault(new Error("something went wrong", { cause: thrown }));
  expect(told).toMatchObject({ problem, message: expect.stringContaining(words) });
});
