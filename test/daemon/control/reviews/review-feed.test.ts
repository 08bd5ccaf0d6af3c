import { createHash } from "node:crypto";
import { setImmediate as turn } from "node:timers/promises";
import { expect, test } from "vitest";
import { createEventHub } from "../../../../src/daemon/control/event-hub.js";
import {
  createReviewFeed,
  type ReviewEvent,
} from "../../../../src/daemon/control/reviews/review-feed.js";
import { createReviewRecord } from "../../../../src/daemon/control/reviews/review-record.js";
import { turnsAddedSince } from "../../../../src/daemon/providers/conversation.js";
import { providerNamed } from "../../../../src/daemon/providers/providers.js";
import type { AskedContent } from "../../../../src/daemon/reviews/desk.js";
import { openStore } from "../../../../src/daemon/store/sqlite-store.js";
import { frameOf, openingOf, sessionOf } from "../../../contracts/records.js";
import { grantFor, reviewOf } from "../../../contracts/review-records.js";

const now = () => new Date(0);
const form = "a credential by its form";

const sha = (text: string) => createHash("sha256").update(text).digest("hex");

async function room() {
  const store = await openStore({ file: ":memory:", warn: () => {} });
  const session = sessionOf();
  const held = new Map<string, AskedContent>();
  await store.sessions.add(session);
  const record = createReviewRecord({
    ...{ store, providerNamed, turnsAddedSince },
    contentOf: (id) => held.get(id),
  });
  return { store, session, record, held };
}

test("what the desk tells is heard in its order, as views", async () => {
  const { session, record } = await room();
  const heard: ReviewEvent[] = [];
  const feed = createReviewFeed({
    events: createEventHub(now),
    record,
    log: { info() {}, error() {} },
    now,
    notify: (event) => heard.push(event),
  });
  const review = reviewOf({ sessionId: session.id });
  feed.opened(review);
  feed.changed({ ...review, status: "denied" });
  while (heard.length < 2) await turn();
  expect(heard).toMatchObject([
    { type: "review.opened", review: { id: review.id, status: "pending", requestBytes: 0 } },
    { type: "review.changed", review: { status: "denied", sessionTitle: "nightly report" } },
  ]);
});

test("a review's detail says what it adds to the last approved one, and its body", async () => {
  const { store, session, record } = await room();
  const operation = {
    ...reviewOf().operation,
    action: "responses.create",
    class: "inference",
    path: "/v1/responses",
  } as const;
  const ask = async (place: bigint, texts: readonly string[], status: "approved" | "pending") => {
    const exchange = reviewOf().exchange + place;
    const input = texts.map((content) => ({ role: "user", content }));
    const frame = frameOf("request-body", 0, JSON.stringify({ model: "m", input }));
    await store.transcripts.open(openingOf(exchange, { operation, frames: [frame] }));
    const of = { sessionId: session.id, exchange, operation, toolCall: null };
    const review = reviewOf({ ...of, status: "pending" });
    await store.reviews.open(review);
    if (status === "approved") await store.reviews.settle({ ...review, status }, grantFor(review));
    return review;
  };
  await ask(1n, ["first"], "approved");
  const review = await ask(2n, ["first", "second sk-live-0123456789abcdefghij"], "pending");
  const detail = await record.detail(review);
  expect(detail.added).toEqual([
    { kind: "message", role: "user", text: `second [hidden: 28 characters, ${form}]` },
  ]);
  expect(detail.prompt).toHaveLength(2);
  expect(detail.body).toContain(`"content":"second [hidden 1: 28 characters, ${form}]"`);
  expect((await record.find(review.id.slice(0, 12))).id).toBe(review.id);
  await expect(record.find("rev_none")).rejects.toMatchObject({ code: "not_found" });
  await expect(record.find("rev_")).rejects.toMatchObject({ code: "bad_request" });
});

test("what waits is shown as it will be sent; its hidden pieces are revealed one by one", async () => {
  const { store, session, record, held } = await room();
  const secret = "sk-live-0123456789abcdefghij";
  const body = `{"input":"use ${secret}","token":"x"}`;
  const recorded = frameOf("request-body", 0, body.replace(secret, "[masked:key]#1"));
  const exchange = reviewOf().exchange + 9n;
  await store.transcripts.open(openingOf(exchange, { frames: [recorded] }));
  const change = { sessionId: session.id, exchange, toolCall: null, requestSha256: sha(body) };
  const review = reviewOf(change);
  await store.reviews.open(review);

  // After a restart there is only what was recorded.
  const masked = await record.detail(review);
  expect(masked).toMatchObject({ whole: false, body: expect.stringContaining("[masked:key]#1") });
  await expect(record.reveal(review, undefined)).rejects.toMatchObject({ code: "conflict" });

  held.set(review.id, { bytes: Buffer.from(body), findIn: async () => [] });
  const detail = await record.detail(review);
  expect(detail.whole).toBe(true);
  expect(detail.body).not.toContain(secret);
  expect(detail.hidden.map(({ characters, what }) => [characters, what])).toEqual([
    [28, form],
    [1, "a value by its name"],
  ]);
  const pieces = await record.reveal(review, undefined);
  expect(pieces.map(({ text }) => text)).toEqual([secret, "x"]);
  expect(await record.reveal(review, [2])).toEqual([{ number: 2, text: "x", base64: false }]);
  await expect(record.reveal(review, [3])).rejects.toMatchObject({ code: "not_found" });

  // What had nothing to mask was recorded as it was sent.
  held.clear();
  const plain = '{"input":"hello"}';
  const next = reviewOf({ ...change, exchange: exchange + 1n, requestSha256: sha(plain) });
  await store.transcripts.open(
    openingOf(next.exchange, { frames: [frameOf("request-body", 0, plain)] }),
  );
  expect(await record.detail(next)).toMatchObject({ whole: true, hidden: [], body: plain });
});
