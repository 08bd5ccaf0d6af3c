/**
 * Text stream: masks a text that comes in pieces. A piece leaves when nothing
 * in it can become a finding any more; what is hidden is replaced by its mark
 * in the piece it began in. Wherever the text is cut, the pieces joined are
 * what the whole would have become.
 */
import { createHash, type Hash } from "node:crypto";
import type { FindingCount } from "../model/masking-terms.js";
import { createClusters } from "./engine/clusters.js";
import type { Reading } from "./engine/view.js";
import type { Marks } from "./marks.js";
import type { MaskedFinding, MaskedText, TextStream } from "./masking.js";

export interface TextStreamOptions {
  readonly reading: Reading;
  readonly marks: Marks;
  /** Masks another text, for one that is said again and is another. */
  readonly mask: (text: string) => MaskedText;
}

interface Piece {
  readonly start: number;
  readonly text: string;
}

/** So many characters may be held; more are hidden as a whole. */
const mostHeld = 8192;
const overLong = "over-long";
/** Characters that wait to go into the digest. */
const mostUnheard = 2048;

/** Opens the stream of one text. */
export function openTextStream(options: TextStreamOptions): TextStream {
  const { reading, marks, mask } = options;
  const clusters = createClusters();
  // Most texts are short: they need no digest, which costs more than all the rest of them.
  let heard: Hash | undefined;
  let unheard = "";
  const counts = new Map<string, number>();
  const edits: MaskedFinding[] = [];
  let queue: Piece[] = [];
  let leaving: string[] = [];
  /** Up to here all is certain. */
  let certain = 0;
  let length = 0;
  let ended = false;
  /** Edits before this one concern no piece that is still here. */
  let firstEdit = 0;
  /** What is hidden as yet without an end: the last of the edits. */
  let hidden: { readonly start: number; readonly block: boolean } | undefined;

  return {
    push(piece) {
      unheard += piece;
      if (unheard.length > mostUnheard) hear();
      queue.push({ start: length, text: piece });
      length += piece.length;
      reading.append(piece, false, hidden === undefined ? certain : length);
      settle(false);
    },
    end() {
      if (ended) return;
      ended = true;
      reading.append("", true);
      settle(true);
    },
    settled() {
      const left = leaving;
      leaving = [];
      return left;
    },
    held() {
      return queue.length;
    },
    repeat(whole) {
      return ended && whole.length === length && isHeard(whole)
        ? applied(whole, 0, edits)
        : mask(whole).text;
    },
    counts() {
      return [...counts].map(([detector, count]): FindingCount => ({ detector, count }));
    },
  };

  /** Pieces are small, and a digest costs by the call. */
  function hear(): void {
    heard ??= createHash("sha256");
    heard.update(unheard, "utf16le");
    unheard = "";
  }

  function isHeard(whole: string): boolean {
    if (heard === undefined) return whole === unheard;
    hear();
    const digest = createHash("sha256").update(whole, "utf16le").digest("hex");
    return digest === heard.copy().digest("hex");
  }

  function settle(whole: boolean): void {
    clusters.add(reading.take());
    const begun = whole ? undefined : reading.begun();
    const pending = whole ? length : reading.pending();
    if (hidden !== undefined && !showAgain(begun !== undefined, pending, whole)) {
      certain = length;
    } else if (begun !== undefined && pending >= begun.start) {
      settleTo(clusters.boundary(begun.start));
      hide(begun.detector, true, begun.identity);
    } else {
      settleTo(clusters.boundary(Math.min(pending, begun?.start ?? pending)));
      if (!whole && length - certain > mostHeld) hide(overLong, false);
    }
    leave();
  }

  function settleTo(bound: number): void {
    for (const { detector, start: from, end, identity } of clusters.take(bound)) {
      // What left before it could be known as the beginning of anything is gone.
      const start = Math.max(from, certain);
      if (end <= start) continue;
      const mark = marks.markOf(detector, reading.slice(from, end), identity);
      note({ detector, start, end, mark });
    }
    certain = Math.max(certain, bound);
  }

  function note(edit: MaskedFinding): void {
    edits.push(edit);
    counts.set(edit.detector, (counts.get(edit.detector) ?? 0) + 1);
  }

  /** Everything from here on is hidden: its mark leaves now, its end is not known. */
  function hide(detector: string, block: boolean, identity?: string): void {
    const mark = marks.markOf(detector, undefined, identity);
    note({ detector, start: certain, end: Number.POSITIVE_INFINITY, mark });
    hidden = { start: certain, block };
    certain = length;
  }

  /** Whether what was hidden has ended; what left meanwhile stays hidden in any case. */
  function showAgain(blockGoesOn: boolean, pending: number, whole: boolean): boolean {
    const { start, block } = hidden as { start: number; block: boolean };
    const bound = clusters.boundary(pending);
    if (blockGoesOn || (!whole && (bound <= start || (!block && length - bound > mostHeld)))) {
      return false;
    }
    certain = Math.max(certain, clusters.endOf(start));
    edits.push({ ...(edits.pop() as MaskedFinding), end: certain });
    hidden = undefined;
    return true;
  }

  function leave(): void {
    let gone = 0;
    for (const { start, text } of queue) {
      if (start + text.length > certain) break;
      leaving.push(applied(text, start, edits.slice(firstEdit)));
      while ((edits[firstEdit]?.end ?? Number.POSITIVE_INFINITY) <= start + text.length) {
        firstEdit += 1;
      }
      gone += 1;
    }
    if (gone > 0) queue = queue.slice(gone);
  }
}

/** A part of the text, which stood at `from`, as it is after the edits. */
export function applied(text: string, from: number, edits: readonly MaskedFinding[]): string {
  const end = from + text.length;
  let result = "";
  let at = from;
  for (const edit of edits) {
    if (edit.end <= from) continue;
    if (edit.start >= end) break;
    result += text.slice(at - from, Math.max(at, edit.start) - from);
    if (edit.start >= from) result += edit.mark;
    at = Math.min(end, edit.end);
  }
  return at === from ? text : result + text.slice(at - from);
}
