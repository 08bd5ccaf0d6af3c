/** The inbox's promises: answers are of what was shown, only keys move the selection, no key is lost. */
import { expect, test } from "vitest";
import {
  emptyInbox,
  type InboxEffect,
  type InboxEvent,
  type InboxState,
  listed,
} from "../../../../src/cli/tui/inbox/inbox-state.js";
import { reduce } from "../../../../src/cli/tui/inbox/reduce.js";
import type { ReviewDetailView, ReviewView } from "../../../../src/contract/review-views.js";
import { reviewer, reviewView } from "../../support/fake-reviews.js";

const start = Date.parse("2026-11-24T10:00:00.000Z");

/** An inbox that is told things, a second between them unless said. */
function createInbox(
  ids: readonly string[],
  {
    slow = false,
    columns = 80,
    lines = 24,
    bodies = {} as Readonly<Record<string, Partial<ReviewDetailView>>>,
  } = {},
) {
  let state: InboxState = emptyInbox(columns, lines, start);
  let now = start;
  const effects: InboxEffect[] = [];
  const reads: string[] = [];
  function happen(event: InboxEvent, after = 1_000): void {
    now += after;
    const step = reduce(state, event, now);
    state = step.state;
    effects.push(...step.effects);
    for (const effect of step.effects) if (effect.type === "read") reads.push(effect.id);
  }
  /** What was asked for by then comes, and time to look at it. */
  function load(): void {
    if (slow) return;
    for (let id = reads.shift(); id !== undefined; id = reads.shift()) {
      const review = state.reviews.find((each) => each.id === id);
      if (review) happen({ type: "read", detail: detailOf(review, bodies[id]) }, 10);
    }
    now += 1_000;
  }
  happen({ type: "listed", reviews: ids.map((id, at) => aged(id, at)) });
  happen({ type: "linked" });
  load();
  return {
    get state() {
      return state;
    },
    get selected() {
      return state.selected;
    },
    effects,
    /** What was asked for: `approve once rev_1`. */
    get asked() {
      return effects.flatMap((effect) => {
        if (effect.type !== "answer") return [];
        const { answer } = effect;
        return answer.kind === "approve"
          ? [`approve ${answer.body.for} ${answer.id}`]
          : [`deny ${answer.id}: ${answer.comment}`];
      });
    },
    happen,
    load,
    /** Keys that a hand types, each after it has seen what the one before led to. */
    type(...keys: readonly string[]): void {
      for (const key of keys) {
        happen({ type: "key", key }, 200);
        load();
      }
    },
    /** Keys that come in one read. */
    burst(...keys: readonly string[]): void {
      for (const [at, key] of keys.entries()) happen({ type: "key", key }, at === 0 ? 200 : 0);
    },
    ids: () => listed(state).map(({ id }) => id),
  };
}

function aged(id: string, at: number, view: Partial<ReviewDetailView> = {}): ReviewView {
  const createdAt = new Date(start - 600_000 + at * 1000).toISOString();
  const {
    added: _a,
    prompt: _p,
    body: _b,
    hidden: _h,
    whole: _w,
    ...review
  } = reviewView(id, {
    createdAt,
    ...view,
  });
  return review;
}

/** What the daemon tells of a review that is selected. */
const detailOf = (review: ReviewView, view: Partial<ReviewDetailView> = {}): ReviewDetailView => ({
  ...review,
  ...{ hidden: [], whole: true, added: [], prompt: [], body: null },
  ...view,
});

const settled = (id: string, at: number, view: Partial<ReviewView> = {}) =>
  aged(id, at, { status: "approved", decidedBy: reviewer, ...view });

