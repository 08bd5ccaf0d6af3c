import { expect, test } from "vitest";
import { createEntry } from "../../../src/daemon/sessions/entry.js";
import { sessionRecord } from "./session-record.js";

test("places count on from the last one used", () => {
  const entry = createEntry(sessionRecord({}), 41);
  expect([entry.nextSeq(), entry.nextSeq()]).toEqual([42, 43]);
});

test("a session that is over makes an entry that is not live", () => {
  expect(createEntry(sessionRecord({ status: "revoked" }), 0).live).toBe(false);
});
