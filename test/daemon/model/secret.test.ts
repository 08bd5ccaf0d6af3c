import { inspect } from "node:util";
import { expect, test } from "vitest";
import { Secret } from "../../../src/daemon/model/secret.js";

test("prints, serialises and inspects as [secret]", () => {
  const secret = new Secret("sk-hidden");
  const shown = [String(secret), JSON.stringify({ secret }), inspect({ secret }), `${secret}`];
  for (const text of shown) {
    expect(text).toContain("[secret]");
    expect(text).not.toContain("sk-hidden");
  }
  expect(secret.reveal()).toBe("sk-hidden");
});

test("equals compares the text", () => {
  expect(new Secret("a").equals(new Secret("a"))).toBe(true);
  expect(new Secret("a").equals(new Secret("ab"))).toBe(false);
});