test("an answer is of the review that was selected, once, with what the key says", () => {
  const inbox = createInbox(["a", "b", "c"]);
  inbox.type("a", "j", "s", "y", "j", "t", "y");
  // One at a time, in order.
  expect(inbox.asked).toEqual(["approve once a"]);
  expect(inbox.state.answers).toHaveLength(3);
  inbox.happen({ type: "taken", review: settled("a", 0) });
  inbox.happen({ type: "taken", review: settled("b", 1) });
  inbox.happen({ type: "taken", review: settled("c", 2) });
  expect(inbox.asked).toEqual(["approve once a", "approve session b", "approve time c"]);
  expect(inbox.effects.at(-1)).toMatchObject({ answer: { body: { seconds: 900 } } });
  expect(inbox.state.answers).toEqual([]);
});

test("a key held down answers one review, not those behind it", () => {
  const inbox = createInbox(["a", "b", "c"]);
  inbox.type(..."aaaaaaaa");
  inbox.happen({ type: "taken", review: settled("a", 0) });
  inbox.type(..."aaaa");
  expect(inbox.asked).toEqual(["approve once a"]);
  expect(inbox.selected).toBe("a");
  expect(inbox.state.note).toBe("already approved by bob@example.com");
});

test("the list moves, the selection does not", () => {
  const inbox = createInbox(["b", "d"]);
  inbox.type("j");
  expect(inbox.selected).toBe("d");
  inbox.happen({ type: "changed", review: aged("a", -5) });
  inbox.happen({ type: "changed", review: aged("c", 0.5) });
  inbox.happen({ type: "changed", review: settled("b", 0) });
  for (let i = 0; i < 10; i += 1) inbox.happen({ type: "tick" });
  expect(inbox.ids()).toEqual(["a", "c", "d"]);
  inbox.type("a");
  expect(inbox.asked).toEqual(["approve once d"]);
});

test("n lands on what stood next when it was pressed, although somebody has just answered it", () => {
  const inbox = createInbox(["a", "b", "c"]);
  inbox.happen({ type: "changed", review: settled("b", 1) });
  inbox.happen({ type: "key", key: "n" }, 100);
  inbox.happen({ type: "key", key: "a" }, 0);
  expect(inbox.selected).toBe("b");
  expect(inbox.asked).toEqual([]);
  expect(inbox.state.note).toBe("already approved by bob@example.com");
  // Later it is passed over.
  inbox.type("k");
  inbox.happen({ type: "tick" });
  inbox.type("n");
  expect(inbox.selected).toBe("c");
  inbox.type("n");
  expect(inbox.state.note).toBe("no pending review below");
});

test("a review that came as the key did was not what the key meant", () => {
  const inbox = createInbox([]);
  inbox.happen({ type: "changed", review: aged("a", 0) });
  inbox.happen({ type: "key", key: "a" }, 50);
  expect(inbox.asked).toEqual([]);
  expect(inbox.state.note).toContain("press it again");
  inbox.load();
  inbox.type("a");
  expect(inbox.asked).toEqual(["approve once a"]);
});

test("deny asks for a comment and sends it with the review that it was begun for", () => {
  const inbox = createInbox(["a", "b"]);
  inbox.type("d", ..."not a.q?", "backspace", " ", "x", "enter");
  expect(inbox.asked).toEqual(["deny a: not a.q x"]);
  const other = createInbox(["a", "b"]);
  other.type("d", ..."no", "escape");
  expect(other.asked).toEqual([]);
  expect(other.state.note).toBe("not denied");
});

test("settled elsewhere while the comment was typed: not sent, and said by whom", () => {
  const inbox = createInbox(["a", "b"]);
  inbox.type("d", ..."no");
  inbox.happen({ type: "changed", review: settled("a", 0) });
  for (let i = 0; i < 10; i += 1) inbox.happen({ type: "tick" });
  expect(inbox.ids()).toEqual(["a", "b"]);
  inbox.type("enter");
  expect(inbox.asked).toEqual([]);
  expect(inbox.state.note).toBe("not denied: already approved by bob@example.com");
});

