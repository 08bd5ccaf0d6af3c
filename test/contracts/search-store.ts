/**
 * What every store finds: words that were said, and facts of sessions. Each
 * test gets a fresh, empty store that reads exchanges by `readFrames`.
 */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ReadSaid } from "../../src/daemon/store/search-index.js";
import type { SessionFilter, Store } from "../../src/daemon/store/store.js";
import { newSigner } from "../daemon/store/signer.js";
import { append, close, endingOf, frameOf, openingOf, sessionOf, start } from "./records.js";

/** All bodies as they are; `call:NAME` is a call. */
export const readFrames: ReadSaid = (_, frames) => {
  const bodies = frames.filter(({ kind }) => kind.endsWith("-body"));
  const text = bodies.map(({ data }) => Buffer.from(data).toString()).join("\n");
  return { text, calls: [...text.matchAll(/call:(\w+)/g)].map(([, name]) => name ?? "") };
};

type Change = Parameters<typeof openingOf>[1];

/** Runs the contract against one implementation. */
export function searchStoreContract(name: string, openEmpty: () => Promise<Store>): void {
  describe(`${name} finds`, () => {
    let store: Store;
    let count = 0n;
    beforeEach(async () => {
      store = await openEmpty();
    });
    afterEach(() => store.close());

    const ids = async (filter: Partial<SessionFilter>) =>
      (await store.sessions.list({ limit: 10, ...filter })).map(({ id }) => id);

    async function addSession(minute: number, change = {}) {
      const startedAt = new Date(start + minute * 60_000);
      const session = sessionOf({ title: null, labels: {}, startedAt, ...change });
      await store.sessions.add(session);
      return session.id;
    }

    async function say(
      sessionId: string,
      prompt: string,
      reply: string,
      { opening, ending }: { opening?: Change; ending?: Parameters<typeof endingOf>[0] } = {},
    ) {
      count += 1n;
      const key = (BigInt(start + 3_600_000) << 22n) + count;
      const frames = [frameOf("request-body", 1, prompt)];
      await store.transcripts.open(openingOf(key, { sessionId, frames, ...opening }));
      if (reply !== "") await append(store, key, frameOf("reply-body", 2, reply));
      await close(store, key, endingOf(ending));
      return key;
    }

    test("text without spaces wherever it stands, also among other words", async () => {
      const ada = await addSession(1);
      const eve = await addSession(2);
      const kim = await addSession(3);
      await say(ada, "今天的天气很好，出去玩吧", "API密钥已轮换");
      await say(eve, "データベースを再起動してください", "が");
      await say(kim, "데이터베이스를 다시", "ฐานข้อมูล");
      expect(await ids({ search: "天气" })).toEqual([ada]);
      expect(await ids({ search: "气天" })).toEqual([]);
      expect(await ids({ search: "好" })).toEqual([ada]);
      expect(await ids({ search: "密钥 天气很" })).toEqual([ada]);
      expect(await ids({ search: "api密钥" })).toEqual([ada]);
      expect(await ids({ search: "api" })).toEqual([ada]);
      expect(await ids({ search: "天气*" })).toEqual([ada]);
      expect(await ids({ search: "ベース" })).toEqual([eve]);
      expect(await ids({ search: '"再起動"' })).toEqual([eve]);
      expect(await ids({ search: "が" })).toEqual([eve]);
      expect(await ids({ search: "베이스" })).toEqual([kim]);
      expect(await ids({ search: "ข้อมูล" })).toEqual([kim]);
    });

    test("words, phrases and beginnings of what was said, at once, newest session first", async () => {
      const ada = await addSession(1);
      const eve = await addSession(2);
      const bob = await addSession(3);
      await say(ada, "fix the login page", "The Café is open");
      await say(ada, "and the database", "");
      await say(eve, "the page of the login", "done");
      expect(await ids({ search: "login" })).toEqual([eve, ada]);
      expect(await ids({ search: "LOGIN database" })).toEqual([ada]);
      expect(await ids({ search: '"login page"' })).toEqual([ada]);
      expect(await ids({ search: '"page login"' })).toEqual([]);
      expect(await ids({ search: "data*" })).toEqual([ada]);
      expect(await ids({ search: "data" })).toEqual([]);
      expect(await ids({ search: "café" })).toEqual([ada]);
      expect(await ids({ search: "agent.js" })).toEqual([bob, eve, ada]);
      // One word is its own, the other was said.
      expect(await ids({ search: "agent.js done" })).toEqual([eve]);
      expect(await ids({ search: "the", limit: 1 })).toEqual([eve]);
      expect(await ids({ search: "the", since: new Date(start + 90_000) })).toEqual([eve]);
    });

    test.each([
      '"',
      "'",
      "AND",
      "a AND",
      "NOT x",
      "NEAR(",
      "(",
      "*",
      "^a",
      "text:x",
      "a-b",
      '""',
      "\0",
      "-",
      "{x}",
      "%",
      "\ud800",
    ])("%j is no error", async (search) => {
      const ada = await addSession(1);
      await say(ada, "nothing of that", "");
      await expect(ids({ search })).resolves.toBeDefined();
    });

    test("a term that very many exchanges have, in sessions of before those too", async () => {
      const old = await addSession(1, { status: "ended", endedAt: new Date(start + 3_700_000) });
      await say(old, "common first", "");
      const others = await addSession(2);
      await Promise.all(Array.from({ length: 5_100 }, () => say(others, "common", "")));
      await store.indexed();
      expect(await ids({ search: "common" })).toEqual([others, old]);
      expect(await ids({ search: "common first" })).toEqual([old]);
    });

    test("models, tools, denials and masked spots, together", async () => {
      const ada = await addSession(1);
      const eve = await addSession(2);
      const operation = openingOf(1n).operation;
      const other = operation && { ...operation, model: "Claude-9", tools: ["shell"] };
      await say(ada, "x", "call:read_file", {
        ending: { masked: [{ detector: "token", count: 2 }] },
      });
      await say(eve, "x", "", {
        opening: {
          operation: other,
          decision: { effect: "deny", rule: null, reason: "no", decidedAt: new Date(start) },
        },
        ending: { tokens: null, error: "policy_denied" },
      });
      expect(await ids({ model: "gpt-*" })).toEqual([ada]);
      expect(await ids({ model: "claude-?" })).toEqual([eve]);
      expect(await ids({ model: "gpt" })).toEqual([]);
      expect(await ids({ tool: "get_weather" })).toEqual([ada]);
      expect(await ids({ tool: "read_file" })).toEqual([ada]);
      expect(await ids({ tool: "shell" })).toEqual([eve]);
      expect(await ids({ outcomes: ["denied"] })).toEqual([eve]);
      expect(await ids({ masked: true })).toEqual([ada]);
      expect(await ids({ masked: true, outcomes: ["denied"] })).toEqual([]);
      expect(await ids({ outcomes: ["denied"], tool: "shell", search: "x" })).toEqual([eve]);
    });

    test("what cost more than so much, where the price is known", async () => {
      const ada = await addSession(1);
      const eve = await addSession(2);
      await say(ada, "x", "");
      await say(ada, "y", "");
      await say(eve, "x", "");
      const costOver = (usd: number, each: number | null) => ({
        costOver: {
          usd,
          costOf: (_: unknown, { output }: { output: number }) => each && each * output,
        },
      });
      expect(await ids(costOver(30, 1))).toEqual([ada]);
      expect(await ids(costOver(20, 1))).toEqual([eve, ada]);
      expect(await ids(costOver(44, 1))).toEqual([]);
      expect(await ids(costOver(0, null))).toEqual([]);
    });

    test("nothing of what was pruned", async () => {
      const ada = await addSession(1);
      const eve = await addSession(2);
      await say(ada, "walrus", "");
      await say(eve, "walrus", "");
      expect(await ids({ search: "walrus" })).toEqual([eve, ada]);
      const late = await say(ada, "walrus again", "");
      await store.sessions.end(ada, { status: "ended", endedAt: new Date(start), exitCode: 0 });
      await store.record.prune(new Date(start + 1), newSigner());
      expect(await ids({ search: "walrus" })).toEqual([eve]);
      expect(await ids({ model: "gpt-*" })).toEqual([eve]);
      expect(await store.exchanges.find(late)).toBeUndefined();
      expect((await store.record.verify()).problems).toEqual([]);
    });
  });
}
