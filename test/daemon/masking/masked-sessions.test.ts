import { expect, test } from "vitest";
import { createMaskedSessions } from "../../../src/daemon/masking/masked-sessions.js";
import type { Masking } from "../../../src/daemon/masking/masking.js";
import { usualMasking } from "../../../src/daemon/model/masking-terms.js";
import { createPolicy } from "../../../src/daemon/policy/evaluate.js";
import { sessionOf } from "../../contracts/records.js";

test("what a session says of itself is masked before anything keeps it", async () => {
  const mask = (text: string) => ({ text: text.replaceAll("hunter2", "[masked]"), found: [] });
  const masking = { open: () => ({ mask }) } as unknown as Masking;
  const policy = createPolicy([], "0", usualMasking);
  const policies = { current: () => policy, latest: async () => policy };
  const masked = createMaskedSessions({ masking, policies });
  const session = sessionOf({ title: "uses hunter2", labels: { key: "hunter2" } });
  const command = "agent --password hunter2";
  const shown = await masked({ ...session, process: { ...session.process, command } });
  expect(shown.title).toBe("uses [masked]");
  expect(shown.labels).toEqual({ key: "[masked]" });
  expect(shown.process.command).toBe("agent --password [masked]");
  expect(shown.id).toBe(session.id);
});
