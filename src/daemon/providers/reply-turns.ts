/**
 * Reply turns: gathers the pieces of a streamed reply into turns. Pieces of
 * several turns may come interleaved; each finds its turn by a key, and turns
 * stand in the order in which they began.
 */
import type { ReplyTurn, Turn } from "./provider.js";

type Opening = Omit<Turn, "text">;

export interface ReplyTurns {
  /** Begins the turn of a key, where none was begun. */
  begin(key: string, opening: Opening): void;
  /** Adds a piece to a turn, beginning it if need be. */
  append(key: string, opening: Opening, at: number, text: string): void;
  /** Adds the whole text, unless the turn has pieces already. */
  complete(key: string, opening: Opening, at: number, text: string): void;
  /** A turn that came in one piece. */
  add(turn: Turn, at: number): void;
  note(text: string, at: number): void;
  readonly empty: boolean;
  turns(): readonly ReplyTurn[];
}

interface Growing {
  opening: Opening;
  readonly deltas: { readonly at: number; readonly text: string }[];
}

/** Creates an empty gathering. */
export function createReplyTurns(): ReplyTurns {
  const growing = new Map<string, Growing>();

  function begin(key: string, opening: Opening): Growing {
    const known = growing.get(key);
    if (known !== undefined) {
      // A later event may say what the first left out: a call's id and name.
      known.opening = { ...known.opening, ...said(opening) };
      return known;
    }
    const fresh = { opening, deltas: [] };
    growing.set(key, fresh);
    return fresh;
  }

  function append(key: string, opening: Opening, at: number, text: string): void {
    const turn = begin(key, opening);
    if (text !== "") turn.deltas.push({ at, text });
  }

  const add = ({ text, ...opening }: Turn, at: number) =>
    append(`added ${growing.size}`, opening, at, text);

  return {
    begin,
    append,
    complete(key, opening, at, text) {
      const turn = begin(key, opening);
      if (turn.deltas.length === 0 && text !== "") turn.deltas.push({ at, text });
    },
    add,
    note: (text, at) => add({ kind: "note", text }, at),
    get empty() {
      return growing.size === 0;
    },
    turns: () =>
      [...growing.values()].map(({ opening, deltas }) => ({
        ...opening,
        text: deltas.map(({ text }) => text).join(""),
        deltas,
      })),
  };
}

/** What an opening says; the rest of it is null, empty or absent. */
function said(opening: Opening): Partial<Opening> {
  const { id, name, role } = opening;
  return { ...(id ? { id } : {}), ...(name ? { name } : {}), ...(role ? { role } : {}) };
}
