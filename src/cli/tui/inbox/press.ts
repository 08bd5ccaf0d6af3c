/**
 * Press: what each key does. In a prompt every key is text; elsewhere it moves,
 * opens or answers. After a key that was refused the rest of a burst does nothing. An answer names its review as the key comes, so nothing
 * that happens later can turn it to another.
 */

import { approve, askComment } from "./answering.js";
import { type InboxState, listed, type Step, still } from "./inbox-state.js";
import { layoutOf } from "./layout.js";
import { toMatch } from "./to-match.js";
import { typed } from "./typing.js";

/** The inbox after a key; `burst`: it came in one go with the key before it. */
export function pressed(state: InboxState, key: string, burst: boolean): Step {
  if (key !== "ctrl-c" && burst && state.refused) return still(state);
  return acted({ ...state, refused: false }, key);
}

function acted(state: InboxState, key: string): Step {
  if (key === "ctrl-c") return still({ ...state, quitting: true, prompt: null });
  if (state.quitting) return still(state);
  if (state.help) return still({ ...state, help: false });
  if (state.prompt !== null) return typed(state, state.prompt, key);
  return command(state, key);
}

function command(state: InboxState, key: string): Step {
  switch (key) {
    case "a":
      return approve(state, { for: "once" });
    case "s":
      return approve(state, { for: "session" });
    case "t":
      return approve(state, { for: "time", seconds: 900 });
    case "d":
      return askComment(state);
    case "n":
      return toNext(state, 1);
    case "p":
      return toNext(state, -1);
    case "/":
      if (state.selected === null) return still(state);
      return opened({ ...state, prompt: { kind: "search", text: state.search } });
    case "f":
      return still({
        ...state,
        open: false,
        prompt: { kind: "filter", text: state.filter, before: state.filter },
      });
    case "v":
      return reveal(state, false);
    case "V":
      return reveal(state, true);
    case "r":
      return state.selected === null ? still(state) : reread(state, state.selected);
    case "ctrl-l":
      return still(state);
    case "?":
      return still({ ...state, help: true });
    default:
      return state.open ? inDocument(state, key) : inList(state, key);
  }
}

function inList(state: InboxState, key: string): Step {
  const page = layoutOf(state.columns, state.lines).list;
  switch (key) {
    case "j":
    case "down":
      return still(moved(state, 1));
    case "k":
    case "up":
      return still(moved(state, -1));
    case "pagedown":
    case "ctrl-d":
      return still(moved(state, page));
    case "pageup":
    case "ctrl-u":
      return still(moved(state, -page));
    case "g":
    case "home":
      return still(moved(state, Number.NEGATIVE_INFINITY));
    case "G":
    case "end":
      return still(moved(state, Number.POSITIVE_INFINITY));
    case "enter":
    case " ":
    case "right":
    case "l":
      return state.selected === null ? still(state) : opened(state);
    case "escape":
      return still({ ...state, filter: "" });
    case "q":
      return still({ ...state, quitting: true });
    default:
      return unknown(state, key);
  }
}

function inDocument(state: InboxState, key: string): Step {
  const page = layoutOf(state.columns, state.lines).page;
  const scrolled = (by: number) => still({ ...state, scroll: Math.max(0, state.scroll + by) });
  switch (key) {
    case "j":
    case "down":
      return scrolled(1);
    case "k":
    case "up":
      return scrolled(-1);
    case "pagedown":
    case " ":
    case "ctrl-d":
      return scrolled(page - 1);
    case "pageup":
    case "ctrl-u":
      return scrolled(1 - page);
    case "g":
    case "home":
      return still({ ...state, scroll: 0 });
    case "G":
    case "end":
      return scrolled(Number.MAX_SAFE_INTEGER);
    case "tab":
      return still(toMatch(state, state.match + 1));
    case "backtab":
      return still(toMatch(state, state.match - 1));
    case "q":
    case "escape":
    case "enter":
    case "left":
    case "h":
      return still({ ...state, open: false, scroll: 0 });
    default:
      return unknown(state, key);
  }
}

function unknown(state: InboxState, key: string): Step {
  const printable = [...key].length === 1 && key > " ";
  return still(
    printable ? { ...state, note: `${key} does nothing here (? shows the keys)` } : state,
  );
}

function moved(state: InboxState, by: number): InboxState {
  const shown = listed(state);
  const at = shown.findIndex(({ id }) => id === state.selected);
  const to = Math.min(shown.length - 1, Math.max(0, at + by));
  return onto(state, shown[to]?.id ?? null);
}

function onto(state: InboxState, selected: string | null): InboxState {
  if (selected === state.selected) return state;
  return { ...state, selected, arrivedAt: null, scroll: 0, match: 0 };
}

/**
 * The next that waits. One that was settled only now still counts: a person who
 * pressed the key saw it waiting, and must not land on the one behind it.
 */
function toNext(state: InboxState, direction: 1 | -1): Step {
  const shown = listed(state);
  const at = shown.findIndex(({ id }) => id === state.selected);
  const waits = ({ id, status }: (typeof shown)[number]) =>
    status === "pending"
      ? !state.answers.some((answer) => answer.id === id)
      : state.now - (state.settledAt.get(id) ?? 0) < 1_000 && !state.refusals.has(id);
  const beyond = direction === 1 ? shown.slice(at + 1) : shown.slice(0, Math.max(0, at)).reverse();
  const next = beyond.find(waits);
  if (next === undefined) {
    return still({
      ...state,
      note: direction === 1 ? "no pending review below" : "no pending review above",
    });
  }
  const there = onto(state, next.id);
  return there.open ? opened(there) : still(there);
}

function opened(state: InboxState): Step {
  const { selected } = state;
  const open = { ...state, open: true };
  if (selected === null) return still(state);
  const known = state.readings.get(selected);
  if (known !== undefined && known.state !== "failed") return still(open);
  return reread(open, selected);
}

function reread(state: InboxState, id: string): Step {
  const readings = new Map(state.readings);
  if (readings.get(id)?.state !== "read") readings.set(id, { state: "loading" });
  return { state: { ...state, readings }, effects: [{ type: "read", id }] };
}

/** The next piece that is hidden, or all of them. */
function reveal(state: InboxState, all: boolean): Step {
  const { selected: id } = state;
  const reading = id === null ? undefined : state.readings.get(id);
  if (id === null || reading?.state !== "read")
    return still({ ...state, note: "nothing is shown" });
  const { detail, revealed } = reading;
  const known = new Set(revealed.map(({ number }) => number));
  const next = detail.hidden.find(({ number }) => !known.has(number));
  if (next === undefined) return still({ ...state, note: "nothing is hidden" });
  const effect = { type: "reveal", id } as const;
  return { state, effects: [all ? effect : { ...effect, pieces: [next.number] }] };
}
