import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { createLiveSession } from "../../../src/daemon/sessions/live-session.js";
import { createSessionIndex } from "../../../src/daemon/sessions/session-index.js";
import { sessionRecord } from "./session-record.js";

test("live ones are found by digest and id, those over by digest only, and only so many", () => {
  const index = createSessionIndex(2);
  const entries = ["a", "b", "c"].map((id) =>
    createLiveSession(sessionRecord({ id, tokenDigest: randomBytes(32) }), 0),
  );
  for (const entry of entries) index.add(entry);
  expect(index.liveCount()).toBe(3);
  for (const entry of entries) {
    entry.live = false;
    index.retire(entry);
  }
  expect(index.liveCount()).toBe(0);
  expect(index.live("c")).toBeUndefined();
  const found = entries.map((entry) => index.byDigest(entry.session.tokenDigest)?.session.id);
  expect(found).toEqual([undefined, "b", "c"]);
});
