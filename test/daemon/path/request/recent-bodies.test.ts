import { expect, test } from "vitest";
import { readJson } from "../../../../src/daemon/formats/json/reading.js";
import type { Session } from "../../../../src/daemon/model/session.js";
import { atOnce } from "../../../../src/daemon/model/turns.js";
import { createRecentBodies } from "../../../../src/daemon/path/request/recent-bodies.js";
import { growingLists, requestPlace } from "../../../../src/daemon/providers/openai/places.js";

const session = (id: string) => ({ id }) as Session;
const one = session("ses_1");
const never = new AbortController().signal;

/** A conversation of about so many bytes. */
function recent(begin: string, size = 5000) {
  const body = Buffer.from(`{"input":[{"a":"${begin}"},{"b":"${"x".repeat(size)}"}]}`);
  const options = { what: "the body", place: requestPlace, growing: growingLists };
  const reading = atOnce(readJson(body, { ...options, limits: { jsonValues: 1000 } }));
  return { provider: "openai", body, reading, masked: undefined };
}

test("the body with most in common is found, to the byte", () => {
  const bodies = createRecentBodies({ each: 1e6, together: 1e6 });
  const kept = ["one", "other", "otter"].map((begin) => recent(begin, 9000));
  for (const body of kept) bodies.keep(one, never, body);
  const asked = Buffer.from(kept[1]?.body as Buffer);
  asked[8500] = 0x79;
  expect(bodies.find(one, "openai", asked)).toMatchObject({ shared: 8500, recent: kept[1] });
  for (const body of kept) expect(bodies.find(one, "openai", body.body)?.recent).toBe(body);
});

test("another session, another provider and a small body have none", () => {
  const bodies = createRecentBodies({ each: 1e6, together: 1e6 });
  const { body, ...more } = recent("one");
  bodies.keep(one, never, { body, ...more });
  expect(bodies.find(one, "openai", body)).toBeDefined();
  expect(bodies.find(session("ses_2"), "openai", body)).toBeUndefined();
  expect(bodies.find(one, "other", body)).toBeUndefined();
  expect(bodies.find(one, "openai", body.subarray(0, 100))).toBeUndefined();
});

test("a conversation that goes on takes the place of what it was, and a fork stands beside it", () => {
  const bodies = createRecentBodies({ each: 1e6, together: 1e6 });
  const first = recent("one");
  const longer = recent("one", 6000);
  bodies.keep(one, never, first);
  bodies.keep(one, never, longer, bodies.find(one, "openai", longer.body));
  expect(bodies.find(one, "openai", first.body)?.recent).toBe(longer);
  const other = recent("other");
  bodies.keep(one, never, other, bodies.find(one, "openai", other.body));
  expect(bodies.find(one, "openai", longer.body)?.recent).toBe(longer);
});

test("memory is bounded, of a session and of all, and the session that rested longest makes room", () => {
  const size = 3 * recent("a").body.length + 64 * recent("a").reading.values;
  const bodies = createRecentBodies({ each: 2 * size, together: 3 * size });
  const [a, b, c] = ["a", "b", "c"].map((begin) => recent(begin)) as [
    ReturnType<typeof recent>,
    ReturnType<typeof recent>,
    ReturnType<typeof recent>,
  ];
  const shared = (of: Session, body: Buffer) => bodies.find(of, "openai", body)?.shared;
  for (const body of [a, b, c]) bodies.keep(one, never, body);
  expect([a, b, c].map(({ body }) => shared(one, body) === body.length)).toEqual([
    false,
    true,
    true,
  ]);
  const two = session("ses_2");
  for (const body of [a, b]) bodies.keep(two, never, body);
  expect([b, c].map(({ body }) => shared(one, body) === body.length)).toEqual([false, true]);
  expect([a, b].map(({ body }) => shared(two, body) === body.length)).toEqual([true, true]);
  bodies.keep(two, never, recent("large", 50_000));
  expect(shared(two, a.body)).toBe(a.body.length);
  const small = createRecentBodies({ each: 1e6, together: 1e6 });
  for (let number = 0; number < 20; number += 1) small.keep(one, never, recent(`${number}.`));
  expect(small.find(one, "openai", recent("3.").body)?.shared).toBeLessThan(20);
  expect(small.find(one, "openai", recent("4.").body)?.shared).toBeGreaterThan(5000);
});

test("all of it is gone with the session", () => {
  const bodies = createRecentBodies({ each: 1e6, together: 1e6 });
  const ends = new AbortController();
  const { body, ...more } = recent("a");
  bodies.keep(one, ends.signal, { body, ...more });
  ends.abort();
  expect(bodies.find(one, "openai", body)).toBeUndefined();
  bodies.keep(one, ends.signal, { body, ...more });
  expect(bodies.find(one, "openai", body)).toBeUndefined();
});
