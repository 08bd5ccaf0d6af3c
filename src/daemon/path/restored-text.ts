/**
 * Restored text: where secrets of a request were replaced before they left,
 * the agent gets them back in the reply, and nobody else: the record keeps
 * what stood there. A mark may come cut, so a piece that ends in the beginning
 * of one waits for the next.
 */
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
  // Within JSON what is put back stands in a literal.
  const json = beginsJson.test(text);
  return text.replace(mark, (found) => written(restore(found), json));
}

const beginsJson = /^\s{0,64}(?:\{\s{0,64}"|\[\s{0,64}["{[])/;

const written = (text: string, json: boolean) => (json ? JSON.stringify(text).slice(1, -1) : text);

/** Opens a text that comes in pieces. */
export function openRestoredText(restore: Restore): RestoredText {
  let beginning = "";
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
    const json = beginsJson.test(beginning);
    let start = 0;
    let taken = 0;
    for (const piece of pieces) {
      const end = start + piece.length;
      if (end > until) break;
      let made = "";
      let at = start;
      for (const one of found) {
        if (one.end <= start || one.start >= end) continue;
        made += all.slice(at, Math.max(at, one.start));
        if (one.start >= start) made += written(restore(one.text), json);
        at = Math.min(end, one.end);
      }
      leaves.push(at === start ? piece : made + all.slice(at, end));
      start = end;
      taken += 1;
    }
    pieces = pieces.slice(taken);
    const straddling = found.find((one) => one.start < start && one.end > start);
    rest = straddling === undefined ? 0 : straddling.end - start;
  }

  return {
    push(piece) {
      if (beginning.length < 64) beginning = (beginning + piece).trimStart();
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
