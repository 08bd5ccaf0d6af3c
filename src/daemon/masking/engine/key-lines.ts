/**
 * Key lines: where a private key ends whose first line was seen. It ends with
 * its last line. Where none comes, it ends behind its own lines: each has a
 * long row of base64, whatever else a format puts on it (a log's prefix, quotes,
 * comment signs, line numbers, other members of a record). So only whole lines
 * without such a row say that it has ended, and several of them. Each character
 * is read once: the end is the same wherever a text is cut.
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
/** So many lines in a row without a long row are no key's. */
const mostLines = 4;
/** So far behind the last long row a key has ended, where lines are longer than a log's. */
const longestGap = 1024;

/** The longest beginning of a last line, or of a first line of another key behind this one. */
const boundary =
  /-(?:-(?:-(?:-(?:-(?:B(?:E(?:G(?:I(?:N(?:[ +][A-Z0-9 +]{0,60}-{0,5})?)?)?)?)?|E(?:N(?:D(?:[ +][A-Z0-9 +]{0,60}-{0,5})?)?)?)?)?)?)?)?/y;
const dash = 0x2d;
const backslash = 0x5c;
const space = 0x20;

/** Opens the lines of one key. */
export function openKeyLines(): KeyLines {
  let row = 0;
  /** Whole lines since the last long row; blank ones do not count. */
  let lines = 0;
  /** Characters since the last long row. */
  let gap = 0;
  /** More than space stands on this line. */
  let written = false;
  /** It has no long row. */
  let bare = false;
  /** Line ends may stand in it as escapes: as long as none stands in it as itself. */
  let inLiteral = true;
  let escaping = false;

  return {
    read(text, from, whole) {
      let at = from;
      while (at < text.length) {
        const code = text.charCodeAt(at);
        if (isLineEnd(code)) inLiteral = false;
        if (isLineEnd(code) || (escaping && inLiteral && isEscapedEnd(code))) {
          if (written && bare) lines += 1;
          [row, written, bare] = [0, false, true];
        } else if (isInRow(code)) {
          row += 1;
          written = true;
          if (row >= leastRow) [lines, gap, bare] = [0, 0, false];
        } else {
          row = 0;
          if (code > space && code !== backslash) written = true;
          if (code === dash) {
            boundary.lastIndex = at;
            const [line] = boundary.exec(text) as RegExpExecArray;
            if (at + line.length === text.length && !whole && !isWhole(line))
              return { at, ended: false };
            if (isWhole(line)) {
              at += line.length;
              if (line.startsWith("-----END")) return { at, ended: true };
              [lines, gap, bare, escaping] = [0, 0, false, false];
              continue;
            }
          }
        }
        escaping = code === backslash;
        gap += 1;
        at += 1;
        if (lines >= mostLines || gap > longestGap) return { at, ended: true };
      }
      return { at, ended: whole };
    },
  };
}

const isWhole = (line: string) => /[A-Z0-9 +]-----$/.test(line);

const isLineEnd = (code: number) => code === 0x0a || code === 0x0d;

/** Of `\n` and `\r` what stands behind the backslash. */
const isEscapedEnd = (code: number) => code === 0x6e || code === 0x72;

function isInRow(code: number): boolean {
  return (
    (code >= 0x61 && code <= 0x7a) ||
    (code >= 0x41 && code <= 0x5a) ||
    (code >= 0x2f && code <= 0x39) ||
    code === 0x2b ||
    code === 0x3d
  );
}
