/**
 * Reduce: what happens to the inbox, as a pure function. Its promises: an
 * answer is of the review that was selected when its key came, only keys move
 * the selection, no key is lost, and what others answer shows where it is.
 */
import type { ReviewView } from "../../../contract/review-views.js";
import type { Reading } from "./document.js";
import { documentOf, outcomeOf } from "./document.js";
import {
  type InboxEvent,
  type InboxState,
  listed,
  type Step,
  selectedReview,
  still,
} from "./inbox-state.js";
import { layoutOf } from "./layout.js";
import { pressed } from "./press.js";
import { toMatch } from "./to-match.js";
import { pasted } from "./typing.js";

/** How long a settled review stays to be seen, and how long after a key nothing goes. */
const lingerMs = 4_000;
const stillMs = 1_500;
/** Keys that come closer together than a hand types were pasted. */
const burstMs = 60;

/** The inbox after an event, and what is to be done. */
export function reduce(before: InboxState, event: InboxEvent, now: number): Step {
  const step = happened({ ...before, now }, event);
  const byKey = event.type === "key" || event.type === "paste";
  const arrived = arranged(step.state, byKey);
  const wanted = unread(arrived);
  const state =
    wanted === undefined
      ? arrived
      : arranged(reading(arrived, wanted, { state: "loading" }), byKey);
  return {
    state: seen(awaitsMatch(before, event) ? arranged(toMatch(state, 0), byKey) : state),
    effects: [
      ...step.effects,
      ...(wanted === undefined ? [] : [{ type: "read" as const, id: wanted }]),
      ...leaving(before, step.state),
    ],
  };
}

/** The selected review, where it is to be read: one at a time, however fast the selection moves. */
function unread({ selected, readings }: InboxState): string | undefined {
  if (selected === null || readings.has(selected)) return undefined;
  return [...readings.values()].some(({ state }) => state === "loading") ? undefined : selected;
}

/** Notes when all of what is asked was first on the screen: below the list, or opened. */
function seen(state: InboxState): InboxState {
  const { selected, shownAt, document, open, help, now } = state;
  if (selected === null || document === null || help || shownAt.has(selected)) return state;
  if (document.reading?.state !== "read") return state;
  const { fits, preview } = layoutOf(state.columns, state.lines);
  if (!fits || !(open || document.asked <= preview)) return state;
  return { ...state, shownAt: new Map(shownAt).set(selected, now) };
}

/** Did a search wait for what has come now? */
function awaitsMatch({ open, search, selected, readings }: InboxState, event: InboxEvent): boolean {
  if (event.type !== "read" || !open || search === "") return false;
  return event.detail.id === selected && readings.get(event.detail.id)?.state === "loading";
}

function happened(state: InboxState, event: InboxEvent): Step {
  switch (event.type) {
    case "key": {
      const burst = state.now - state.keyAt < burstMs;
      const note = burst && state.refused ? state.note : null;
      return pressed({ ...state, keyAt: state.now, note }, event.key, burst);
    }
    case "paste":
      return still(pasted({ ...state, keyAt: state.now, note: null }, event.text));
    case "resized":
      return still({ ...state, columns: event.columns, lines: event.lines });
    case "tick":
      return still(swept(state));
    case "linked":
      return still({ ...state, link: "live", linkNote: null });
    case "lost":
      return still({ ...state, link: "lost", linkNote: event.reason });
    case "listed":
      return relisted(state, event.reviews);
    case "changed":
      return still(merged(state, [event.review]));
    case "read": {
      const { added, prompt, body, hidden, whole, ...review } = event.detail;
      const detail = { added, prompt, body, hidden, whole };
      const read = { state: "read", detail, revealed: [] } as const;
      return still(reading(merged(state, [review]), review.id, read));
    }
    case "revealed": {
      const before = state.readings.get(event.id);
      if (before?.state !== "read") return still(state);
      const revealed = [...before.revealed, ...event.pieces];
      return still(reading(state, event.id, { ...before, revealed }));
    }
    case "unrevealed":
      return still({ ...state, note: `not revealed: ${event.message}` });
    case "unread": {
      const { id, message, gone } = event;
      const failed = reading(state, id, { state: "failed", message });
      return still(gone ? without(failed, new Set([id])) : failed);
    }
    case "taken":
      return answered(merged(state, [event.review]), taken(event.review));
    case "refused": {
      const [first] = state.answers;
      const refusals = new Map(state.refusals);
      if (first) refusals.set(first.id, event.message);
      return answered({ ...state, refusals }, null);
    }
  }
}

