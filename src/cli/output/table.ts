/**
 * Table: rows for people on a terminal, tab-separated full values for programs
 * everywhere else (as gh does). On a terminal a table is never wider than it:
 * flexible columns are cut first, then the least needed columns go.
 */
import type { ChalkInstance } from "chalk";
import { escapeLine } from "./escape.js";
import { cutTo, widthOf } from "./width.js";

export interface Column<Row> {
  readonly title: string;
  /** The full value, for pipes; also for the terminal where `short` is absent. */
  readonly value: (row: Row) => string;
  readonly short?: (row: Row) => string;
  /** Adds colour on the terminal; gets the text padded and escaped. */
  readonly paint?: (text: string, row: Row) => string;
  readonly align?: "right";
  /** May be cut down to `flexible` cells. */
  readonly flexible?: number;
  /** May go altogether; the lowest goes first. */
  readonly drop?: number;
  /** For pipes only. */
  readonly pipeOnly?: true;
}

export interface TableOptions {
  /** Cells of the terminal; undefined where there is none. */
  readonly width: number | undefined;
  readonly colours: ChalkInstance;
}

/** The table as text, each line ended; on a terminal with the escaped lines that belong below a row. */
export function renderTable<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  { width, colours }: TableOptions,
  below: (row: Row, width: number) => readonly string[] = () => [],
): string {
  if (width === undefined) {
    return rows
      .map((row) => `${columns.map((column) => escapeLine(column.value(row))).join("\t")}\n`)
      .join("");
  }
  const shown = columns.filter((column) => column.pipeOnly === undefined);
  const cells = rows.map((row) =>
    shown.map((column) => escapeLine((column.short ?? column.value)(row))),
  );
  const fitted = fitColumns(shown, cells, width);
  const line = (texts: readonly string[], paint: (text: string, at: number) => string) => {
    const parts = fitted.map(({ at, width: cell }, place) => {
      const text = cutTo(texts[at] ?? "", cell);
      const gap = " ".repeat(Math.max(0, cell - widthOf(text)));
      const right = shown[at]?.align === "right";
      const last = place === fitted.length - 1;
      return right ? gap + paint(text, at) : paint(text, at) + (last ? "" : gap);
    });
    return `${parts.join("  ")}\n`;
  };
  const titles = line(
    shown.map((column) => column.title),
    (text) => colours.dim(text),
  );
  return (
    titles +
    rows
      .map(
        (row, index) =>
          line(cells[index] ?? [], (text, at) => shown[at]?.paint?.(text, row) ?? text) +
          below(row, width)
            .map((text) => `${colours.dim(text)}\n`)
            .join(""),
      )
      .join("")
  );
}

interface Fitted {
  /** Index of the column. */
  readonly at: number;
  readonly width: number;
}

function fitColumns<Row>(
  columns: readonly Column<Row>[],
  cells: readonly (readonly string[])[],
  width: number,
): readonly Fitted[] {
  const natural = columns.map((column, at) =>
    Math.max(widthOf(column.title), ...cells.map((row) => widthOf(row[at] ?? ""))),
  );
  let kept = columns.map((_, at) => at);
  for (;;) {
    const widths = new Map(kept.map((at) => [at, natural[at] ?? 0]));
    const over = () => [...widths.values()].reduce((sum, cell) => sum + cell + 2, -2) - width;
    for (let excess = over(); excess > 0; excess = over()) {
      const [widest] = kept
        .filter((at) => (widths.get(at) ?? 0) > (columns[at]?.flexible ?? Number.POSITIVE_INFINITY))
        .sort((a, b) => (widths.get(b) ?? 0) - (widths.get(a) ?? 0));
      if (widest === undefined) break;
      widths.set(widest, (widths.get(widest) ?? 0) - 1);
    }
    const [spare] = kept
      .filter((at) => columns[at]?.drop !== undefined)
      .sort((a, b) => (columns[a]?.drop ?? 0) - (columns[b]?.drop ?? 0));
    if (over() <= 0 || spare === undefined) {
      return kept.map((at) => ({ at, width: widths.get(at) ?? 0 }));
    }
    kept = kept.filter((at) => at !== spare);
  }
}

/** Names and values below each other: padded on a terminal, `name:<tab>value` elsewhere. */
export function renderDetails(
  details: readonly (readonly [name: string, value: string])[],
  { width, colours }: TableOptions,
): string {
  if (width === undefined) {
    return details.map(([name, value]) => `${name}:\t${escapeLine(value)}\n`).join("");
  }
  const pad = Math.max(...details.map(([name]) => name.length));
  return details
    .map(([name, value]) => {
      const room = Math.max(8, width - pad - 4);
      return `  ${colours.dim(name.padEnd(pad))}  ${cutTo(escapeLine(value), room)}\n`;
    })
    .join("");
}
