/**
 * JSON literal: a string of a JSON text that comes in pieces, masked as the
 * text that it means. Escapes are undone for looking, also where a piece ends
 * in the middle of one; what was not changed is written as it came, and what
 * was is a literal still.
 */
import { type Cell, type CellPart, type CellStream, type Out, partIn } from "./held-pieces.js";

/** What a literal's inside means; what is no escape stands for itself. */
export function unescaped(raw: string): string {
  if (!raw.includes("\\")) return raw;
  return raw.replace(escapes, (_, hex: string | undefined, letter: string | undefined) =>
    hex === undefined
      ? (letters[letter ?? ""] ?? letter ?? "")
      : String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

/** A text as a literal's inside. */
export const escaped = (text: string): string => JSON.stringify(text).slice(1, -1);

const escapes = /\\(?:u([0-9a-fA-F]{4})|([\s\S]))/g;
const letters: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", b: "\b", f: "\f" };

/** Where the inside that goes on at `from` ends, or where an escape begins that the text cuts. */
export function insideEnd(
  text: string,
  from: number,
): { readonly at: number; readonly cut: boolean } {
  for (let at = from; ; ) {
    const code = text.charCodeAt(at);
    // Not so of NaN, the code behind the end.
    if (code === 0x22 || !(code >= 0)) return { at, cut: false };
    if (code !== 0x5c) {
      at += 1;
      continue;
    }
    const length = escapeLength(text, at);
    if (length === undefined) return { at, cut: true };
    at += length;
  }
}

/** Undefined where the text ends before the escape does. */
function escapeLength(text: string, at: number): number | undefined {
  if (at + 1 >= text.length) return undefined;
  if (text[at + 1] !== "u") return 2;
  const hex = /^[0-9a-fA-F]{0,4}/.exec(text.slice(at + 2, at + 6))?.[0].length ?? 0;
  if (hex === 4) return 6;
  return at + 2 + hex >= text.length ? undefined : 2;
}

/** Takes a literal's inside piece by piece and gives its cells to a stream. */
export interface OpenLiteral {
  /** Takes what of the piece is the literal's; the place of its closing quote, or the text's end. */
  take(out: Out, text: string, from: number): number;
  /** The closing quote, or the end of everything. */
  close(): void;
}

/** Opens a literal whose cells go to this stream. */
export function openLiteral(stream: CellStream): OpenLiteral {
  /** Parts of an escape that was cut. */
  let cutParts: CellPart[] = [];
  let cutRaw = "";

  function finishCut(): void {
    if (cutParts.length === 0) return;
    const cell: Cell = { text: unescaped(cutRaw), parts: cutParts };
    cutParts = [];
    cutRaw = "";
    stream.push(cell);
  }

  return {
    take(out, text, from) {
      let at = from;
      if (cutRaw !== "") {
        const known = cutRaw.length;
        // An escape has six characters at most.
        const joined = cutRaw + text.slice(from, from + 6 - known);
        const length = escapeLength(joined, 0);
        if (length === undefined) {
          cutParts.push(partIn(out, text.slice(from)));
          cutRaw = joined;
          return text.length;
        }
        // `\u` and then no hexadecimal digits: nothing of this piece belongs to it.
        const taken = Math.max(0, length - known);
        if (taken > 0) cutParts.push(partIn(out, text.slice(from, from + taken)));
        cutRaw += text.slice(from, from + taken);
        finishCut();
        at += taken;
      }
      const { at: end, cut } = insideEnd(text, at);
      if (end > at) {
        const raw = text.slice(at, end);
        stream.push({ text: unescaped(raw), parts: [partIn(out, raw)] });
      }
      if (!cut) return end;
      cutRaw = text.slice(end);
      cutParts.push(partIn(out, cutRaw));
      return text.length;
    },
    close() {
      finishCut();
      stream.end();
    },
  };
}
