/** `hoopx grants`: which are in force, and a list that says where it stops. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { GrantView } from "../../../src/contract/review-views.js";
import { type FakeDaemon, startFakeDaemon } from "../support/fake-daemon.js";
import { runCli } from "../support/run-cli.js";
import { sessionView } from "../support/views.js";

const grant = (change: Partial<GrantView> = {}): GrantView => ({
  id: "gra_4k2m",
  review: "rev_4k2m",
  rule: "writes",
  covers: {
    ...{ layer: "user", file: "/c/policy.yaml" },
    ...{ connection: "openai", action: "files.create", tool: null },
  },
  scope: "session",
  sessionId: "ses_4k2m",
  sessionEndedAt: null,
  identity: sessionView().identity,
  createdAt: "2026-11-24T09:00:00.000Z",
  expiresAt: null,
  revokedAt: null,
  uses: 1,
  ...change,
});

let home: string;
let daemon: FakeDaemon | undefined;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "hoopx-cli-"));
});
afterEach(async () => {
  await daemon?.close();
  rmSync(home, { recursive: true });
});

test.each<[string, Partial<GrantView>]>([
  ["in force", {}],
  // A daemon of an older version does not say when the session ended.
  ["in force", { sessionEndedAt: undefined as unknown as null }],
  ["over", { sessionEndedAt: "2026-11-24T09:30:00.000Z" }],
  ["over", { scope: "time", sessionId: null, expiresAt: "2026-11-24T09:59:00.000Z" }],
  ["in force", { scope: "time", sessionId: null, expiresAt: "2026-11-24T10:01:00.000Z" }],
  ["used", { scope: "once" }],
  ["over", { scope: "once", uses: 0, sessionEndedAt: "2026-11-24T09:30:00.000Z" }],
  ["revoked", { revokedAt: "2026-11-24T09:30:00.000Z" }],
  ["void", { covers: null }],
])("a grant is %s: %j", async (state, change) => {
  daemon = await startFakeDaemon(home, { grantsList: () => [grant(change)] });
  const { stdout } = await runCli(["grants"], { home });
  expect(stdout.trimEnd().split("\t")[1]).toBe(state);
});

test("a list that stops at its limit says so", async () => {
  daemon = await startFakeDaemon(home, {
    grantsList: () => [grant(), grant({ id: "gra_other" })],
  });
  const { stdout, stderr } = await runCli(["grants", "--limit", "1"], { home });
  expect(stdout.trimEnd().split("\n")).toHaveLength(1);
  expect(stderr).toBe("hoopx: older grants are left out: hoopx grants --limit 2 shows more\n");
});
