/**
 * The store's contract: what every implementation keeps. Each test gets a
 * fresh, empty store.
 */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { replayLabel, type Session } from "../../src/daemon/model/session.js";
import type { Frame } from "../../src/daemon/model/transcript.js";
import type { Store } from "../../src/daemon/store/store.js";
import {
  append,
  close,
  endingOf,
  frameOf,
  openingOf,
  sessionOf,
  start,
  textOf,
} from "./records.js";

/** Runs the contract against one implementation. */
export function storeContract(name: string, openEmpty: () => Promise<Store>): void {
  describe(`${name} keeps the store's contract`, () => {
    let store: Store;
    beforeEach(async () => {
      store = await openEmpty();
    });
    afterEach(() => store.close());

    const key = (BigInt(start) << 22n) + 4_194_303n;

    test("a session comes back as it was given", async () => {
      const session = sessionOf();
      await store.sessions.add(session);
      const [found] = await store.sessions.find(session.id);
      expect({ ...found, tokenDigest: [...(found?.tokenDigest ?? [])] }).toEqual({
        ...session,
        tokenDigest: [...session.tokenDigest],
      });
    });

    test("last is the newest session, re-runs left out", async () => {
      const ran = sessionOf();
      await store.sessions.add(ran);
      const again = (id: string, labels: Session["labels"], after: number) =>
        store.sessions.add({ ...ran, id, labels, startedAt: new Date(start + after) });
      await again("ses_again", { [replayLabel]: ran.id }, 60_000);
      expect(await store.sessions.find("last")).toMatchObject([{ id: ran.id }]);
      await again("ses_other", { team: "x" }, 30_000);
      expect(await store.sessions.find("last")).toMatchObject([{ id: "ses_other" }]);
    });

    test("what was used is added up by session and model, what was denied is not", async () => {
      const session = sessionOf();
      await store.sessions.add(session);
      const day = BigInt(start) << 22n;
      const put = async (at: bigint, change: Parameters<typeof openingOf>[1]) => {
        await store.transcripts.open(openingOf(at, { sessionId: session.id, ...change }));
        await close(store, at, endingOf({ tokens: { input: 10, output: 4 } }));
      };
      await put(day - 1n, {});
      await put(day, {});
      await put(day + 1n, {});
      const denied = {
        effect: "deny",
        rule: null,
        reason: "no",
        decidedAt: new Date(start),
      } as const;
      await put(day + 2n, { decision: denied });
      const { issuer, subject } = session.identity;
      const used = {
        session: { id: session.id, identity: { issuer, subject } },
        model: "gpt-4o-mini",
      };
      expect(await store.usage.since(new Date(start))).toEqual([
        { ...used, requests: 2, tokens: { input: 20, output: 8 } },
      ]);
      expect(await store.usage.ofSessions([session.id, "ses_none"])).toEqual([
        { ...used, requests: 3, tokens: { input: 30, output: 12 } },
      ]);
    });

    test("what a person denied, and what was denied when it was let go, has used nothing", async () => {
      const session = sessionOf();
      await store.sessions.add(session);
      const decision = {
        effect: "review",
        rule: "r",
        reason: "x",
        decidedAt: new Date(start),
      } as const;
      const errors = ["review_denied", "review_expired", "policy_denied", "tool_call_denied", null];
      for (const [place, error] of errors.entries()) {
        const at = (BigInt(start) << 22n) + BigInt(place);
        await store.transcripts.open(openingOf(at, { sessionId: session.id, decision }));
        await close(store, at, endingOf({ tokens: null, error }));
      }
      // The last two were sent.
      const [used] = await store.usage.ofSessions([session.id]);
      expect(used?.requests).toBe(2);
    });

    test("tokens that are an estimate come back as one, and so do sums with one in them", async () => {
      const session = sessionOf();
      await store.sessions.add(session);
      const tokens = { input: 3, output: 4, estimated: true } as const;
      for (const [at, ending] of [
        [key + 70n, endingOf({ tokens })],
        [key + 71n, endingOf()],
      ] as const) {
        await store.transcripts.open(openingOf(at, { sessionId: session.id }));
        await close(store, at, ending);
      }
      expect((await store.exchanges.find(key + 70n))?.ending?.tokens).toEqual(tokens);
      expect((await store.exchanges.find(key + 71n))?.ending?.tokens).toEqual(endingOf().tokens);
      const totals = await store.sessions.totals([session.id]);
      expect(totals.get(session.id)?.tokens).toEqual({ input: 14, output: 26, estimated: true });
    });

    test("a session of which little is known comes back so", async () => {
      const { process: known, identity } = sessionOf();
      const bare = sessionOf({
        identity: { ...identity, profile: null },
        process: { ...known, git: { remote: null, branch: null, commit: null }, ci: null },
        processCheck: "unavailable",
        credentials: [],
      });
      await store.sessions.add(bare);
      const outside = sessionOf({ process: { ...known, git: null } });
      await store.sessions.add(outside);
      expect((await store.sessions.find(bare.id))[0]).toMatchObject({
        identity: bare.identity,
        process: bare.process,
        processCheck: "unavailable",
        credentials: [],
      });
      expect((await store.sessions.find(outside.id))[0]?.process.git).toBeNull();
    });

    test("a session gets its pid and its end; one that is not there gets an error", async () => {
      const { id } = sessionOf();
      await store.sessions.add(sessionOf({ id }));
      await store.sessions.setChild(id, { pid: 77, pidStart: "boot:9", command: "node real.mjs" });
      const endedAt = new Date(start + 5000);
      await store.sessions.end(id, { status: "revoked", endedAt, exitCode: 143 });
      const [found] = await store.sessions.find(id);
      expect(found).toMatchObject({ status: "revoked", endedAt, exitCode: 143 });
      expect(found?.process).toMatchObject({
        pid: 77,
        pidStart: "boot:9",
        command: "node real.mjs",
      });
      const nowhere = store.sessions.setChild("ses_none", { pid: 1, pidStart: null, command: "" });
      await expect(nowhere).rejects.toThrow(/ses_none/);
    });

    test("find: exact, a beginning, last, and neither more nor less", async () => {
      await store.sessions.add(sessionOf({ id: "ses_ab", startedAt: new Date(start) }));
      await store.sessions.add(sessionOf({ id: "ses_abc", startedAt: new Date(start + 2) }));
      await store.sessions.add(sessionOf({ id: "ses_b%", startedAt: new Date(start + 1) }));
      const ids = async (text: string) => (await store.sessions.find(text)).map(({ id }) => id);
      expect(await ids("ses_ab")).toEqual(["ses_ab"]);
      expect(await ids("ses_a")).toEqual(["ses_abc", "ses_ab"]);
      expect(await ids("ses_b")).toEqual(["ses_b%"]);
      expect(await ids("ses_%")).toEqual([]);
      expect(await ids("")).toEqual([]);
      expect(await ids("last")).toEqual(["ses_abc"]);
    });

    test("list: newest first, by each filter", async () => {
      const ada = sessionOf({ startedAt: new Date(start) });
      const eve = sessionOf({
        title: "Überprüfung",
        labels: { env: "Prod" },
        identity: { issuer: "os:desk", subject: "eve", email: null, groups: [], profile: null },
        startedAt: new Date(start + 1000),
        status: "ended",
      });
      await store.sessions.add(ada);
      await store.sessions.add(eve);
      const ids = async (filter: object) =>
        (await store.sessions.list({ limit: 10, ...filter })).map(({ id }) => id);
      expect(await ids({})).toEqual([eve.id, ada.id]);
      expect(await ids({ limit: 1 })).toEqual([eve.id]);
      expect(await ids({ since: new Date(start + 1) })).toEqual([eve.id]);
      expect(await ids({ status: "active" })).toEqual([ada.id]);
      expect(await ids({ identity: "ADA@" })).toEqual([ada.id]);
      expect(await ids({ identity: "eve" })).toEqual([eve.id]);
      expect(await ids({ search: "überPRÜF" })).toEqual([eve.id]);
      expect(await ids({ search: "env=prod" })).toEqual([eve.id]);
      expect(await ids({ search: "AGENT.js" })).toEqual([eve.id, ada.id]);
      expect(await ids({ search: ada.id.slice(5, 15) })).toEqual([ada.id]);
      expect(await ids({ search: "_%" })).toEqual([]);
    });

    test("an exchange comes back as it was given, before and after its end", async () => {
      const opening = openingOf(key);
      await store.transcripts.open(opening);
      const { frames, ...record } = opening;
      expect(await store.exchanges.find(key)).toEqual({ ...record, review: null, ending: null });
      expect(textOf(await store.exchanges.frames(key))).toEqual(textOf(frames));
      const ending = endingOf({ masked: [{ detector: "email", count: 2 }], error: "truncated" });
      await close(store, key, ending);
      expect(await store.exchanges.find(key)).toEqual({ ...record, review: null, ending });
      expect(await store.exchanges.find(key + 1n)).toBeUndefined();
      expect(await store.exchanges.frames(key + 1n)).toEqual([]);
    });

    test("an exchange that got nowhere is kept too", async () => {
      const bare = openingOf(key, {
        sessionId: null,
        seq: 0,
        connection: null,
        process: null,
        operation: null,
        decision: null,
        frames: [],
      });
      await store.transcripts.open(bare);
      const ending = endingOf({ status: null, firstByteAt: null, tokens: null });
      await close(store, key, ending);
      const { frames: _, ...record } = bare;
      expect(await store.exchanges.find(key)).toEqual({ ...record, review: null, ending });
      expect(await store.exchanges.frames(key)).toEqual([]);
    });

    test("exchanges of a session come in their places, and the last place is known", async () => {
      const sessionId = "ses_1111111111111111";
      await store.transcripts.open(openingOf(key + 2n, { sessionId, seq: 2 }));
      await store.transcripts.open(openingOf(key + 3n, { sessionId, seq: 1 }));
      await store.transcripts.open(openingOf(key + 4n, { seq: 9 }));
      const records = await store.exchanges.ofSession(sessionId);
      expect(records.map((record) => record.key)).toEqual([key + 3n, key + 2n]);
      expect(await store.exchanges.lastSeq(sessionId)).toBe(2);
      expect(await store.exchanges.lastSeq("ses_none")).toBe(0);
    });

    test("exchanges of no session come newest first, so many of them", async () => {
      for (const [at, sessionId] of [
        [key + 530n, null],
        [key + 531n, "ses_1111111111111111"],
        [key + 532n, null],
        [key + 533n, null],
      ] as const) {
        await store.transcripts.open(openingOf(at, { sessionId, seq: 0 }));
      }
      const found = await store.exchanges.ofNoSession(2);
      expect(found.map((record) => record.key)).toEqual([key + 533n, key + 532n]);
      expect(found.every(({ sessionId }) => sessionId === null)).toBe(true);
    });

    test("the record is read page by page, oldest first, whosever it is", async () => {
      for (const each of [key, key + 1n, key + 2n]) {
        await store.transcripts.open(openingOf(each, { sessionId: `ses_${each}` }));
      }
      const keysAfter = async (from: bigint, limit: number) =>
        (await store.exchanges.after(from, limit)).map((record) => record.key);
      expect(await keysAfter(key - 1n, 2)).toEqual([key, key + 1n]);
      expect(await keysAfter(key + 1n, 2)).toEqual([key + 2n]);
      expect(await keysAfter(key + 2n, 2)).toEqual([]);
    });

    test("a request's frames, small or larger than a row, come without its reply's", async () => {
      const large = [
        frameOf("request-head", 0, "POST / HTTP/1.1"),
        frameOf("request-body", 0, "x".repeat(3 * 1024 * 1024)),
      ];
      for (const [each, frames] of [
        [key, large.slice(0, 1)],
        [key + 1n, large],
      ] as const) {
        await store.transcripts.open(openingOf(each, { frames }));
        await append(store, each, frameOf("reply-body", 9, "reply"));
        await close(store, each, endingOf());
        const read = await store.exchanges.requestFrames(each);
        expect(textOf(read)).toEqual(textOf(frames));
      }
      expect(await store.exchanges.requestFrames(key + 9n)).toEqual([]);
    });

    test("200 frames interleaved over 50 exchanges are each their own's, in order", async () => {
      const keys = Array.from({ length: 50 }, (_, place) => key + BigInt(place));
      await Promise.all(keys.map((each) => store.transcripts.open(openingOf(each))));
      for (let round = 0; round < 4; round += 1) {
        // Two in one turn, then one that waits: rows of one frame and of several.
        const writes = keys.map((each) =>
          append(store, each, frameOf("reply-body", 1000 + round, `${each}/${round}`)),
        );
        if (round !== 1) await Promise.all(writes);
      }
      await Promise.all(keys.slice(25).map((each) => close(store, each)));
      for (const each of keys) {
        const frames = await store.exchanges.frames(each);
        expect(textOf(frames.slice(2))).toEqual(
          [0, 1, 2, 3].map((round) => `reply-body@${1000 + round}:${each}/${round}`),
        );
      }
    });

    test("a large frame comes back whole, wherever it was written", async () => {
      const large = Buffer.alloc(5 * 1024 * 1024 + 3);
      for (let at = 0; at < large.length; at += 4093) large.writeUInt8(at % 251, at);
      const body: Frame = { kind: "request-body", at: 1, data: large };
      await store.transcripts.open(
        openingOf(key, { frames: [frameOf("request-head", 0, "h"), body] }),
      );
      await append(store, key, { kind: "reply-body", at: 2, data: large });
      const last = append(store, key, { kind: "reply-body", at: 3, data: large });
      await Promise.all([last, close(store, key)]);
      const frames = await store.exchanges.frames(key);
      expect(frames.map(({ kind, at }) => `${kind}@${at}`)).toEqual([
        "request-head@0",
        "request-body@1",
        "reply-body@2",
        "reply-body@3",
      ]);
      for (const { data } of frames.slice(1)) expect(large.equals(data)).toBe(true);
    });

    test("writes to what is not open fail, and fail nobody else", async () => {
      await store.transcripts.open(openingOf(key));
      const frame = frameOf("reply-body", 1, "x");
      const outcomes = await Promise.allSettled([
        append(store, key, frame),
        append(store, key + 1n, frame),
        store.transcripts.open(openingOf(key)),
        store.transcripts.open(openingOf(key + 2n)),
        close(store, key),
        append(store, key, frame),
        close(store, key),
      ]);
      expect(outcomes.map(({ status }) => status === "fulfilled")).toEqual([
        true,
        false,
        false,
        true,
        true,
        false,
        false,
      ]);
      expect(textOf((await store.exchanges.frames(key)).slice(2))).toEqual(["reply-body@1:x"]);
      expect(await store.exchanges.find(key + 2n)).toBeDefined();
    });

    test("waiters are told in the order of the writes, each after the write is readable", async () => {
      const told: string[] = [];
      const done = new Promise<void>((resolve) => {
        const opened = store.transcripts.open(openingOf(key));
        void opened.then(() => told.push("open"));
        for (const at of [1, 2, 3]) {
          store.transcripts.append(key, frameOf("reply-body", at, "x"), () => told.push(`${at}`));
        }
        store.transcripts.close(key, endingOf(), () => {
          told.push("close");
          resolve();
        });
      });
      expect(told).toEqual([]);
      await done;
      await Promise.resolve();
      expect(told.filter((what) => what !== "open")).toEqual(["1", "2", "3", "close"]);
      expect(told).toContain("open");
    });

    test("totals add up what each kind of exchange counts for", async () => {
      const sessionId = "ses_2222222222222222";
      const decided = (effect: "allow" | "deny" | "review") => ({
        decision: { effect, rule: null, reason: "because", decidedAt: new Date(start) },
      });
      const none = { decision: null };
      const cases = [
        [decided("allow"), endingOf({ masked: [{ detector: "email", count: 3 }] })],
        [decided("allow"), endingOf({ error: "upstream_unreachable", tokens: null })],
        [decided("allow"), endingOf({ error: "truncated" })],
        [decided("deny"), endingOf({ error: "policy_denied", tokens: null })],
        [decided("review"), endingOf({ error: "review_required", tokens: null })],
        [none, endingOf({ error: "body_too_large", tokens: null })],
        [none, endingOf({ error: "client_left", tokens: null })],
        [none, endingOf({ error: "fault", tokens: null })],
        [decided("allow"), endingOf({ status: 429, tokens: null })],
        [decided("allow"), endingOf({ outcome: "denied-by-reviewer" })],
        [decided("review"), endingOf({ outcome: "granted" })],
      ] as const;
      for (const [place, [change, ending]] of cases.entries()) {
        const each = key + BigInt(place);
        await store.transcripts.open(openingOf(each, { sessionId, seq: place + 1, ...change }));
        await close(store, each, ending);
      }
      await store.transcripts.open(openingOf(key + 99n, { sessionId, seq: 99 }));
      const totals = await store.sessions.totals([sessionId, "ses_none"]);
      expect(totals.get(sessionId)).toEqual({
        exchanges: 12,
        allowed: 1,
        denied: 3,
        reviewed: 3,
        masked: 3,
        errors: 5,
        outcomes: {
          ...{ allowed: 1, granted: 1, approved: 0, denied: 2, "denied-by-reviewer": 1 },
          ...{ expired: 0, refused: 1, failed: 3, cut: 2 },
        },
        tokens: { input: 44, output: 88 },
      });
      expect(totals.get("ses_none")).toMatchObject({ exchanges: 0, errors: 0 });
    });

    test("close writes what waits; later writes are told no", async () => {
      const opened = store.transcripts.open(openingOf(key));
      await store.close();
      await opened;
      await expect(store.transcripts.open(openingOf(key + 1n))).rejects.toThrow(/closed/);
    });
  });
}
