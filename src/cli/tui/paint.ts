/**
 * Paint: the bytes that turn one screen into the next. Only lines that differ
 * are written, each at its place, in one synchronized update: nothing flickers
 * and nothing scrolls.
 */

const beginUpdate = "\u001b[?2026h";
const endUpdate = "\u001b[?2026l";

/** `before` undefined: the terminal shows something else, all of it is drawn. */
export function paint(before: readonly string[] | undefined, after: readonly string[]): string {
  const changed = after.flatMap((line, index) =>
    before?.[index] === line ? [] : [`\u001b[${index + 1};1H\u001b[2K${line}`],
  );
  if (before !== undefined && changed.length === 0) return "";
  const clear = before === undefined ? "\u001b[2J" : "";
  return `${beginUpdate}${clear}${changed.join("")}${endUpdate}`;
}
