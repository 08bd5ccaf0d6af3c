import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { createEntry } from "../../../src/daemon/sessions/entry.js";
import { createRoll } from "../../../src/daemon/sessions/roll.js";
import { sessionRecord } from "./session-record.js";

test("live ones are found by digest and id, those over by digest only, and only so many", () => {
  const roll = createRoll(2);
  const entries = ["a", "b", "c"].map((id) =>
    createEntry(sessionRecord({ id, tokenDigest: randomBytes(32) }), 0),
  );
  for (const entry of entries) roll.add(entry);
  expect(roll.liveCount()).toBe(3);
  for (const entry of entries) {
    entry.live = false;
    roll.retire(entry);
  }
  expect(roll.liveCount()).toBe(0);
  expect(roll.live("c")).toBeUndefined();
  const found = entries.map((entry) => roll.byDigest(entry.session.tokenDigest)?.session.id);
  expect(found).toEqual([undefined, "b", "c"]);
});