test("what was settled shows for a moment and goes, but not while keys are pressed", () => {
  const inbox = createInbox(["a", "b", "c"]);
  inbox.happen({ type: "changed", review: settled("b", 1) });
  expect(inbox.ids()).toEqual(["a", "b", "c"]);
  for (let i = 0; i < 6; i += 1) {
    inbox.happen({ type: "key", key: "?" });
    inbox.happen({ type: "tick" }, 100);
  }
  expect(inbox.ids()).toEqual(["a", "b", "c"]);
  inbox.happen({ type: "tick" }, 2_000);
  expect(inbox.ids()).toEqual(["a", "c"]);
});

test("a refusal stays with its review, and the next answer goes on", () => {
  const inbox = createInbox(["a", "b"]);
  inbox.type("a", "n", "a");
  inbox.happen({ type: "refused", message: "not yours to approve" });
  expect(inbox.state.refusals.get("a")).toBe("not yours to approve");
  expect(inbox.asked).toEqual(["approve once a", "approve once b"]);
  inbox.happen({ type: "taken", review: settled("b", 1) });
  inbox.type("k", "a");
  expect(inbox.state.refusals.size).toBe(0);
  expect(inbox.asked).toHaveLength(3);
});

test("one yes of two needed: said, and the review goes on waiting", () => {
  const inbox = createInbox(["a"]);
  inbox.type("a");
  const approvals = [{ by: reviewer, at: "2026-11-24T10:00:01.000Z", comment: null }];
  inbox.happen({ type: "taken", review: aged("a", 0, { approvals, approvalsNeeded: 2 }) });
  expect(inbox.state.note).toBe("your approval counts: 1 of 2 · a");
  expect(inbox.ids()).toEqual(["a"]);
});

test("news in the wrong order: an answer seen never becomes a question again", () => {
  const inbox = createInbox(["a"]);
  inbox.happen({ type: "changed", review: settled("a", 0) });
  inbox.happen({ type: "listed", reviews: [aged("a", 0)] });
  expect(inbox.state.reviews[0]?.status).toBe("approved");
});

test("a new list: what it lacks is asked for, and goes where it is unknown", () => {
  const inbox = createInbox(["a", "b"]);
  inbox.happen({ type: "listed", reviews: [aged("b", 1), aged("c", 2)] });
  expect(inbox.effects).toEqual([
    { type: "read", id: "a" },
    { type: "read", id: "a" },
  ]);
  inbox.happen({ type: "unread", id: "a", message: "no review a", gone: true });
  expect(inbox.ids()).toEqual(["b", "c"]);
});

test("filter: live, kept by Enter, taken back by Escape; keys in it are text", () => {
  const inbox = createInbox(["rev_a", "rev_b"]);
  inbox.type("f", ..."rev_b");
  expect(inbox.ids()).toEqual(["rev_b"]);
  expect(inbox.selected).toBe("rev_b");
  inbox.type("enter", "a");
  expect(inbox.asked).toEqual(["approve once rev_b"]);
  inbox.type("f", "x", "escape");
  expect(inbox.ids()).toEqual(["rev_b"]);
  inbox.type("escape");
  expect(inbox.ids()).toEqual(["rev_a", "rev_b"]);
});

test("pasted text answers nothing; a prompt takes it as one line", () => {
  const inbox = createInbox(["a"]);
  inbox.happen({ type: "paste", text: "a\ra\rd" });
  expect(inbox.asked).toEqual([]);
  expect(inbox.state.note).toContain("pasted");
  inbox.type("d");
  inbox.happen({ type: "paste", text: "see\r\nticket\u001b 7" });
  inbox.type("enter");
  expect(inbox.asked).toEqual(["deny a: see ticket 7"]);
});

test("fifty keys, each typed once its review was seen: every one counts", () => {
  const ids = Array.from({ length: 25 }, (_, at) => `rev_${at}`);
  const inbox = createInbox(ids);
  inbox.type(...ids.flatMap(() => ["a", "n"]));
  for (const [at, id] of ids.entries()) inbox.happen({ type: "taken", review: settled(id, at) });
  expect(inbox.asked).toEqual(ids.map((id) => `approve once ${id}`));
});

