import { expect, test } from "vitest";
import type { LiveEvent } from "../../../src/contract/events.js";
import { createEventHub } from "../../../src/daemon/control/event-hub.js";
import { presentSession } from "../../../src/daemon/control/present.js";
import { sessionRecord } from "../sessions/session-record.js";

const now = () => new Date(0);

function started(id: string): LiveEvent {
  const session = presentSession(sessionRecord({ id }));
  return { type: "session.started", at: now().toISOString(), session };
}

const namesOf = (events: readonly LiveEvent[]) =>
  events.map((event) => (event.type === "session.started" ? event.session.id : event.type));

test("events come in order, of one session where one is named, until the hub closes", async () => {
  const hub = createEventHub(now);
  const all: LiveEvent[] = [];
  const some: LiveEvent[] = [];
  const { signal } = new AbortController();
  expect(hub.watched()).toBe(false);
  const listening = [
    hub.listen(undefined, async (event) => void all.push(event), signal),
    hub.listen("b", async (event) => void some.push(event), signal),
  ];
  expect(hub.watched()).toBe(true);
  for (const id of ["a", "b", "c"]) hub.publish(started(id));
  hub.close("the daemon is stopping");
  await Promise.all(listening);
  expect(namesOf(all)).toEqual(["a", "b", "c", "stream.closed"]);
  expect(namesOf(some)).toEqual(["b", "stream.closed"]);
  expect(hub.watched()).toBe(false);
});

test("a listener that takes nothing is let go with a last line, and holds no other one up", async () => {
  const hub = createEventHub(now, 3);
  const got: LiveEvent[] = [];
  let goOn = () => {};
  const stuck = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  const { signal } = new AbortController();
  const listening = hub.listen(
    undefined,
    (event) => {
      got.push(event);
      return stuck;
    },
    signal,
  );
  for (let index = 0; index < 100; index += 1) hub.publish(started(String(index)));
  expect(hub.watched()).toBe(false);
  goOn();
  await listening;
  expect(namesOf(got)).toEqual(["0", "1", "2", "stream.closed"]);
  expect(got.at(-1)).toMatchObject({ reason: "fell more than 3 events behind; listen again" });
});

test("one that leaves is forgotten", async () => {
  const hub = createEventHub(now);
  const leave = new AbortController();
  const listening = hub.listen(undefined, async () => undefined, leave.signal);
  leave.abort();
  await listening;
  expect(hub.watched()).toBe(false);
});
