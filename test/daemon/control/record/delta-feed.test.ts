import { expect, test } from "vitest";
import type { DeltaEvent, LiveEvent } from "../../../../src/contract/events.js";
import { createEventHub } from "../../../../src/daemon/control/event-hub.js";
import { createDeltaFeed } from "../../../../src/daemon/control/record/delta-feed.js";
import { openai } from "../../../../src/daemon/providers/openai/openai.js";
import type { ExchangeRecord } from "../../../../src/daemon/store/store.js";
import { frameOf, openingOf } from "../../../contracts/records.js";

const now = () => new Date(0);
const chunk = (content: string) =>
  `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content } }] })}\n\n`;
const head = (type: string, more = "") =>
  frameOf("reply-head", 1, `HTTP/1.1 200 OK\r\ncontent-type: ${type}\r\n${more}\r\n`);

function open({ text = true, session }: { text?: boolean; session?: string } = {}) {
  const events = createEventHub(now);
  const seen: LiveEvent[] = [];
  const leaving = new AbortController();
  const send = async (event: LiveEvent) => void seen.push(event);
  const listening = events.listen(session, send, leaving.signal, text);
  const { frames: _, ...opening } = openingOf(1n);
  const record: ExchangeRecord = { ...opening, review: null, ending: null };
  const feed = createDeltaFeed({
    events,
    providerNamed: () => openai,
    recordOf: (key) => (key === 1n ? record : undefined),
    now,
  });
  return {
    feed,
    leave: () => leaving.abort(),
    async seen() {
      events.close("done");
      await listening;
      return seen.filter((event): event is DeltaEvent => event.type === "exchange.delta");
    },
  };
}

const textOf = (events: readonly DeltaEvent[]) => events.map(({ text }) => text).join("");

test("a stream as it comes, however it is cut", async () => {
  const { feed, seen } = open();
  expect(feed.follows(1n)).toBe(true);
  feed.wrote(1n, head("text/event-stream"));
  const bytes = [chunk("Hello"), chunk(" wörld"), "data: [DONE]\n\n"].join("");
  for (const byte of Buffer.from(bytes)) {
    feed.wrote(1n, { kind: "reply-body", at: 2, data: Buffer.of(byte) });
  }
  feed.ended(1n);
  const events = await seen();
  expect(textOf(events)).toBe("Hello wörld");
  expect(events[0]).toMatchObject({ kind: "message", role: "assistant", exchange: { seq: 1 } });
});

test("a reply that is no stream is told when it is whole", async () => {
  const { feed, seen } = open();
  feed.wrote(1n, head("application/json"));
  const message = { role: "assistant", content: "all of it" };
  feed.wrote(1n, frameOf("reply-body", 2, JSON.stringify({ choices: [{ message }] })));
  feed.ended(1n);
  expect(textOf(await seen())).toBe("all of it");
});

test("one that is watched from its middle on", async () => {
  const { feed, seen } = open();
  feed.wrote(1n, frameOf("reply-body", 2, `${chunk("lost").slice(9)}${chunk("found")}`));
  expect(textOf(await seen())).toBe("found");
});

test("nothing is read for who does not ask for text, or for another session's", () => {
  expect(open({ text: false }).feed.follows(1n)).toBe(false);
  expect(open({ session: "ses_other" }).feed.follows(1n)).toBe(false);
  expect(open({ session: "ses_0000000000000000" }).feed.follows(1n)).toBe(true);
  expect(open().feed.follows(2n)).toBe(false);
});

test("a listener that comes back begins at the beginning", async () => {
  const { feed, leave } = open();
  feed.wrote(1n, head("text/event-stream"));
  feed.wrote(1n, frameOf("reply-body", 2, "data: {"));
  leave();
  await new Promise((resolve) => setImmediate(resolve));
  expect(feed.follows(1n)).toBe(false);
  feed.ended(1n);
});
