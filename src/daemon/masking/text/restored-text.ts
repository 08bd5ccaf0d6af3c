/**
 * Restored text: where secrets of a request were replaced before they left,
 * the agent gets them back in the reply. The record keeps the marks. What is
 * put back is escaped for each JSON literal that its mark stands in. A mark
 * may come cut, so a piece that ends in the beginning of one waits for the
 * next.
 */
import { openLiteralPlace, writtenAt } from "./literal-place.js";

export interface RestoredText {
  push(piece: string): void;
  end(): void;
  /** The pieces that are settled since this was last asked. */
  settled(): readonly string[];
}

/** What a mark stands for; the mark itself where it stands for nothing that may be told. */
export type Restore = (mark: string) => string;

const mark = /\[masked:[\w.-]{1,64}\]#\d{1,9}/g;
const begun = /\[(?:m(?:a(?:s(?:k(?:e(?:d(?::(?:[\w.-]{1,64}(?:\](?:#\d{0,9})?)?)?)?)?)?)?)?)?)?$/;

/** A text that is whole, as the agent gets it. */
export function restoredText(text: string, restore: Restore): string {
  if (!text.includes("[masked:")) return text;
  const stream = openRestoredText(restore);
  stream.push(text);
  stream.end();
  return stream.settled().join("");
}

/** Opens a text that comes in pieces. */
export function openRestoredText(restore: Restore): RestoredText {
  const place = openLiteralPlace();
  let pieces: string[] = [];
  let leaves: string[] = [];
  /** Characters of the first piece that are of a mark that was put back in an earlier one. */
  let rest = 0;

  function release(ended: boolean): void {
    const all = pieces.join("");
    const open = ended ? -1 : all.search(begun);
    const until = open === -1 ? all.length : open;
    const found = [...all.slice(rest).matchAll(mark)].map((one) => ({
      start: rest + one.index,
      end: rest + one.index + one[0].length,
      text: one[0],
    }));
    if (rest > 0) found.unshift({ start: -1, end: rest, text: "" });
    let start = 0;
    let taken = 0;
    for (const piece of pieces) {
      const end = start + piece.length;
      if (end > until) break;
      let made = "";
      let at = start;
      for (const one of found) {
        if (one.end <= start || one.start >= end) continue;
        made += passed(all.slice(at, Math.max(at, one.start)));
        if (one.start >= start) made += passed(written(one.text));
        at = Math.min(end, one.end);
      }
      const last = passed(all.slice(at, end));
      leaves.push(at === start ? piece : made + last);
      start = end;
      taken += 1;
    }
    pieces = pieces.slice(taken);
    const straddling = found.find((one) => one.start < start && one.end > start);
    rest = straddling === undefined ? 0 : straddling.end - start;
  }

  /** What the agent gets next. */
  function passed(text: string): string {
    place.push(text);
    return text;
  }

  /** What is put back can end no literal that it stands in, so it adds nothing to the JSON there. */
  function written(found: string): string {
    const text = restore(found);
    const here = text === found ? undefined : place.here();
    return here === undefined ? found : writtenAt(text, here);
  }

  return {
    push(piece) {
      pieces.push(piece);
      release(false);
    },
    end: () => release(true),
    settled() {
      const settled = leaves;
      leaves = [];
      return settled;
    },
  };
}
