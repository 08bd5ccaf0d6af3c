import { expect, test } from "vitest";
import type { LiveEvent } from "../../../../src/contract/events.js";
import { createEventHub } from "../../../../src/daemon/control/event-hub.js";
import { createLiveFeed } from "../../../../src/daemon/control/record/live-feed.js";
import { openStore } from "../../../../src/daemon/store/sqlite-store.js";
import type { Opening } from "../../../../src/daemon/store/store.js";
import { start } from "../../../contracts/records.js";
import { reviewOf } from "../../../contracts/review-records.js";
import { sessionRecord } from "../../sessions/session-record.js";

const now = () => new Date(0);

const opening: Opening = {
  key: 5n,
  sessionId: "ses_1",
  seq: 1,
  connection: "openai",
  process: null,
  startedAt: now(),
  operation: null,
  decision: null,
  requestBytes: 4,
  frames: [{ kind: "request-body", at: 0, data: Buffer.from("what was said") }],
};
const ending = {
  status: 200,
  firstByteAt: 1000,
  endedAt: 2000,
  responseBytes: 9,
  tokens: null,
  error: null,
  masked: [],
};

async function open(level: "info" | "debug" = "info") {
  const events = createEventHub(now);
  const store = await openStore({ file: ":memory:", warn: () => undefined });
  const lines: unknown[] = [];
  const feed = createLiveFeed({
    events,
    store,
    now,
    log: {
      isLevelEnabled: () => level === "debug",
      debug: (facts, message) => void lines.push({ ...facts, message }),
      info: (facts, message) => void lines.push({ ...facts, message }),
      error: (facts, message) => void lines.push({ ...facts, message }),
    },
  });
  return { events, store, feed, lines };
}

test("an exchange is told when it starts and ends, and logged once without what was said", async () => {
  const { events, feed, lines } = await open("debug");
  const seen: LiveEvent[] = [];
  const listening = events.listen(
    undefined,
    async (event) => void seen.push(event),
    new AbortController().signal,
  );
  feed.exchanges.opened(opening);
  feed.exchanges.ended(5n, ending);
  events.close("done");
  await listening;
  expect(seen).toMatchObject([
    { type: "exchange.started", exchange: { seq: 1, status: null } },
    { type: "exchange.ended", exchange: { seq: 1, status: 200, durationMs: 2 } },
    { type: "stream.closed" },
  ]);
  expect(lines).toEqual([
    expect.objectContaining({ message: "exchange", session: "ses_1", status: 200, ms: 2 }),
  ]);
  expect(JSON.stringify([seen, lines])).not.toContain("what was said");
});

test("an exchange that waited for a review names it when it ends", async () => {
  const { events, store, feed } = await open();
  await store.sessions.add(sessionRecord({ id: "ses_1" }));
  const asked = { effect: "review", rule: "ask", reason: "a person", decidedAt: now() } as const;
  const held: Opening = { ...opening, key: (BigInt(start) << 22n) + 4_194_303n, decision: asked };
  await store.transcripts.open(held);
  const review = reviewOf({ sessionId: "ses_1", exchange: held.key });
  await store.reviews.open(review);
  const seen: LiveEvent[] = [];
  void events.listen(
    undefined,
    async (event) => void seen.push(event),
    new AbortController().signal,
  );
  feed.exchanges.opened(held);
  feed.exchanges.ended(held.key, { ...ending, status: 400, error: "review_denied" });
  await expect
    .poll(() => seen)
    .toMatchObject([
      { type: "exchange.started" },
      { type: "exchange.ended", exchange: { review: review.id, outcome: "denied-by-reviewer" } },
    ]);
});

test("the usual log has only the exchanges that went wrong", async () => {
  const { feed, lines } = await open();
  feed.exchanges.opened(opening);
  feed.exchanges.ended(5n, ending);
  feed.exchanges.opened(opening);
  feed.exchanges.ended(5n, { ...ending, status: 400, error: "policy_denied" });
  expect(lines).toEqual([
    expect.objectContaining({ message: "exchange stopped", error: "policy_denied" }),
  ]);
});

test("a session's end is told with its totals; one that was not written is logged", async () => {
  const { events, store, feed, lines } = await open();
  const session = sessionRecord({ status: "ended", endedAt: now() });
  await store.sessions.add(sessionRecord({ id: session.id }));
  let seen: (event: LiveEvent) => void = () => undefined;
  const first = new Promise<LiveEvent>((resolve) => {
    seen = resolve;
  });
  void events.listen(undefined, async (event) => seen(event), new AbortController().signal);
  feed.sessions.ended(session);
  expect(await first).toMatchObject({
    type: "session.ended",
    session: { id: session.id, status: "ended", counts: { exchanges: 0 } },
  });
  feed.sessions.fault(session, new Error("disk full"));
  expect(lines.at(-1)).toMatchObject({
    session: session.id,
    message: "a session's end was not written down",
  });
});

test("an ending without a start is not told", async () => {
  const { feed, lines } = await open();
  feed.exchanges.ended(99n, ending);
  expect(lines).toEqual([]);
});
