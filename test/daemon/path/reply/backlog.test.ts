import { beforeEach, expect, test } from "vitest";
import { type Backlog, createBacklog } from "../../../../src/daemon/path/reply/backlog.js";

let backlog: Backlog;
let flows: Map<string, boolean>;
beforeEach(() => {
  backlog = createBacklog({ each: 100, together: 250 });
  flows = new Map();
});

function open(name: string) {
  flows.set(name, true);
  return backlog.open({
    pause: () => void flows.set(name, false),
    resume: () => void flows.set(name, true),
  });
}

test("a reply over its limit is paused alone, and goes on when half of it is written", () => {
  const [one, two] = [open("one"), open("two")];
  one.waits(60);
  two.waits(60);
  one.waits(60);
  expect([...flows.values()]).toEqual([false, true]);
  one.settled(60);
  expect(flows.get("one")).toBe(false);
  one.settled(60);
  expect(flows.get("one")).toBe(true);
  two.settled(60);
  expect(backlog.size()).toBe(0);
});

test("over the limit of all, whoever adds more is paused, and all go on when half is written", () => {
  const shares = ["a", "b", "c", "d"].map(open);
  for (const share of shares) share.waits(80);
  expect([...flows.values()]).toEqual([true, true, true, false]);
  shares[0]?.waits(10);
  expect(flows.get("a")).toBe(false);
  shares[1]?.settled(80);
  shares[2]?.settled(80);
  expect(flows.get("a")).toBe(false);
  shares[3]?.settled(80);
  expect([...flows.values()]).toEqual([false, true, true, true]);
  shares[0]?.settled(90);
  expect([...flows.values()]).toEqual([true, true, true, true]);
  expect(backlog.size()).toBe(0);
});

test("a client that is full pauses its reply, however little waits", () => {
  const share = open("one");
  share.clientIs(true);
  expect(flows.get("one")).toBe(false);
  share.waits(200);
  share.clientIs(false);
  expect(flows.get("one")).toBe(false);
  share.settled(200);
  expect(flows.get("one")).toBe(true);
});
