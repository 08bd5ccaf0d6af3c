/** The inbox against the daemon itself: what waits is seen, answered by a key, and goes on or does not. */
import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import { connectedHome } from "../support/connected-home.js";
import { openHoopx } from "../support/pty.js";

const key = "sk-real-inbox-0123456789abcdef";
const { api, home } = await connectedHome(key);

test("an upload shows in the inbox, its body can be read, d denies it and a lets the next go", async () => {
  const inbox = openHoopx(["approve"], { environment: home.environment, cwd: home.path });
  await inbox.shows("no review is pending");
  const before = api.calls.length;

  const first = home.agent("ask.mjs", ["upload"]);
  await inbox.shows("1 review pending");
  await inbox.shows("files.create");
  inbox.type("\r");
  await inbox.shows(/lines 1–\d+ of \d+/);
  inbox.type("/secret plans\r");
  await inbox.shows("match 1 of");
  // What came by itself takes no answer for 400 ms: nobody can have meant it so soon.
  await pause(500);
  inbox.type("qdnot the plans\r");
  await inbox.shows(/denied by \S+: not the plans/);
  expect((await first.done).stdout).toContain("not the plans");
  expect(api.calls.length).toBe(before);

  const second = home.agent("ask.mjs", ["upload"]);
  await inbox.shows("1 review pending");
  inbox.type("n");
  await inbox.shows(/› {3}/);
  // Nothing is approved that was not shown, and its body is longer than what is below the list.
  await pause(500);
  inbox.type("a");
  await inbox.shows("not all of it was shown");
  // What comes at once behind a refused key does nothing.
  await pause(200);
  inbox.type("\r");
  await inbox.shows(/lines 1–\d+ of \d+/);
  await pause(500);
  inbox.type("a");
  await inbox.shows(/approved by \S+ · rev_/);
  expect((await second.done).stdout).toContain("file-");
  expect(api.calls.length).toBe(before + 1);

  inbox.type("qq");
  expect((await inbox.exited).exitCode).toBe(0);
});
