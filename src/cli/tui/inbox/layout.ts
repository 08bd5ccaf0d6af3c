/**
 * Layout: how many lines each part of the inbox has on a screen of this size.
 * The one place that knows, so that what keys do (a page, the end) and what
 * is drawn cannot differ.
 */

export const leastColumns = 50;
export const leastLines = 10;

export interface Layout {
  readonly fits: boolean;
  /** Rows of the list. */
  readonly list: number;
  /** Lines of the selected review below the list; 0: none. */
  readonly preview: number;
  /** Lines of the open review. */
  readonly page: number;
}

/** Heading, titles, note and keys take a line each; the preview has a rule above it. */
export function layoutOf(columns: number, lines: number): Layout {
  const fits = columns >= leastColumns && lines >= leastLines;
  const room = Math.max(1, lines - 4);
  const list = room < 14 ? room : Math.max(6, Math.floor(room * 0.4));
  return { fits, list, preview: Math.max(0, room - list - 1), page: Math.max(1, lines - 4) };
}
