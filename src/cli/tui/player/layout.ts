/**
 * Layout: how many lines and cells each part of the player has. The one place
 * that knows, so that what keys do and what is drawn cannot differ.
 */

export const leastColumns = 50;
export const leastLines = 10;

export interface Layout {
  readonly fits: boolean;
  /** Lines of the conversation, or of the frames. */
  readonly page: number;
  /** Cells of its text, the margin for marks aside. */
  readonly width: number;
}

/** Two heading lines above, a note and the keys below; two cells of margin. */
export function layoutOf(columns: number, lines: number): Layout {
  return {
    fits: columns >= leastColumns && lines >= leastLines,
    page: Math.max(1, lines - 4),
    width: Math.max(20, columns - 2),
  };
}