test("quit waits for the answers under way", () => {
  const inbox = createInbox(["a"]);
  inbox.type("a", "q");
  expect(inbox.effects.some(({ type }) => type === "quit")).toBe(false);
  inbox.happen({ type: "taken", review: settled("a", 0) });
  expect(inbox.effects.at(-1)).toEqual({ type: "quit" });
  const idle = createInbox(["a"]);
  idle.type("ctrl-c");
  expect(idle.effects.at(-1)).toEqual({ type: "quit" });
});

test("on a screen too small to show a review none can be answered", () => {
  const inbox = createInbox(["a"], { columns: 40, lines: 8 });
  inbox.type("a", "d", "x", "enter");
  expect(inbox.asked).toEqual([]);
  inbox.happen({ type: "resized", columns: 80, lines: 24 });
  inbox.load();
  inbox.type("escape", "a");
  expect(inbox.asked).toEqual(["approve once a"]);
});

test("open: read once, scrolled within its end, searched, closed", () => {
  const inbox = createInbox(["a", "b"]);
  inbox.type("enter");
  expect(inbox.effects).toEqual([{ type: "read", id: "a" }]);
  const body = Array.from({ length: 100 }, (_, at) => `line ${at} of Text`).join("\n");
  inbox.happen({
    type: "read",
    detail: { ...aged("a", 0), hidden: [], whole: true, added: [], prompt: [], body },
  });
  inbox.type("G");
  const end = inbox.state.scroll;
  expect(end).toBe((inbox.state.document?.lines.length ?? 0) - 20);
  inbox.type("j", "/", ..."OF TEXT", "enter");
  expect(inbox.state.note).toBe("match 1 of 100 (Tab shows the next)");
  inbox.type("backtab");
  expect(inbox.state.match).toBe(99);
  inbox.type("tab", "q");
  expect(inbox.state.open).toBe(false);
  inbox.type("enter");
  expect(inbox.effects).toHaveLength(1);
});

test("a search typed before the body came finds it when it comes", () => {
  const inbox = createInbox(["a"], { slow: true });
  inbox.type("/", ..."needle", "enter");
  expect(inbox.state.note).toBe("searching: needle");
  const body = `${"x\n".repeat(60)}a needle`;
  inbox.happen({
    type: "read",
    detail: { ...aged("a", 0), hidden: [], whole: true, added: [], prompt: [], body },
  });
  expect(inbox.state.note).toBe("match 1 of 1 (Tab shows the next)");
  expect(inbox.state.scroll).toBeGreaterThan(40);
});

test("nothing is approved that was not on the screen: not read, not all of it, not whole", () => {
  const unread = createInbox(["a"], { slow: true });
  unread.type("a");
  expect(unread.state.note).toBe("what it asks for is not on the screen yet");
  expect(unread.asked).toEqual([]);

  const long = createInbox(["a"], { bodies: { a: { body: "line\n".repeat(40) } } });
  long.type("a");
  expect(long.state.note).toBe("not all of it was shown: Enter opens it");
  long.type("enter", "q", "a");
  expect(long.asked).toEqual(["approve once a"]);

  const masked = createInbox(["a"], { bodies: { a: { whole: false, body: "x" } } });
  masked.type("enter", "a", "s", "t");
  expect(masked.state.note).toContain("masked");
  expect(masked.asked).toEqual([]);

  const huge = createInbox(["a"], { bodies: { a: { body: "x".repeat(1_000_001) } } });
  huge.type("enter", "a");
  expect(huge.state.note).toBe("it is too long for this screen: hoopx reviews show a");

  // A no needs no reading.
  unread.type("d", "n", "o", "enter");
  expect(unread.asked).toEqual(["deny a: no"]);
});

