/**
 * Cells: one escaped line cut into pieces that each fit a width of cells.
 * Nothing is left out, not a space: what is reviewed is what is there.
 */
import { widthOf } from "./width.js";

export interface Piece {
  readonly piece: string;
  /** Where it begins in the line, in characters. */
  readonly offset: number;
}

const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });
const plain = /^[\x20-\x7e]*$/;

/** The pieces of a line, one at least; a tab is two spaces. */
export function wrapCells(line: string, width: number): readonly Piece[] {
  const text = line.replaceAll("\t", "  ");
  if (plain.test(text)) {
    const pieces: Piece[] = [];
    for (let offset = 0; offset === 0 || offset < text.length; offset += width) {
      pieces.push({ piece: text.slice(offset, offset + width), offset });
    }
    return pieces;
  }
  const pieces: Piece[] = [];
  let piece = "";
  let used = 0;
  let offset = 0;
  // A text has few different clusters, and measuring one takes long beside looking it up.
  const known = new Map<string, number>();
  for (const segment of clustersOf(text)) {
    const cells = known.get(segment) ?? widthOf(segment);
    known.set(segment, cells);
    if (used + cells > width && piece !== "") {
      pieces.push({ piece, offset });
      offset += piece.length;
      piece = "";
      used = 0;
    }
    piece += segment;
    used += cells;
  }
  return [...pieces, { piece, offset }];
}

/** Segmenting a long text takes time by its square: it is done by windows. */
const window = 256;

function* clustersOf(text: string): Generator<string, void> {
  for (let at = 0; at < text.length; ) {
    const clusters = [...segmenter.segment(text.slice(at, at + window))];
    // The last may go on behind the window; one that fills it alone is taken as it is.
    const whole =
      at + window >= text.length || clusters.length === 1 ? clusters : clusters.slice(0, -1);
    for (const { segment } of whole) {
      yield segment;
      at += segment.length;
    }
  }
}
