import { expect, test } from "vitest";
import type { Connection } from "../../../src/daemon/model/connection.js";
import { replayLabel, type Session } from "../../../src/daemon/model/session.js";
import { createReruns } from "../../../src/daemon/replaying/reruns.js";

const exchanges = { ofSession: async () => [], frames: async () => [] };
const session = (id: string, labels: Session["labels"] = { [replayLabel]: "ses_a" }) =>
  ({ id, labels }) as Session;
const load = (reruns: ReturnType<typeof createReruns>) =>
  reruns.load({
    of: session("ses_a", {}),
    from: undefined,
    onMiss: "fail",
    pace: "none",
    ignore: [],
    exact: new Set(),
  });

test("a session is the re-run that it was entered as, and its label says so after a restart", async () => {
  const reruns = createReruns({ exchanges, mask: (text) => text });
  const rerun = await load(reruns);
  reruns.enter("ses_b", rerun, [{ name: "openai" } as Connection]);
  expect(reruns.of(session("ses_b"))).toBe(rerun);
  expect(reruns.find("ses_b")).toBe(rerun);
  expect(reruns.of(session("ses_c", {}))).toBeUndefined();
  expect(reruns.of(session("ses_c"))).toBe("lost");
  expect(reruns.connectionNamed(session("ses_b"), "openai")).toEqual({ name: "openai" });
  expect(reruns.connectionNamed(session("ses_b"), "other")).toBeUndefined();
  expect(reruns.connectionNamed(session("ses_c"), "openai")).toBeUndefined();
});

test("the oldest is forgotten, and then lost", async () => {
  const reruns = createReruns({ exchanges, mask: (text) => text });
  const rerun = await load(reruns);
  for (let at = 0; at < 70; at += 1) reruns.enter(`ses_${at}`, rerun, []);
  expect(reruns.of(session("ses_0"))).toBe("lost");
  expect(reruns.of(session("ses_69"))).toBe(rerun);
});
