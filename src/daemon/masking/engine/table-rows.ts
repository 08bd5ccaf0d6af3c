/**
 * Table rows: below a header that names a password or a token, the cells of
 * that column, row by row, as CSV, Markdown and database clients write tables.
 * A table has no last row that is known before the line behind it.
 */
import { isPassword, isToken } from "../rules/secret-values.js";
import type { Found } from "./search.js";

export interface TableRows {
  /** Reads the lines that are there; false once the table is over. */
  advance(text: string, from: number, whole: boolean): boolean;
  /** Where the line begins that is not read yet. */
  pending(): number;
  take(): readonly Found[];
}

interface Cell {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

const secretName = /(?:passw(?:or)?d|passwd|passphrase|passcode|pwd|secret|token|api[_ -]?key)s?$/i;
/** A column's name: a few words. */
const name = /^[\p{L}_][\p{L}\d_.-]*(?: [\p{L}\d_.()-]+){0,3}$/u;
const longestLine = 4096;
const longestHeader = 400;

/** Opens the table whose header is this line; undefined where it is none. `at`: where its rows begin. */
export function openTableRows(detector: string, header: string, at: number): TableRows | undefined {
  const delimiter = ["|", "\t", ";", ","].find((one) => header.includes(one));
  if (delimiter === undefined) return undefined;
  const names = cellsOf(header, delimiter);
  if (names.length < 2 || !names.every(({ text }) => text === "" || name.test(text)))
    return undefined;
  const columns = names.flatMap(({ text }, column) => (secretName.test(text) ? [column] : []));
  if (columns.length === 0) return undefined;
  let found: Found[] = [];
  let next = at;

  return {
    pending() {
      return next;
    },
    take() {
      const taken = found;
      found = [];
      return taken;
    },
    advance(text, from, whole) {
      for (;;) {
        const end = text.indexOf("\n", next - from);
        if (end === -1 && !whole) return text.length - (next - from) < longestLine;
        const line = text.slice(next - from, end === -1 ? text.length : end);
        if (!read(line)) return false;
        next += line.length + 1;
        if (end === -1) return false;
      }
    },
  };

  function read(line: string): boolean {
    if (line.length > longestLine) return false;
    // What parts a header from its rows.
    if (/^[-+|:= \t\r]+$/.test(line)) return true;
    const cells = cellsOf(line, delimiter as string);
    if (cells.length !== names.length) return false;
    for (const column of columns) {
      const { start, end, text } = cells[column] as Cell;
      if (!isPassword(text) && !isToken(text)) continue;
      found.push({ detector, start: next + start, end: next + end });
    }
    return true;
  }
}

/** Whether a row holds something below the header whose line this place is in and which ends at `end`. */
export function tableHolds(text: string, at: number, end: number): boolean {
  const rows = openTableRows("", headerAt(text, at, end), end);
  rows?.advance(text, 0, true);
  return rows !== undefined && rows.take().length > 0;
}

/** Whether the line that this place is in and which ends at `end` is a table's header. */
export function isTableHeader(text: string, at: number, end: number): boolean {
  return openTableRows("", headerAt(text, at, end), end) !== undefined;
}

/** The line that a match stands in, up to the match's end. */
export function headerAt(text: string, at: number, end: number): string {
  return text.slice(Math.max(text.lastIndexOf("\n", at - 1) + 1, at - longestHeader), end);
}

/** The cells of a line with their places, without spaces and quotes around them. */
function cellsOf(line: string, delimiter: string): readonly Cell[] {
  const cells: Cell[] = [];
  let start = 0;
  let quoted = false;
  for (let at = 0; at <= line.length; at += 1) {
    if (delimiter !== "|" && line[at] === '"') quoted = !quoted;
    if (at < line.length && (quoted || line[at] !== delimiter)) continue;
    cells.push(trimmed(line, start, at));
    start = at + 1;
  }
  return cells;
}

function trimmed(line: string, from: number, to: number): Cell {
  let [start, end] = [from, to];
  while (start < end && /[\s"'`*]/.test(line[start] as string)) start += 1;
  while (end > start && /[\s"'`*]/.test(line[end - 1] as string)) end -= 1;
  return { start, end, text: line.slice(start, end) };
}
