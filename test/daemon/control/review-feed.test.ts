import { setImmediate as turn } from "node:timers/promises";
import { expect, test } from "vitest";
import { createEventHub } from "../../../src/daemon/control/event-hub.js";
import { createReviewFeed, type ReviewEvent } from "../../../src/daemon/control/review-feed.js";
import { createReviewRecord } from "../../../src/daemon/control/review-record.js";
import { turnsAddedSince } from "../../../src/daemon/providers/conversation.js";
import { providerNamed } from "../../../src/daemon/providers/providers.js";
import { openStore } from "../../../src/daemon/store/sqlite-store.js";
import { frameOf, openingOf, sessionOf } from "../../contracts/records.js";
import { grantFor, reviewOf } from "../../contracts/review-records.js";

const now = () => new Date(0);

async function room() {
  const store = await openStore({ file: ":memory:", warn: () => {} });
  const session = sessionOf();
  await store.sessions.add(session);
  const record = createReviewRecord({ store, providerNamed, turnsAddedSince });
  return { store, session, record };
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
    const review = reviewOf({ sessionId: session.id, exchange, operation, status: "pending" });
    await store.reviews.open(review);
    if (status === "approved") await store.reviews.settle({ ...review, status }, grantFor(review));
    return review;
  };
  await ask(1n, ["first"], "approved");
  const review = await ask(2n, ["first", "second sk-live-0123456789abcdefghij"], "pending");
  const detail = await record.detail(review);
  expect(detail.added).toEqual([{ kind: "message", role: "user", text: "second [masked]" }]);
  expect(detail.prompt).toHaveLength(2);
  expect(detail.body).toContain('"content": "second [masked]"');
  expect((await record.find(review.id.slice(0, 12))).id).toBe(review.id);
  await expect(record.find("rev_none")).rejects.toMatchObject({ code: "not_found" });
  await expect(record.find("rev_")).rejects.toMatchObject({ code: "conflict" });
});
