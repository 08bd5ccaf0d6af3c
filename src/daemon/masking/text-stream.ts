/**
 * Text stream: masks a text that comes in pieces. A piece leaves when nothing
 * in it can become a finding any more; what is hidden is replaced by its mark
 * in the piece it began in. Wherever the text is cut, the pieces joined are
 * what the whole would have become.
 */
import { createHash } from "node:crypto";
import type { FindingCount } from "../model/masking-terms.js";
import { createClusters } from "./clusters.js";
import type { Marks } from "./marks.js";
import type { MaskedFinding, MaskedText, TextStream } from "./masking.js";
import type { Reading } from "./reading.js";

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

/** Opens the stream of one text. */
export function openTextStream(options: TextStreamOptions): TextStream {
  const { reading, marks, mask } = options;
  const clusters = createClusters();
  const heard = createHash("sha256");
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
  /** Where what is hidden without a known end begins. */
  let hidden: { readonly start: number; readonly mark: string } | undefined;

  return {
    push(piece) {
      heard.update(piece, "utf16le");
      queue.push({ start: length, text: piece });
      length += piece.length;
      reading.append(piece, false);
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
    get held() {
      return queue.length;
    },
    repeat(whole) {
      const same =
        ended &&
        whole.length === length &&
        createHash("sha256").update(whole, "utf16le").digest("hex") === heard.copy().digest("hex");
      return same ? applied(whole, 0, edits) : mask(whole).text;
    },
    get counts() {
      return [...counts].map(([detector, count]): FindingCount => ({ detector, count }));
    },
  };

  function settle(whole: boolean): void {
    clusters.add(reading.take());
    const bound = clusters.boundary(whole ? length : reading.pending);
    for (const { detector, start, end, identity } of clusters.take(bound)) {
      const secret = reading.slice(start, end);
      note(detector, start, end, marks.markOf(detector, secret, identity));
    }
    certain = Math.max(certain, bound);
    hideOverLong(whole);
    leave();
  }

  function note(detector: string, from: number, end: number, mark: string): void {
    // What left before it could be known as the beginning of anything is gone.
    const start = Math.max(from, certain);
    if (end <= start) return;
    edits.push({ detector, start, end, mark });
    counts.set(detector, (counts.get(detector) ?? 0) + 1);
  }

  function hideOverLong(whole: boolean): void {
    if (!whole && length - certain <= mostHeld) return;
    void hidden;
    void overLong;
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
