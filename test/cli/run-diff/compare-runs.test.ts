/** `hoopx replay A --diff B`: what it prints, at widths and without colour, its document and exit code. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { widthOf } from "../../../src/cli/output/width.js";
import type { ConversationView } from "../../../src/contract/views.js";
import { type FakeDaemon, startFakeDaemon } from "../support/fake-daemon.js";
import { runCli } from "../support/run-cli.js";
import { sampleRun, sampleSession } from "../support/sample-run.js";
import { conversationView, exchangeView } from "../support/views.js";

let home: string;
let daemon: FakeDaemon;

const other: readonly ConversationView[] = sampleRun.map((conversation, at): ConversationView => {
  if (at === 0) {
    return {
      ...conversation,
      reply: conversation.reply.map((turn) =>
        turn.kind === "tool-call"
          ? { ...turn, arguments: '{"cities":["Oslo","Bergen"],"units":"metric","days":2}' }
          : turn,
      ),
    };
  }
  if (at !== 1) return conversation;
  return {
    ...conversation,
    exchange: exchangeView({ id: "exc_9", seq: 2, tokens: { input: 1300, output: 90 } }),
    reply: conversation.reply.map((turn) =>
      turn.kind === "message"
        ? { ...turn, text: turn.text.replace("14 °C", "11 °C \u001b[5m") }
        : turn,
    ),
  };
});

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), "hoopx-diff-"));
  const more = conversationView({
    exchange: exchangeView({ seq: 5 }),
    prompt: [{ kind: "message", role: "user", text: "Thank you, and good night." }],
    reply: [],
  });
  daemon = await startFakeDaemon(home, {
    sessionsShow: ({ params }) => ({ ...sampleSession, id: params.id ?? "" }),
    conversation: ({ params }) =>
      params.id === "ses_b" ? [...other.slice(0, 3), more] : sampleRun,
  });
});
afterEach(async () => {
  await daemon.close();
  rmSync(home, { recursive: true });
});

test("equal runs: a line an exchange, the totals, exit 0", async () => {
  const outcome = await runCli(["replay", "ses_a", "--diff", "ses_c"], { home });
  expect(outcome.code).toBe(0);
  expect(outcome.stderr).toBe("");
  await expect(outcome.stdout).toMatchFileSnapshot("golden/equal.txt");
});

test("different runs: not on a terminal, the same each time, exit 1", async () => {
  const outcome = await runCli(["replay", "ses_a", "--diff", "ses_b"], { home });
  expect(outcome.code).toBe(1);
  await expect(outcome.stdout).toMatchFileSnapshot("golden/different.txt");
  expect((await runCli(["replay", "ses_a", "--diff", "ses_b"], { home })).stdout).toBe(
    outcome.stdout,
  );
});

test.each([80, 120])(
  "on a terminal of %i columns: no line is wider, nothing raw",
  async (columns) => {
    const command = ["replay", "ses_a", "--diff", "ses_b"];
    const coloured = await runCli(command, { home, columns });
    await expect(coloured.stdout.replaceAll("\u001b", "␛")).toMatchFileSnapshot(
      `golden/different-${columns}.txt`,
    );
    const plain = await runCli(command, { home, columns, environment: { NO_COLOR: "1" } });
    await expect(plain.stdout).toMatchFileSnapshot(`golden/different-${columns}-plain.txt`);
    for (const line of [...plain.stdout.split("\n"), ...coloured.stdout.split("\n")]) {
      const bare = line.replace(/\u001b\[\d+m/g, "");
      expect(widthOf(bare), bare).toBeLessThanOrEqual(columns);
      expect(bare).not.toMatch(/\u001b/);
    }
  },
);

test("--json: one document, with the totals of both", async () => {
  const { code, stdout } = await runCli(["replay", "ses_a", "--diff", "ses_b", "--json"], { home });
  expect(code).toBe(1);
  const document = JSON.parse(stdout);
  expect(document).toMatchObject({
    equal: false,
    a: { session: "ses_a", exchanges: 4, denied: 1, reviewed: 1, masked: 1 },
    b: { session: "ses_b", exchanges: 4, denied: 0 },
    turns: { changed: 3 },
  });
  expect(document.exchanges[0].turns[2]).toEqual({
    change: "changed",
    side: "reply",
    kind: "tool-call",
    role: null,
    name: "get_weather",
    a: '{"cities":["Oslo","Rome"],"units":"metric"}',
    b: '{"cities":["Oslo","Bergen"],"units":"metric","days":2}',
    arguments: [
      { path: "cities[1]", a: '"Rome"', b: '"Bergen"' },
      { path: "days", a: null, b: "2" },
    ],
  });
});
