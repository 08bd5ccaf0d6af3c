/**
 * Reduce: what happens to the player, as a pure function. Its promises: the
 * clock goes on only while it plays and there is something to play, keys alone
 * move it otherwise, and the page shows what plays unless it was scrolled away.
 */
import { findAll } from "./found.js";
import { layoutOf } from "./layout.js";
import { above, clamped, lastPage } from "./place.js";
import {
  type PlayerEvent,
  type PlayerState,
  type Raw,
  type Step,
  sceneOf,
  still,
} from "./player-state.js";
import { pasted, pressed } from "./press.js";
import { rawLines } from "./raw.js";
import { withMatches } from "./raw-search.js";
import { extended } from "./script.js";
import { toNumber } from "./seek.js";

/** A program that was stopped for a while has not played meanwhile. */
const longestStepMs = 1_000;

/** The player after an event, and what is to be done. */
export function reduce(before: PlayerState, event: PlayerEvent, now: number): Step {
  const played = advanced(
    { ...before, now },
    Math.min(Math.max(0, now - before.now), longestStepMs),
  );
  const step = happened(played, event);
  return { ...step, state: arranged(step.state) };
}

function advanced(state: PlayerState, elapsed: number): PlayerState {
  if (!state.playing || state.wanted !== null || state.help || state.prompt !== null) return state;
  const { position, speed, script } = state;
  return {
    ...state,
    position: Math.max(position, Math.min(script.end, position + elapsed * speed)),
  };
}

function happened(state: PlayerState, event: PlayerEvent): Step {
  switch (event.type) {
    case "key":
      return pressed({ ...state, note: null }, event.key);
    case "paste":
      return still(pasted({ ...state, note: null }, event.text));
    case "resized":
      return still({ ...state, columns: event.columns, lines: event.lines });
    case "tick":
      return still(state);
    case "read": {
      const script = extended(state.script, event.conversation);
      const { wanted } = state.found;
      const found = wanted === "" ? state.found : findAll(script, wanted);
      return still(begun({ ...state, script, found }));
    }
    case "caught-up": {
      const { wanted } = state;
      const note = wanted === null ? state.note : `there is no exchange ${wanted}`;
      return still({ ...state, loading: false, live: event.live, wanted: null, note });
    }
    case "failed":
      return still({ ...state, loading: false, live: false, wanted: null, failure: event.message });
    case "frames":
      return still(withRaw(state, event.seq, { state: "read", frames: event.frames, width: 0 }));
    case "no-frames":
      return still(withRaw(state, event.seq, { state: "failed", message: event.message }));
  }
}

/** Once the exchange is there that it was to begin with, it begins. */
function begun(state: PlayerState): PlayerState {
  const { wanted, script } = state;
  if (wanted === null || script.exchanges.at(-1)?.view.seq !== wanted) return state;
  return toNumber({ ...state, wanted: null }, wanted);
}

/** Frames that come after their view was left are dropped. */
function withRaw(state: PlayerState, seq: number, change: Partial<Raw>): PlayerState {
  if (state.raw === null || state.raw.seq !== seq) return state;
  return { ...state, raw: { ...state.raw, ...change } };
}

/** The page and the raw view, made to fit what there is. */
function arranged(state: PlayerState): PlayerState {
  const { page, width, fits } = layoutOf(state.columns, state.lines);
  if (!fits) return state;
  const scene = sceneOf(state);
  let { raw } = state;
  if (raw !== null) {
    if (raw.width !== width) {
      raw = withMatches({ ...raw, lines: rawLines(raw.frames, width), width }, raw.wanted);
    }
    raw = { ...raw, scroll: Math.max(0, Math.min(raw.scroll, raw.lines.length - page)) };
  }
  const top = clamped(scene, state.top);
  if (!state.follow) return { ...state, raw, top };
  const last = lastPage(scene, page);
  return { ...state, raw, top: above(top, last) ? last : top };
}