/** The first answer is over: the next one's turn. */
function answered(state: InboxState, note: string | null): Step {
  const answers = state.answers.slice(1);
  const [next] = answers;
  return {
    state: { ...state, answers, note: note ?? state.note },
    effects: next ? [{ type: "answer", answer: next }] : [],
  };
}

function taken(review: ReviewView): string {
  if (review.status !== "pending") return `${outcomeOf(review)} · ${review.id}`;
  const { approvals, approvalsNeeded } = review;
  return `your approval counts: ${approvals.length} of ${approvalsNeeded} · ${review.id}`;
}

function reading(state: InboxState, id: string, value: Reading): InboxState {
  return { ...state, readings: new Map(state.readings).set(id, value) };
}

/** Reviews as the daemon has them now, each in its place; new ones only while they are pending. */
function merged(state: InboxState, fresh: readonly ReviewView[]): InboxState {
  const known = new Map(state.reviews.map((review) => [review.id, review]));
  const settledAt = new Map(state.settledAt);
  let grown = false;
  for (const review of fresh) {
    const before = known.get(review.id);
    if (before === undefined && review.status !== "pending") continue;
    // An answer seen never becomes a question again, in whatever order the news comes.
    if (before !== undefined && before.status !== "pending" && review.status === "pending")
      continue;
    grown ||= before === undefined;
    known.set(review.id, review);
    if (review.status !== "pending" && !settledAt.has(review.id)) {
      settledAt.set(review.id, state.now);
    }
  }
  const reviews = [...known.values()];
  if (grown) reviews.sort(byAge);
  return { ...state, reviews, settledAt };
}

function byAge(a: ReviewView, b: ReviewView): number {
  const left = a.createdAt + a.id;
  const right = b.createdAt + b.id;
  return left < right ? -1 : left > right ? 1 : 0;
}

/** A whole list came: what is not in it any more was settled while the inbox was not connected. */
function relisted(state: InboxState, pending: readonly ReviewView[]): Step {
  const there = new Set(pending.map(({ id }) => id));
  const gone = state.reviews.filter(({ id, status }) => status === "pending" && !there.has(id));
  return {
    state: merged(state, pending),
    effects: gone.map(({ id }) => ({ type: "read" as const, id })),
  };
}

/** Settled reviews go, once they were seen, nothing is about them, and the hand is still. */
function swept(state: InboxState): InboxState {
  const { now, keyAt, settledAt, selected, prompt } = state;
  if (now - keyAt < stillMs) return state;
  const about = prompt?.kind === "deny" || prompt?.kind === "confirm" ? prompt.id : null;
  const over = [...settledAt].filter(
    ([id, at]) => now - at >= lingerMs && id !== selected && id !== about,
  );
  return over.length === 0 ? state : without(state, new Set(over.map(([id]) => id)));
}

function without(state: InboxState, ids: ReadonlySet<string>): InboxState {
  const rest = <Value>(map: ReadonlyMap<string, Value>) =>
    new Map([...map].filter(([id]) => !ids.has(id)));
  return {
    ...state,
    reviews: state.reviews.filter(({ id }) => !ids.has(id)),
    settledAt: rest(state.settledAt),
    readings: rest(state.readings),
    refusals: rest(state.refusals),
    shownAt: rest(state.shownAt),
  };
}

/** Selection, window and document, made to fit what there is. */
function arranged(state: InboxState, byKey: boolean): InboxState {
  const shown = listed(state);
  const at = shown.findIndex(({ id }) => id === state.selected);
  const bare = shown[0];
  let next = state;
  if (at === -1) {
    next = {
      ...state,
      selected: bare?.id ?? null,
      arrivedAt: byKey ? null : state.now,
      open: state.open && byKey && bare !== undefined,
      scroll: 0,
    };
  }
  const { list, page } = layoutOf(next.columns, next.lines);
  const row = Math.max(0, at);
  const last = Math.max(0, shown.length - list);
  const top = Math.min(last, Math.max(row - list + 1, Math.min(next.top, row)));
  const review = selectedReview(next);
  const document =
    review === undefined
      ? null
      : documentOf(
          review,
          next.readings.get(review.id),
          Math.max(20, next.columns - 3),
          next.document,
        );
  const end = Math.max(0, (document?.lines.length ?? 0) - page);
  return { ...next, top, document, scroll: Math.min(next.scroll, end) };
}

function leaving(before: InboxState, after: InboxState): Step["effects"] {
  const ready = (state: InboxState) => state.quitting && state.answers.length === 0;
  return ready(after) && !ready(before) ? [{ type: "quit" }] : [];
}
