/**
 * Press: what each key does. In a prompt every key is text; in the raw view
 * keys move that view; elsewhere they play, seek and scroll.
 */
import { layoutOf } from "./layout.js";
import {
  atEnd,
  exchangeNow,
  type PlayerState,
  type Raw,
  type Step,
  still,
} from "./player-state.js";
import { rawSearched, toRawMatch } from "./raw-search.js";
import {
  scrolled,
  searched,
  toEnd,
  toExchange,
  toExchangeBefore,
  toMatch,
  toNextTurn,
  toNumber,
  toTurnBefore,
} from "./seek.js";

const speeds = [0.25, 0.5, 1, 2, 4, 8, 16, 32, 64] as const;
const textLimit = 200;

/** The player after a key. */
export function pressed(state: PlayerState, key: string): Step {
  if (key === "ctrl-c") return { state: { ...state, quitting: true }, effects: [{ type: "quit" }] };
  if (state.help) return still({ ...state, help: false });
  if (state.prompt !== null) return still(typed(state, key));
  if (state.raw !== null) return inRaw(state, state.raw, key);
  return command(state, key);
}

/** The player after text was pasted: a prompt takes it, and nothing else does. */
export function pasted(state: PlayerState, text: string): PlayerState {
  if (state.prompt === null) return { ...state, note: "pasted text does nothing here" };
  const line = text.replace(/[\r\n\t]+/g, " ").replace(/\p{Cc}/gu, "");
  return withText(state, state.prompt.text + line);
}

function command(state: PlayerState, key: string): Step {
  const page = layoutOf(state.columns, state.lines).page;
  switch (key) {
    case "q":
      return { state: { ...state, quitting: true }, effects: [{ type: "quit" }] };
    case " ":
      return still(toggled(state));
    case "right":
    case "l":
      return still(toNextTurn(state));
    case "left":
    case "h":
      return still(toTurnBefore(state));
    case "]":
    case "shift-right":
      return still(toExchange(state, exchangeNow(state) + 1));
    case "[":
    case "shift-left":
      return still(toExchangeBefore(state));
    case "up":
    case "k":
      return still(scrolled(state, -1));
    case "down":
    case "j":
      return still(scrolled(state, 1));
    case "pageup":
    case "ctrl-u":
      return still(scrolled(state, 1 - page));
    case "pagedown":
    case "ctrl-d":
      return still(scrolled(state, page - 1));
    case "home":
      return still(toExchange(state, 0));
    case "end":
    case "G":
      return still(toEnd(state));
    case "+":
    case "=":
      return still(faster(state, 1));
    case "-":
    case "_":
      return still(faster(state, -1));
    case "g":
      return still({ ...state, prompt: { kind: "exchange", text: "" } });
    case "/":
      return still({ ...state, prompt: { kind: "search", text: "" } });
    case "n":
      return still(toMatch(state, state.match === null ? 0 : state.match + 1));
    case "N":
      return still(toMatch(state, (state.match ?? 0) - 1));
    case "escape":
      return still(searched(state, ""));
    case "r":
      return rawOpened(state);
    case "?":
      return still({ ...state, help: true });
    default:
      if (/^[1-9]$/.test(key)) return still({ ...state, prompt: { kind: "exchange", text: key } });
      return still(state);
  }
}

function toggled(state: PlayerState): PlayerState {
  // From the end it starts again, once there is an end.
  if (atEnd(state) && !state.loading && !state.live) {
    return { ...toExchange(state, 0), position: 0, playing: true };
  }
  if (state.playing) return { ...state, playing: false };
  return { ...state, playing: true, follow: true };
}

function faster(state: PlayerState, by: 1 | -1): PlayerState {
  const { speed } = state;
  const next =
    by === 1
      ? speeds.find((each) => each > speed)
      : [...speeds].reverse().find((each) => each < speed);
  return {
    ...state,
    speed: next ?? speed,
    note: next === undefined ? "there is no other speed in that direction" : null,
  };
}

function rawOpened(state: PlayerState): Step {
  const exchange = state.script.exchanges[exchangeNow(state)];
  if (exchange === undefined) return still({ ...state, note: "there is no exchange yet" });
  const { seq, id } = exchange.view;
  const raw: Raw = {
    seq,
    state: "loading",
    message: "",
    frames: [],
    width: 0,
    lines: [],
    scroll: 0,
    wanted: "",
    matches: [],
    match: null,
  };
  return { state: { ...state, playing: false, raw }, effects: [{ type: "frames", seq, id }] };
}

function inRaw(state: PlayerState, raw: Raw, key: string): Step {
  const page = layoutOf(state.columns, state.lines).page;
  const by = (lines: number) =>
    still({ ...state, raw: { ...raw, scroll: Math.max(0, raw.scroll + lines) } });
  switch (key) {
    case "up":
    case "k":
      return by(-1);
    case "down":
    case "j":
      return by(1);
    case "pageup":
    case "ctrl-u":
      return by(1 - page);
    case "pagedown":
    case "ctrl-d":
    case " ":
      return by(page - 1);
    case "home":
    case "g":
      return by(Number.NEGATIVE_INFINITY);
    case "end":
    case "G":
      return by(raw.lines.length);
    case "/":
      return still({ ...state, prompt: { kind: "search", text: "" } });
    case "n":
      return still(toRawMatch(state, raw, raw.match === null ? 0 : raw.match + 1));
    case "N":
      return still(toRawMatch(state, raw, (raw.match ?? 0) - 1));
    case "escape":
      return still(raw.wanted === "" ? { ...state, raw: null } : rawSearched(state, raw, ""));
    case "r":
    case "q":
      return still({ ...state, raw: null });
    case "]":
    case "[": {
      const index = exchangeNow(state) + (key === "]" ? 1 : -1);
      if (state.script.exchanges[index] === undefined)
        return still({ ...state, note: "there is none in that direction" });
      return rawOpened(toExchange(state, index));
    }
    case "?":
      return still({ ...state, help: true });
    default:
      return still(state);
  }
}

function typed(state: PlayerState, key: string): PlayerState {
  const { prompt } = state;
  if (prompt === null) return state;
  switch (key) {
    case "enter": {
      const over = { ...state, prompt: null };
      if (prompt.kind === "search") {
        return state.raw === null
          ? searched(over, prompt.text)
          : rawSearched(over, state.raw, prompt.text);
      }
      return /^\d{1,9}$/.test(prompt.text) ? toNumber(over, Number(prompt.text)) : over;
    }
    case "escape":
      return { ...state, prompt: null };
    case "backspace":
      return withText(state, [...prompt.text].slice(0, -1).join(""));
    case "ctrl-u":
      return withText(state, "");
    default:
      return [...key].length === 1 ? withText(state, prompt.text + key) : state;
  }
}

function withText(state: PlayerState, text: string): PlayerState {
  if (state.prompt === null) return state;
  const wanted = state.prompt.kind === "exchange" ? text.replace(/\D/g, "") : text;
  return { ...state, prompt: { ...state.prompt, text: wanted.slice(0, textLimit) } };
}
