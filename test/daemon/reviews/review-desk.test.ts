import { setMaxListeners } from "node:events";
import { setImmediate as turn } from "node:timers/promises";
import { expect, test } from "vitest";
import { sessionOf } from "../../contracts/records.js";
import { bob, deskRoom, never, person, requestOf, session, soon } from "./desk-room.js";

const yes = { reviewer: bob, comment: null };

test("fifty who ask for the same open one review; one approval lets one of them go", async () => {
  const { desk, store, told, opened } = await deskRoom();
  const first = opened();
  const gone = new AbortController();
  setMaxListeners(0, gone.signal);
  const asks = Array.from({ length: 50 }, () => desk.ask(requestOf(), gone.signal, soon));
  const outcomes: string[] = [];
  for (const ask of asks)
    ask.then(
      ({ outcome }) => outcomes.push(outcome),
      () => {},
    );
  const { id } = await first;
  expect(desk.pending()).toBe(1);
  const second = opened();
  await desk.approve(id, yes);
  // The others wait for an answer of their own, in one review again.
  await second;
  expect(outcomes).toEqual(["approved"]);
  expect(desk.pending()).toBe(1);
  expect(told.filter((each) => each.startsWith("opened"))).toHaveLength(2);
  gone.abort(new Error("enough"));
  await Promise.allSettled(asks);
  expect(await store.grants.list({ limit: 9 })).toMatchObject([
    { uses: 1, scope: { kind: "once" } },
  ]);
});

