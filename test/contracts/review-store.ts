/**
 * The contract of a store's reviews and grants: what may happen once happens
 * once, however many try (SECURITY A2). Each test gets a fresh, empty store.
 */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Store } from "../../src/daemon/store/store.js";
import { openingOf, start } from "./records.js";
import { grantFor, reviewOf } from "./review-records.js";

/** Runs the contract against one implementation. */
export function reviewStoreContract(name: string, openEmpty: () => Promise<Store>): void {
  describe(`${name} keeps the contract of reviews`, () => {
    let store: Store;
    beforeEach(async () => {
      store = await openEmpty();
    });
    afterEach(() => store.close());

    const now = new Date(start + 1_000);
    const decided = { decidedBy: reviewOf().identity, decidedAt: now, comment: "fine" };

    test("a review comes back as it was given, by its id or its beginning", async () => {
      const review = reviewOf({ approvals: [{ by: reviewOf().identity, at: now, comment: null }] });
      await store.reviews.open(review);
      expect(await store.reviews.find(review.id)).toEqual([review]);
      expect(await store.reviews.find(review.id.slice(0, 12))).toEqual([review]);
      expect(await store.reviews.find("rev_nobody")).toEqual([]);
      expect(await store.reviews.find("")).toEqual([]);
    });

    test("an exchange names the last review it waited for", async () => {
      const review = reviewOf();
      const other = review.exchange + 1n;
      await store.transcripts.open(openingOf(review.exchange));
      await store.transcripts.open(openingOf(other));
      await store.reviews.open(review);
      const reviewIn = async (key: bigint) => (await store.exchanges.find(key))?.review;
      expect(await reviewIn(review.exchange)).toBe(review.id);
      expect(await reviewIn(other)).toBeNull();
      await store.reviews.join(other, review.id);
      expect(await reviewIn(other)).toBe(review.id);
      await store.reviews.join(other, "rev_later");
      expect(await reviewIn(other)).toBe("rev_later");
    });

    test("lists are newest first, by status and session, and bounded", async () => {
      const first = reviewOf();
      const second = reviewOf({ createdAt: now, sessionId: "ses_other" });
      await store.reviews.open(first);
      await store.reviews.open(second);
      await store.reviews.settle({ ...first, status: "denied", ...decided });
      const ids = async (filter: Parameters<Store["reviews"]["list"]>[0]) =>
        (await store.reviews.list(filter)).map(({ id }) => id);
      expect(await ids({ limit: 9 })).toEqual([second.id, first.id]);
      expect(await ids({ limit: 1 })).toEqual([second.id]);
      expect(await ids({ limit: 9, status: "pending" })).toEqual([second.id]);
      expect(await ids({ limit: 9, sessionId: first.sessionId })).toEqual([first.id]);
    });

    test("it ends once, with one grant, of fifty who end it at once", async () => {
      const review = reviewOf();
      await store.reviews.open(review);
      const tries = Array.from({ length: 50 }, () => {
        const grant = grantFor(review);
        const ended = { ...review, status: "approved", ...decided, grant: grant.id } as const;
        return store.reviews.settle(ended, grant);
      });
      expect((await Promise.all(tries)).filter(Boolean)).toHaveLength(1);
      const grants = await store.grants.list({ limit: 99 });
      expect(grants).toHaveLength(1);
      expect((await store.reviews.find(review.id))[0]).toMatchObject({
        status: "approved",
        grant: grants[0]?.id,
      });
      expect(await store.reviews.change({ ...review, comment: "late" })).toBe(false);
      expect(await store.reviews.settle({ ...review, status: "denied", ...decided })).toBe(false);
    });

    test("a denial that nobody heard is taken once, and not when it is old", async () => {
      const review = reviewOf();
      const take = (at = now) => store.reviews.takeDenial(review.sessionId, review.binding, at);
      await store.reviews.open(review);
      expect(await take()).toBeUndefined();
      await store.reviews.settle({ ...review, status: "denied", ...decided });
      expect(await take(review.expiresAt)).toBeUndefined();
      expect(await store.reviews.takeDenial("ses_other", review.binding, now)).toBeUndefined();
      const taken = await Promise.all([take(), take(), take()]);
      expect(taken.filter((each) => each !== undefined)).toMatchObject([{ id: review.id }]);

      const heard = reviewOf({ binding: "heard" });
      await store.reviews.open(heard);
      await store.reviews.settle({ ...heard, status: "denied", ...decided });
      await store.reviews.told(heard.id);
      expect(await store.reviews.takeDenial(heard.sessionId, "heard", now)).toBeUndefined();
    });

    test("a grant for one request is used once, of fifty who use it at once", async () => {
      const review = reviewOf();
      const grant = grantFor(review);
      await store.reviews.open(review);
      await store.reviews.settle({ ...review, status: "approved", ...decided }, grant);
      expect(await store.grants.find(grant.id)).toEqual([grant]);
      const uses = Array.from({ length: 50 }, () => store.grants.use(grant.id, now));
      expect((await Promise.all(uses)).filter(Boolean)).toHaveLength(1);
      expect((await store.grants.find(grant.id.slice(0, 10)))[0]?.uses).toBe(1);
    });

    test("a grant speaks for what it is of, until its end, and not once it is revoked", async () => {
      const review = reviewOf();
      const { sessionId, identity, binding, likeness } = review;
      const wanted = { sessionId, identity, binding, likeness };
      const give = async (change: Parameters<typeof grantFor>[1]) => {
        const each = reviewOf();
        const grant = grantFor(each, change);
        await store.reviews.open(each);
        await store.reviews.settle({ ...each, status: "approved", ...decided }, grant);
        return grant;
      };
      const speaking = async (change: object = {}, at = now) =>
        (await store.grants.speakingFor({ ...wanted, ...change }, at)).map(({ id }) => id);

      const timed = await give({
        scope: { kind: "time", ms: 900_000 },
        sessionId: null,
        expiresAt: new Date(start + 900_000),
      });
      const session = await give({ scope: { kind: "session" }, expiresAt: null });
      const once = await give({});
      // The narrowest first, so that the widest is not used up for nothing.
      expect(await speaking()).toEqual([once.id, session.id, timed.id]);
      expect(await speaking({ binding: "another" })).toEqual([session.id, timed.id]);
      expect(await speaking({ sessionId: "ses_other" })).toEqual([timed.id]);
      expect(await speaking({ likeness: "another" })).toEqual([once.id]);
      expect(await speaking({ likeness: null })).toEqual([once.id]);
      // What the one kind is bound to says nothing of the other.
      expect(await speaking({ binding: likeness, likeness: binding })).toEqual([]);
      expect(await speaking({ identity: { ...identity, subject: "eve" } })).toEqual([]);
      expect(await speaking({ identity: { ...identity, issuer: "eve" } })).toEqual([]);
      expect(await speaking({}, new Date(start + 900_000))).toEqual([session.id]);
      expect(await store.grants.use(timed.id, new Date(start + 900_000))).toBe(false);
      expect(await store.grants.use(timed.id, now)).toBe(true);
      expect(await store.grants.use(timed.id, now)).toBe(true);

      expect(await store.grants.revoke(session.id, now)).toBe(true);
      expect(await store.grants.revoke(session.id, now)).toBe(false);
      expect(await store.grants.use(session.id, now)).toBe(false);
      expect(await speaking()).toEqual([once.id, timed.id]);
      expect((await store.grants.list({ limit: 2 })).map(({ id }) => id)).toHaveLength(2);
    });

    test("a grant of an older version, which names its rule alone, speaks for nothing", async () => {
      const review = reviewOf({ likeness: null });
      const { sessionId, identity, binding } = review;
      await store.reviews.open(review);
      const old = grantFor(review, { scope: { kind: "session" }, binding: null, expiresAt: null });
      await store.reviews.settle({ ...review, status: "approved", ...decided }, old);
      for (const likeness of [null, "a4".repeat(32)]) {
        const wanted = { sessionId, identity, binding, likeness };
        expect(await store.grants.speakingFor(wanted, now)).toEqual([]);
      }
    });
  });
}
