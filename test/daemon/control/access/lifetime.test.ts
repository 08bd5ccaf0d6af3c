import { expect, test } from "vitest";
import { lifetimeText } from "../../../../src/daemon/control/access/lifetime.js";
import type { Credential } from "../../../../src/daemon/credentials/source.js";

const now = new Date("2026-01-01T00:00:00Z");
const living = (seconds: number): Credential => ({
  sensitive: [],
  apply() {},
  expiresAt: new Date(now.getTime() + seconds * 1000),
});

test.each([
  [-1, "short-lived, expired"],
  [0, "short-lived, expired"],
  [42.9, "short-lived, 42 s"],
  [3599, "short-lived, 59 min"],
  // It has begun to pass already.
  [3600, "short-lived, 59 min"],
  [7199, "short-lived, 119 min"],
  [43_201, "short-lived, 12 h"],
  // A month is not short, whatever mechanism made it.
  [30.5 * 86_400, "long-lived, 30 days"],
])("%d seconds", (seconds, text) => {
  expect(lifetimeText("aws-sts", living(seconds), now)).toBe(text);
});

test("a key is permanent, and what is not known is not made up", () => {
  expect(lifetimeText("static-key", undefined, now)).toBe("permanent key");
  expect(lifetimeText("oidc", undefined, now)).toBe("short-lived, not obtained yet");
  expect(lifetimeText("command", { sensitive: [], apply() {} }, now)).toBe("of unknown lifetime");
});
