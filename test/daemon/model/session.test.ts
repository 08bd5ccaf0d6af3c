import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { newSessionId, newSessionToken, tokenDigest } from "../../../src/daemon/model/session.js";

test("a token is hxs_ and 256 bits, and each differs", () => {
  const tokens = new Set(Array.from({ length: 100 }, () => newSessionToken().reveal()));
  expect(tokens.size).toBe(100);
  for (const token of tokens) {
    expect(token).toMatch(/^hxs_[A-Za-z0-9_-]{43}$/);
    expect(Buffer.from(token.slice(4), "base64url")).toHaveLength(32);
  }
});

test("what is kept of a token is its SHA-256", () => {
  expect(tokenDigest("hxs_x")).toEqual(createHash("sha256").update("hxs_x").digest());
});

test("session ids are 16 letters and differ", () => {
  const ids = new Set(Array.from({ length: 100 }, newSessionId));
  expect(ids.size).toBe(100);
  for (const id of ids) expect(id).toMatch(/^ses_[0-9a-hjkmnp-tv-z]{16}$/);
});
