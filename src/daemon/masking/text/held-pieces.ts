/**
 * Held pieces: what a text was cut into on its way through a stream that holds
 * some of it back, so that each piece leaves as it came unless something of it
 * was hidden. A cell that was cut itself, in the middle of an escape, has a
 * part in each of the pieces; what is made of it stands in the first.
 */
import type { TextStream } from "../masking.js";

/** A piece that was given, and what is to leave for it. */
export interface Out {
  readonly raw: string;
  readonly parts: string[];
  /** Cells of it that are not settled. */
  open: number;
  changed: boolean;
}

export interface Cell {
  /** What was looked at: of an escape, the character. */
  readonly text: string;
  readonly parts: readonly CellPart[];
}

export interface CellPart {
  readonly out: Out;
  readonly index: number;
  readonly raw: string;
}

export const newOut = (raw: string): Out => ({ raw, parts: [], open: 0, changed: false });

/** Makes room in a piece for a part of a cell. */
export function partIn(out: Out, raw: string): CellPart {
  out.open += 1;
  return { out, index: out.parts.push(raw) - 1, raw };
}

/** A cell is settled: as it came, or with something else in its place. */
export function settle({ parts }: Cell, instead?: string): void {
  for (const [at, { out, index }] of parts.entries()) {
    out.open -= 1;
    if (instead === undefined) continue;
    out.parts[index] = at === 0 ? instead : "";
    out.changed = true;
  }
}

/** The pieces from the front that are settled, taken out of the list. */
export function leaving(outs: Out[]): readonly string[] {
  let count = 0;
  while (count < outs.length && outs[count]?.open === 0) count += 1;
  return outs.splice(0, count).map(({ raw, parts, changed }) => (changed ? parts.join("") : raw));
}

/** A stream whose pieces are cells. */
export interface CellStream {
  push(cell: Cell): void;
  end(): void;
  counts(): ReturnType<TextStream["counts"]>;
}

/** Joins cells to a stream of text; `write` is how a changed one is written. */
export function createCellStream(stream: TextStream, write: (text: string) => string): CellStream {
  const cells: Cell[] = [];

  function drain(): void {
    for (const made of stream.settled()) {
      const cell = cells.shift();
      if (cell === undefined) throw new Error("more was settled than was pushed");
      settle(cell, made === cell.text ? undefined : write(made));
    }
  }

  return {
    push(cell) {
      if (cell.text === "") {
        settle(cell);
        return;
      }
      cells.push(cell);
      stream.push(cell.text);
      drain();
    },
    end() {
      stream.end();
      drain();
      if (cells.length > 0) throw new Error("a text ended and was not settled");
    },
    counts() {
      return stream.counts();
    },
  };
}