test("what came on the screen as the key did was not what the key meant", () => {
  const inbox = createInbox(["a", "b"], { slow: true });
  const [review] = inbox.state.reviews;
  if (review === undefined) throw new Error("no review");
  inbox.happen({ type: "read", detail: detailOf(review) });
  inbox.happen({ type: "key", key: "a" }, 100);
  expect(inbox.state.note).toContain("press it again");
  inbox.happen({ type: "key", key: "a" }, 400);
  expect(inbox.asked).toEqual(["approve once a"]);
});

test("d on an answered review takes the comment, and none of its letters is a key", () => {
  const inbox = createInbox(["a", "b"]);
  inbox.happen({ type: "changed", review: settled("a", 0) });
  inbox.burst("d", ..."not tasty", "enter", "t", "y");
  inbox.type("j", "a", "q");
  expect(inbox.state.prompt).toMatchObject({ kind: "refused" });
  expect(inbox.asked).toEqual([]);
  inbox.happen({ type: "paste", text: "nta" });
  inbox.type("escape", "j", "a");
  expect(inbox.asked).toEqual(["approve once b"]);
});

test("after a refused key the rest of a burst does nothing; the next key typed does", () => {
  const inbox = createInbox(["a", "b", "c"]);
  inbox.happen({ type: "changed", review: settled("a", 0) });
  inbox.burst("a", "n", "a", "t", "y", "d", "x", "enter");
  expect(inbox.state.note).toBe("already approved by bob@example.com");
  expect(inbox.selected).toBe("a");
  inbox.type("n", "a");
  expect(inbox.asked).toEqual(["approve once b"]);
});

test("s and t ask first, take y alone, and are refused where the rule forbids them", () => {
  const inbox = createInbox(["a", "b"]);
  for (const [key, scope] of [
    ["s", "session"],
    ["t", "time"],
  ] as const) {
    inbox.type(key, "enter", "a", "x", " ");
    expect(inbox.state.prompt).toMatchObject({ kind: "confirm", id: "a", body: { for: scope } });
    inbox.type("n");
    expect(inbox.state.prompt).toBeNull();
  }
  expect(inbox.asked).toEqual([]);
  inbox.type("s");
  inbox.happen({ type: "changed", review: settled("a", 0) });
  inbox.type("y");
  expect(inbox.state.note).toBe("not approved: already approved by bob@example.com");
  expect(inbox.asked).toEqual([]);

  for (const [atMost, keys] of [
    ["once", "st"],
    ["10m", "t"],
  ] as const) {
    const strict = createInbox([]);
    strict.happen({ type: "changed", review: aged("x", 0, { atMost }) });
    strict.load();
    for (const key of keys) {
      strict.type(key);
      expect(strict.state.note).toContain(`may not last longer than ${atMost}`);
      expect(strict.state.prompt).toBeNull();
    }
  }
});

test("v reveals the next hidden piece, V all that are left", () => {
  const piece = (number: number) => ({ number, at: 0, length: 1, characters: 1, what: "x" });
  const inbox = createInbox(["a"], { bodies: { a: { hidden: [piece(1), piece(2), piece(3)] } } });
  const reveals = () => inbox.effects.filter(({ type }) => type === "reveal");
  inbox.type("v");
  expect(reveals()).toEqual([{ type: "reveal", id: "a", pieces: [1] }]);
  const shown = (...numbers: number[]) =>
    inbox.happen({
      type: "revealed",
      id: "a",
      pieces: numbers.map((number) => ({ number, text: "s", base64: false })),
    });
  shown(1);
  inbox.type("v", "V");
  expect(reveals().slice(1)).toEqual([
    { type: "reveal", id: "a", pieces: [2] },
    { type: "reveal", id: "a" },
  ]);
  shown(2, 3);
  inbox.type("v");
  expect(inbox.state.note).toBe("nothing is hidden");
  inbox.happen({ type: "unrevealed", message: "an agent may not" });
  expect(inbox.state.note).toBe("not revealed: an agent may not");
});
