/**
 * `hoopx tail` on a terminal: what waits, what was decided and why, at the
 * widths that people have, with colours and without.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { widthOf } from "../../../src/cli/output/width.js";
import { type FakeDaemon, startFakeDaemon } from "../support/fake-daemon.js";
import { runCli } from "../support/run-cli.js";
import { tailEvents } from "../support/tail-events.js";
import { sessionView } from "../support/views.js";

let home: string;
let daemon: FakeDaemon;
beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), "hoopx-tail-"));
  daemon = await startFakeDaemon(home, {
    sessionsShow: () => sessionView({ status: "active", endedAt: null }),
    events: () => tailEvents,
  });
});
afterEach(async () => {
  await daemon.close();
  rmSync(home, { recursive: true });
});

const escapes = { "\u001b": "{ESC}" };

test.each([
  [80, "colour"],
  [80, "plain"],
  [120, "colour"],
  [120, "plain"],
] as const)("at %d columns, %s", async (columns, kind) => {
  const argv = ["tail", "last", ...(kind === "plain" ? ["--no-color"] : [])];
  const { code, stdout } = await runCli(argv, { home, columns });
  expect(code).toBe(0);
  const plain = stdout.replace(/\u001b\[\d+m/g, "");
  for (const line of plain.split("\n")) expect(widthOf(line)).toBeLessThanOrEqual(columns);
  if (kind === "plain") expect(stdout).toBe(plain);
  // A review says so when it begins to wait, with the command that answers it.
  expect(plain).toContain("waits: hoopx approve rev_4k2m9x7q1c3v5b8n");
  const text = stdout.replace(/\u001b/g, escapes["\u001b"]);
  await expect(text).toMatchFileSnapshot(`golden/tail-${columns}-${kind}.txt`);
});

test("in a pipe a review is no line: programs are given exchanges alone", async () => {
  const { stdout } = await runCli(["tail", "last"], { home });
  const kinds = tailEvents.filter(({ type }) => type === "exchange.ended");
  expect(stdout.trimEnd().split("\n")).toHaveLength(kinds.length);
  expect(stdout).not.toContain("waits");
});
