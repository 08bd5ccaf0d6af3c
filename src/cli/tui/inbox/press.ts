/**
 * Press: what each key does. In a prompt every key is text; elsewhere it moves,
 * opens or answers. After a key that was refused the rest of a burst does nothing. An answer names its review as the key comes, so nothing
 * that happens later can turn it to another.
 */

import { matchesIn } from "../line-matches.js";
import { approve, askComment, refused, sent } from "./answering.js";
import { outcomeOf } from "./document.js";
import { type InboxState, listed, type Prompt, type Step, still } from "./inbox-state.js";
import { layoutOf } from "./layout.js";

const commentLimit = 1_000;

const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });

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

/** The inbox after text was pasted: a prompt takes it, and nothing else does. */
export function pasted(state: InboxState, text: string): InboxState {
  const { prompt } = state;
  if (prompt === null) return { ...state, note: "pasted text is no answer: type the key" };
  if (prompt.kind === "confirm" || prompt.kind === "refused") return state;
  const line = text.replace(/[\r\n\t]+/g, " ").replace(/\p{Cc}/gu, "");
  return withText(state, prompt, prompt.text + line);
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
 * The next that waits. One that was settled only now still counts: whoever
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
    return still({ ...state, note: direction === 1 ? "none waits below" : "none waits above" });
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

function typed(state: InboxState, prompt: Prompt, key: string): Step {
  if (prompt.kind === "refused") {
    return still(key === "escape" ? { ...state, prompt: null } : state);
  }
  if (prompt.kind === "confirm") return confirmed(state, prompt, key);
  switch (key) {
    case "enter":
      return entered({ ...state, prompt: null }, prompt);
    case "escape":
      return still({
        ...state,
        prompt: null,
        ...(prompt.kind === "filter" && { filter: prompt.before }),
        note: prompt.kind === "deny" ? "not denied" : null,
      });
    case "backspace": {
      const characters = [...segmenter.segment(prompt.text)].map(({ segment }) => segment);
      return still(withText(state, prompt, characters.slice(0, -1).join("")));
    }
    case "ctrl-u":
      return still(withText(state, prompt, ""));
    case "ctrl-w":
      return still(withText(state, prompt, prompt.text.replace(/\S*\s*$/, "")));
    default:
      return still([...key].length === 1 ? withText(state, prompt, prompt.text + key) : state);
  }
}

/** Only `y` sends it: Enter ends many things that are typed or pasted. */
function confirmed(
  state: InboxState,
  { id, body }: Prompt & { kind: "confirm" },
  key: string,
): Step {
  if (key === "escape" || key === "n") {
    return still({ ...state, prompt: null, note: "not approved" });
  }
  if (key !== "y") return still(state);
  const settled = { ...state, prompt: null };
  const review = state.reviews.find((each) => each.id === id);
  if (review === undefined || review.status !== "pending") {
    const outcome = review === undefined ? "settled" : outcomeOf(review);
    return refused(settled, `not approved: already ${outcome}`);
  }
  return sent(settled, { id, kind: "approve", body });
}

function withText(
  state: InboxState,
  prompt: Exclude<Prompt, { readonly kind: "refused" | "confirm" }>,
  whole: string,
): InboxState {
  const text = whole.slice(0, commentLimit);
  return {
    ...state,
    prompt: { ...prompt, text },
    ...(prompt.kind === "filter" && { filter: text }),
  };
}

function entered(
  state: InboxState,
  prompt: Exclude<Prompt, { readonly kind: "refused" | "confirm" }>,
): Step {
  if (prompt.kind === "filter") return still(state);
  if (prompt.kind === "search") return still(toMatch({ ...state, search: prompt.text }, 0));
  const review = state.reviews.find(({ id }) => id === prompt.id);
  if (review === undefined || review.status !== "pending") {
    const outcome = review === undefined ? "settled" : outcomeOf(review);
    return refused(state, `not denied: already ${outcome}`);
  }
  return sent(state, { id: prompt.id, kind: "deny", comment: prompt.text.trim() });
}

/** To a match, round the end; the line stands a little below the top. */
export function toMatch(state: InboxState, wanted: number): InboxState {
  if (state.search === "") return { ...state, note: "/ searches" };
  const matches = matchesIn(state.document?.lines ?? [], state.search);
  const count = (matches.at(-1)?.number ?? -1) + 1;
  const loading = state.document?.reading?.state === "loading";
  if (count === 0) {
    return { ...state, match: 0, note: `${loading ? "searching" : "not found"}: ${state.search}` };
  }
  const match = ((wanted % count) + count) % count;
  const line = matches.find(({ number }) => number === match)?.line ?? 0;
  return {
    ...state,
    match,
    scroll: Math.max(0, line - 3),
    note: `match ${match + 1} of ${count} (Tab shows the next)`,
  };
}
