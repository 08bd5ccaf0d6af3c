/**
 * Text pieces: the text that bytes stand for, decoded some KB at a time, so
 * that a large one neither holds up others nor is there twice. A cut never
 * falls into a character or an escape; half of a surrogate pair that is
 * written as two escapes may stand at a piece's end.
 */
import { isAscii } from "node:buffer";

/** Bytes of a piece. */
const pieceBytes = 1 << 16;

/** The pieces of UTF-8 bytes; of bytes that are not UTF-8, each byte a character. */
export function* textPieces(bytes: Buffer, bytewise = false): Generator<string> {
  for (let at = 0; at < bytes.length; ) {
    const end = bytewise ? Math.min(at + pieceBytes, bytes.length) : cutOf(bytes, at, bytes.length);
    const piece = bytes.subarray(at, end);
    yield bytewise || isAscii(piece) ? piece.toString("latin1") : piece.toString("utf8");
    at = end;
  }
}

/** The pieces of a JSON string between its quotes, its escapes read. */
export function* stringPieces(
  bytes: Buffer,
  start: number,
  end: number,
  escaped: boolean,
): Generator<string> {
  for (let at = start; at < end; ) {
    let cut = cutOf(bytes, at, end);
    if (escaped && cut < end) cut = beforeEscape(bytes, at, cut);
    yield decoded(bytes, at, cut, escaped);
    at = cut;
  }
}

/** A JSON string between its quotes, whole. */
export function stringIn(bytes: Buffer, start: number, end: number, escaped: boolean): string {
  return decoded(bytes, start, end, escaped);
}

function decoded(bytes: Buffer, start: number, end: number, escaped: boolean): string {
  const text = bytes.toString("utf8", start, end);
  return escaped && text.includes("\\") ? (JSON.parse(`"${text}"`) as string) : text;
}

/** Where a piece ends that begins here: never within a character. */
function cutOf(bytes: Buffer, at: number, end: number): number {
  let cut = at + pieceBytes;
  if (cut >= end) return end;
  while (((bytes[cut] as number) & 0xc0) === 0x80) cut -= 1;
  return cut;
}

/** The cut, or the beginning of the escape that it falls into. */
function beforeEscape(bytes: Buffer, at: number, cut: number): number {
  const longest = 6;
  for (let slash = cut - 1; slash >= at && slash > cut - longest; slash -= 1) {
    if (bytes[slash] !== 0x5c) continue;
    let first = slash;
    while (first > at && bytes[first - 1] === 0x5c) first -= 1;
    // Of backslashes in a row every second one is what the one before it escapes.
    if ((slash - first) % 2 === 1) return cut;
    return slash + (bytes[slash + 1] === 0x75 ? longest : 2) > cut ? slash : cut;
  }
  return cut;
}
