import { expect, test } from "vitest";
import { findSession } from "../../../../src/daemon/control/sessions/session-finder.js";
import { openStore } from "../../../../src/daemon/store/sqlite-store.js";
import { sessionRecord } from "../../sessions/session-record.js";

test("by id, by an unambiguous beginning, and as last; else told what there is", async () => {
  const store = await openStore({ file: ":memory:", warn: () => undefined });
  await expect(findSession(store.sessions, "last")).rejects.toMatchObject({
    code: "not_found",
    message: "there is no session yet",
  });
  const ids = ["ses_aaaaa00000000001", "ses_aaaab00000000002"];
  for (const [index, id] of ids.entries()) {
    await store.sessions.add(sessionRecord({ id, startedAt: new Date(1000 * index) }));
  }
  const nameOf = async (id: string) => (await findSession(store.sessions, id)).id;
  expect(await nameOf("ses_aaaaa")).toBe(ids[0]);
  expect(await nameOf(ids[1] as string)).toBe(ids[1]);
  expect(await nameOf("last")).toBe(ids[1]);
  await expect(nameOf("ses_aaaa")).rejects.toMatchObject({
    code: "conflict",
    message: expect.stringMatching(/^ses_aaaa may be any of ses_aaaa[ab]\d+, ses_aaaa[ab]\d+$/),
  });
  await expect(nameOf("ses_zzz")).rejects.toMatchObject({ code: "not_found" });
  await store.close();
});
