/**
 * Key lines: where a private key ends whose first line was seen. It ends with
 * its last line, or where its lines end: base64 in long rows, parted by
 * whatever a format puts between them (line ends, escapes, quotes, comment
 * signs, line numbers). Words are rows too, but short ones: a few may stand
 * between two long rows, and no more. It reads each character once, so it says
 * the same wherever a text is cut.
 */
export interface KeyLines {
  /**
   * Reads on from `from`; `at` is how far it came. Where the key has ended that is its end; where
   * it has not, all of the text but what may be the beginning of its last line.
   */
  read(
    text: string,
    from: number,
    whole: boolean,
  ): { readonly at: number; readonly ended: boolean };
}

/** A row of a key has so many characters, but for its last one and its checksum. */
const leastRow = 16;
/** So many short rows without a long one are no key's. */
const mostShort = 4;
/** So far behind the last long row a key has ended. */
const longestGap = 256;

/** The longest beginning of a last line, or of a first line of another key behind this one. */
const boundary =
  /-(?:-(?:-(?:-(?:-(?:B(?:E(?:G(?:I(?:N(?:[ +][A-Z0-9 +]{0,60}-{0,5})?)?)?)?)?|E(?:N(?:D(?:[ +][A-Z0-9 +]{0,60}-{0,5})?)?)?)?)?)?)?)?/y;
const dash = 0x2d;
const equals = 0x3d;

/** Opens the lines of one key. */
export function openKeyLines(): KeyLines {
  let row = 0;
  let short = 0;
  /** Characters since the last long row. */
  let gap = 0;
  /** The row began with `=`: a checksum. */
  let checksum = false;
  let padded = false;

  return {
    read(text, from, whole) {
      let at = from;
      while (at < text.length) {
        const code = text.charCodeAt(at);
        if (isInRow(code)) {
          if (row === 0 && padded && code !== equals) return { at, ended: true };
          if (row === 0) checksum = code === equals;
          padded = code === equals;
          row += 1;
          // A row that was short until now.
          gap = row >= leastRow ? 0 : gap + 1;
        } else {
          if (!endRow() || isForeign(code)) return { at, ended: true };
          if (code === dash) {
            boundary.lastIndex = at;
            const [line] = boundary.exec(text) as RegExpExecArray;
            if (at + line.length === text.length && !whole && !isWhole(line))
              return { at, ended: false };
            if (isWhole(line)) {
              at += line.length;
              if (line.startsWith("-----END")) return { at, ended: true };
              [short, gap, padded] = [0, 0, false];
              continue;
            }
          }
          gap += 1;
        }
        at += 1;
        if (gap > longestGap) return { at, ended: true };
      }
      return { at, ended: whole };
    },
  };

  /** Whether the key may go on behind it. */
  function endRow(): boolean {
    if (row >= leastRow) short = 0;
    else if (row > 0 && !checksum) short += 1;
    row = 0;
    return short < mostShort;
  }
}

const isWhole = (line: string) => /[A-Z0-9 +]-----$/.test(line);

function isInRow(code: number): boolean {
  return (
    (code >= 0x61 && code <= 0x7a) ||
    (code >= 0x41 && code <= 0x5a) ||
    (code >= 0x2f && code <= 0x39) ||
    code === 0x2b ||
    code === equals
  );
}

/** A letter that stands in no key and in no format: text follows. */
function isForeign(code: number): boolean {
  return code > 0x7f && /[\p{L}\p{Cs}]/u.test(String.fromCharCode(code));
}
