/**
 * Words: one escaped line cut where it ends or, better, at the blank before.
 * Nothing but that one blank is left out, and each piece knows where in the
 * line it begins.
 */

import { type Piece, wrapCells } from "./cells.js";
import { widthOf } from "./width.js";

/** A cell a character: Latin, Greek and Cyrillic letters, without marks that combine. */
const plain = /^[\x20-\x7e\u00a1-\u00ac\u00ae-\u02ff\u0370-\u0482\u048a-\u0556\u2010-\u2027]*$/;

/** The pieces of a line, one at least, `width` cells each at most; the line has no tabs. */
export function wrapWords(line: string, width: number): readonly Piece[] {
  return plain.test(line) ? wrapPlain(line, width) : wrapWide(line, width);
}

function wrapPlain(line: string, width: number): readonly Piece[] {
  const pieces: Piece[] = [];
  let offset = 0;
  while (line.length - offset > width) {
    const blank = line.lastIndexOf(" ", offset + width);
    const cut = blank > offset ? blank : offset + width;
    pieces.push({ piece: line.slice(offset, cut), offset });
    offset = blank > offset ? cut + 1 : cut;
  }
  return [...pieces, { piece: line.slice(offset), offset }];
}

function wrapWide(line: string, width: number): readonly Piece[] {
  const pieces: Piece[] = [];
  let piece = "";
  let used = 0;
  let offset = 0;
  const flush = (next: number) => {
    pieces.push({ piece, offset });
    piece = "";
    used = 0;
    offset = next;
  };
  // A text says the same words again, and measuring one takes long beside looking it up.
  const known = new Map<string, readonly Piece[]>();
  const measured = new Map<string, number>();
  let at = 0;
  for (const word of line.split(" ")) {
    const parts = known.get(word) ?? wrapCells(word, width);
    known.set(word, parts);
    for (const [index, part] of parts.entries()) {
      const cells = parts.length > 1 || !plain.test(word) ? cellsOf(part.piece) : word.length;
      const blank = index === 0 && at > 0 ? 1 : 0;
      if (index > 0 || (at > 0 && used + blank + cells > width)) flush(at + part.offset);
      else if (blank === 1) {
        piece += " ";
        used += 1;
      }
      piece += part.piece;
      used += cells;
    }
    at += word.length + 1;
  }
  return [...pieces, { piece, offset }];

  function cellsOf(text: string): number {
    const before = measured.get(text);
    if (before !== undefined) return before;
    const cells = widthOf(text);
    measured.set(text, cells);
    return cells;
  }
}
