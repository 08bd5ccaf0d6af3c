import { expect, test } from "vitest";
import { createLiveSession } from "../../../src/daemon/sessions/live-session.js";
import { sessionRecord } from "./session-record.js";

test("places count on from the last one used", () => {
  const entry = createLiveSession(sessionRecord({}), 41);
  expect([entry.nextSeq(), entry.nextSeq()]).toEqual([42, 43]);
});

test("a session that is over makes an entry that is not live", () => {
  expect(createLiveSession(sessionRecord({ status: "revoked" }), 0).live).toBe(false);
});