test("fifty approvals at once are one; the others are told who was first", async () => {
  const { desk, store, opened } = await deskRoom();
  const first = opened();
  const ask = desk.ask(requestOf(), never, soon);
  const { id } = await first;
  const answers = await Promise.allSettled(Array.from({ length: 50 }, () => desk.approve(id, yes)));
  expect(answers.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  const refused = answers.find(({ status }) => status === "rejected");
  expect(refused).toMatchObject({
    reason: {
      code: "review_settled",
      message: expect.stringMatching(/approved already by bob@example.com/),
    },
  });
  expect((await ask).outcome).toBe("approved");
  expect(await store.grants.list({ limit: 9 })).toHaveLength(1);
  await expect(desk.deny(id, yes)).rejects.toMatchObject({ code: "review_settled" });
});

test("an approval that comes after the client left is kept for one attempt", async () => {
  const { desk, opened } = await deskRoom();
  const left = new AbortController();
  const first = opened();
  const ask = desk.ask(requestOf(), left.signal, soon);
  const { id } = await first;
  left.abort(new Error("the client left"));
  await expect(ask).rejects.toThrow("the client left");
  expect(desk.pending()).toBe(1);
  await desk.approve(id, yes);
  expect(await desk.ask(requestOf(), never, soon)).toMatchObject({
    outcome: "granted",
    review: { id, status: "approved" },
  });
  // Once: the attempt after that asks anew. Patience at an end, the review stays.
  expect(await desk.ask(requestOf(), never, 1)).toMatchObject({ outcome: "pending" });
  expect(desk.pending()).toBe(1);
});

test("a kept approval ends: an old yes lets nothing go", async () => {
  const { desk, opened, pass } = await deskRoom();
  const left = new AbortController();
  const first = opened();
  const ask = desk.ask(requestOf(), left.signal, soon);
  const { id } = await first;
  left.abort(new Error("left"));
  await ask.catch(() => {});
  await desk.approve(id, yes);
  pass(600_001);
  expect(await desk.ask(requestOf(), never, 1)).toMatchObject({ outcome: "pending" });
});

test("a denial reaches all who wait, or the next who asks, and nobody twice", async () => {
  const { desk, opened } = await deskRoom();
  const first = opened();
  const asks = [desk.ask(requestOf(), never, soon), desk.ask(requestOf(), never, soon)];
  const { id } = await first;
  await desk.deny(id, { reviewer: bob, comment: "no" });
  for (const ask of asks) {
    expect(await ask).toMatchObject({
      outcome: "denied",
      review: { comment: "no", decidedBy: bob },
    });
  }
  expect(await desk.ask(requestOf(), never, 1)).toMatchObject({ outcome: "pending" });
  const [open] = [...(await Promise.all([desk.ask(requestOf(), never, 1)]))];
  await desk.deny(open?.review.id ?? "", { reviewer: bob, comment: "still no" });
  expect(await desk.ask(requestOf(), never, soon)).toMatchObject({ outcome: "denied" });
  expect(await desk.ask(requestOf(), never, 1)).toMatchObject({ outcome: "pending" });
});

test("what is asked for by another session, or is another request, waits for its own answer", async () => {
  const { desk } = await deskRoom();
  const other = { ...session, id: "ses_2222222222222222" };
  await desk.ask(requestOf(), never, 1);
  await desk.ask(requestOf({ binding: "b2" }), never, 1);
  await desk.ask(requestOf({ session: other }), never, 1);
  expect(desk.pending()).toBe(3);
});

test("four eyes: not whoever asks, of the right group, and two of them", async () => {
  const { desk, opened, told } = await deskRoom();
  const lead = { groups: ["leads"] };
  const terms = {
    by: { groups: ["leads"], subjects: ["carol"], emails: ["DAN@example.com"] },
    self: false,
    approvals: 2,
  };
  const first = opened();
  const ada = person("ada");
  const asked = requestOf({ session: { ...session, identity: ada } }, terms);
  const ask = desk.ask(asked, never, soon);
  const { id } = await first;
  const approve = (reviewer = bob) => desk.approve(id, { reviewer, comment: null });
  await expect(approve(ada)).rejects.toMatchObject({ code: "review_not_allowed" });
  await expect(approve(bob)).rejects.toMatchObject({
    code: "review_not_allowed",
    message: expect.stringContaining("leads"),
  });
  await expect(desk.deny(id, yes)).rejects.toMatchObject({ code: "review_not_allowed" });
  expect(await approve(person("dan"))).toMatchObject({ status: "pending" });
  await expect(approve(person("dan"))).rejects.toMatchObject({ code: "review_not_allowed" });
  // Two at once: both count.
  const both = await Promise.allSettled([approve(person("eve", lead)), approve(person("carol"))]);
  expect(both.map(({ status }) => status)).toEqual(["fulfilled", "rejected"]);
  const settled = await ask;
  expect(settled).toMatchObject({ outcome: "approved" });
  expect(settled.review.approvals.map(({ by }) => by.subject)).toEqual(["dan", "eve"]);
  expect(told.map((each) => each.split(" ")[0])).toEqual(["opened", "pending", "approved"]);
});

test("whoever asks may take it back where others must agree", async () => {
  const { desk, opened } = await deskRoom();
  const by = { groups: ["leads"], subjects: [], emails: [] };
  const first = opened();
  const ask = desk.ask(requestOf({}, { by, self: false }), never, soon);
  const { id } = await first;
  await desk.deny(id, { reviewer: session.identity, comment: null });
  expect((await ask).outcome).toBe("denied");
});

test("remembered for the session, the rule's other requests go by; a revoked grant lets none", async () => {
  const { desk, store, opened } = await deskRoom();
  const remember = { remember: { kind: "session" } } as const;
  const first = opened();
  const ask = desk.ask(requestOf({}, remember), never, soon);
  await desk.approve((await first).id, { ...yes, scope: { kind: "session" } });
  expect((await ask).outcome).toBe("approved");
  const other = requestOf({ binding: "b9" }, remember);
  expect(await desk.ask(other, never, soon)).toMatchObject({ outcome: "granted" });
  const [grant] = await store.grants.list({ limit: 1 });
  expect(grant).toMatchObject({ scope: { kind: "session" }, binding: "a4", uses: 2 });
  await store.grants.revoke(grant?.id ?? "", new Date());
  expect(await desk.ask(other, never, 1)).toMatchObject({ outcome: "pending" });
});

test("more than the rule allows is refused, and nothing is answered by it", async () => {
  const { desk, opened } = await deskRoom();
  const first = opened();
  const ask = desk.ask(requestOf(), never, soon);
  const { id } = await first;
  const scope = { kind: "session" } as const;
  await expect(desk.approve(id, { ...yes, scope })).rejects.toMatchObject({ code: "bad_request" });
  expect(desk.pending()).toBe(1);
  await desk.approve(id, yes);
  expect((await ask).outcome).toBe("approved");
});

test("a session's end cancels what it waits for; its time's end expires a review", async () => {
  const { desk, store, opened, endSession } = await deskRoom();
  const first = opened();
  const short = desk.ask(requestOf({ binding: "b2" }, { timeoutMs: 20 }), never, soon);
  const { id } = await first;
  expect(await short).toMatchObject({ outcome: "expired", review: { id, status: "expired" } });
  const second = opened();
  const ask = desk.ask(requestOf(), never, soon);
  const { id: waits } = await second;
  endSession();
  expect(await ask).toMatchObject({ review: { status: "cancelled" } });
  expect((await store.reviews.find(waits))[0]).toMatchObject({ status: "cancelled" });
  expect(desk.pending()).toBe(0);
});

test("the next daemon takes up what waits; the one before sends its clients to try again", async () => {
  const before = await deskRoom();
  const first = before.opened();
  const ask = before.desk.ask(requestOf(), never, soon);
  const { id } = await first;
  before.desk.suspend();
  await expect(ask).rejects.toMatchObject({ code: "daemon_stopping", retry: true });
  const after = await deskRoom(before.store);
  await after.desk.restore();
  expect(after.desk.pending()).toBe(1);
  const again = after.desk.ask(requestOf(), never, soon);
  await after.desk.approve(id, yes);
  expect(await again).toMatchObject({
    outcome: expect.stringMatching(/approved|granted/),
    review: { id },
  });
  expect(after.told).toEqual([`approved ${id}`]);
});

test("what waits for a session that is over by then is cancelled by the next daemon", async () => {
  const before = await deskRoom();
  const first = before.opened();
  before.desk.ask(requestOf(), never, soon).catch(() => {});
  const { id } = await first;
  before.desk.suspend();
  const after = await deskRoom(before.store);
  after.endSession();
  await after.desk.restore();
  while (after.desk.pending() > 0) await turn();
  expect((await after.store.reviews.find(id))[0]).toMatchObject({ status: "cancelled" });
});

test("where the record fails nobody is let go, and nobody waits for ever", async () => {
  const { desk, store } = await deskRoom();
  await store.close();
  await expect(desk.ask(requestOf(), never, soon)).rejects.toThrow();
  expect(desk.pending()).toBe(0);
});

test("a session that asks and leaves cannot fill the desk; another still can ask", async () => {
  const { desk, told } = await deskRoom();
  const left = new AbortController();
  setMaxListeners(0, left.signal);
  const ask = (binding: string, of = session) =>
    desk.ask(requestOf({ binding, session: of }), left.signal, soon);
  const asks = Array.from({ length: 256 }, (_, place) => ask(`b${place}`));
  for (const one of asks) one.catch(() => {});
  await expect(ask("one more")).rejects.toMatchObject({ code: "too_many_reviews" });
  left.abort(new Error("gone"));
  await Promise.allSettled(asks);
  expect(desk.pending()).toBe(256);
  await expect(desk.ask(requestOf({ binding: "one more" }), never, soon)).rejects.toMatchObject({
    code: "too_many_reviews",
  });
  // What waits already may be asked for again.
  expect((await desk.ask(requestOf({ binding: "b7" }), never, 1)).outcome).toBe("pending");
  const other = { ...session, id: sessionOf({ id: "ses_2222222222222222" }).id };
  expect((await desk.ask(requestOf({ session: other }), never, 1)).outcome).toBe("pending");
  expect(told).toHaveLength(257);
});
