/**
 * Words: one escaped line cut where it ends or, better, at the blank before.
 * Nothing but that one blank is left out, and each piece knows where in the
 * line it begins.
 */

import { type Piece, wrapCells } from "./cells.js";
import { widthOf } from "./width.js";

const plain = /^[\x20-\x7e]*$/;

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
  let at = 0;
  for (const word of line.split(" ")) {
    const parts = word.length === 0 ? [{ piece: "", offset: 0 }] : wrapCells(word, width);
    for (const [index, part] of parts.entries()) {
      const cells = widthOf(part.piece);
      const blank = index === 0 && at > 0 ? 1 : 0;
      if (at > 0 && (index > 0 || used + blank + cells > width)) flush(at + part.offset);
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
}
