/**
 * Player state: all that the player knows, what can happen to it, and what it
 * wants done. Data only: `reduce.ts` says how one becomes the next, `screen.ts`
 * how it is drawn.
 */
import type { FrameView } from "../../../contract/record-views.js";
import type { ConversationView, SessionView } from "../../../contract/views.js";
import type { Input } from "../keys.js";
import type { LineMatch } from "../line-matches.js";
import { type Found, nothingFound } from "./found.js";
import { createLaying, type Laying } from "./laying.js";
import { layoutOf } from "./layout.js";
import type { Place, Scene } from "./place.js";
import type { RawLine } from "./raw.js";
import { begunAt, emptyScript, type Script } from "./script.js";

/** A line that is being typed. */
interface Prompt {
  readonly kind: "search" | "exchange";
  readonly text: string;
}

/** The frames of one exchange. */
export interface Raw {
  /** Place of the exchange in its session. */
  readonly seq: number;
  readonly state: "loading" | "read" | "failed";
  readonly message: string;
  readonly frames: readonly FrameView[];
  readonly width: number;
  readonly lines: readonly RawLine[];
  readonly scroll: number;
  /** What is looked for in them; empty: nothing. */
  readonly wanted: string;
  readonly matches: readonly LineMatch[];
  /** Which match is looked at; null: none yet. */
  readonly match: number | null;
}

export interface PlayerState {
  readonly columns: number;
  readonly lines: number;
  /** Milliseconds, of the last thing that happened. */
  readonly now: number;
  readonly session: SessionView;
  readonly script: Script;
  /** More of the session may come. */
  readonly loading: boolean;
  /** All is there that was recorded, and the session goes on. */
  readonly live: boolean;
  /** Why no more came. */
  readonly failure: string | null;
  /** Milliseconds on the script's clock. */
  readonly position: number;
  readonly playing: boolean;
  readonly speed: number;
  /** The exchange to begin with, until it is there. */
  readonly wanted: number | null;
  /** First line of the page. */
  readonly top: Place;
  /** Does the page move on with what comes? */
  readonly follow: boolean;
  readonly help: boolean;
  readonly prompt: Prompt | null;
  readonly found: Found;
  /** Which match is looked at; null: none yet. */
  readonly match: number | null;
  readonly raw: Raw | null;
  readonly note: string | null;
  readonly quitting: boolean;
  /** Lays blocks out and remembers them: the same for the same, so the state stays what it was. */
  readonly laying: Laying;
}

export type PlayerEvent =
  | Input
  | { readonly type: "resized"; readonly columns: number; readonly lines: number }
  | { readonly type: "tick" }
  | { readonly type: "read"; readonly conversation: ConversationView }
  /** All that is recorded was read; `live`: the session goes on, and so may this. */
  | { readonly type: "caught-up"; readonly live: boolean }
  | { readonly type: "failed"; readonly message: string }
  | { readonly type: "frames"; readonly seq: number; readonly frames: readonly FrameView[] }
  | { readonly type: "no-frames"; readonly seq: number; readonly message: string };

export type PlayerEffect =
  | { readonly type: "quit" }
  | { readonly type: "frames"; readonly seq: number; readonly id: string };

export interface Step {
  readonly state: PlayerState;
  readonly effects: readonly PlayerEffect[];
}

export interface PlayerStart {
  readonly columns: number;
  readonly lines: number;
  readonly now: number;
  readonly session: SessionView;
  readonly speed: number;
  /** The exchange to begin with. */
  readonly exchange: number | null;
}

/** The player before anything was read. */
export function emptyPlayer({ exchange, ...start }: PlayerStart): PlayerState {
  return {
    ...start,
    script: emptyScript,
    loading: true,
    live: false,
    failure: null,
    position: 0,
    playing: true,
    wanted: exchange,
    top: { block: 0, line: 0 },
    follow: true,
    help: false,
    prompt: null,
    found: nothingFound,
    match: null,
    raw: null,
    note: null,
    quitting: false,
    laying: createLaying(),
  };
}

/** A step that wants nothing done. */
export function still(state: PlayerState): Step {
  return { state, effects: [] };
}

/** What of the script is there to be seen. */
export function sceneOf({ script, position, columns, lines, laying }: PlayerState): Scene {
  return { script, position, laying, width: layoutOf(columns, lines).width };
}

/** Index of the exchange that plays; -1 where none is there. */
export function exchangeNow({ script, position }: PlayerState): number {
  return script.blocks[Math.max(0, begunAt(script, position))]?.exchange ?? -1;
}

/** Is all shown that is there? */
export function atEnd({ script, position }: PlayerState): boolean {
  return position >= script.end;
}
