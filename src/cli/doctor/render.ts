/**
 * Render: checks as people read them, a line each: ✓ fine, ! works but
 * deserves a look, ✗ fails, – not checked. Nothing is cut: what is too long for the terminal goes on below.
 */
import type { CheckView } from "../../contract/checkup-views.js";
import { escapeLine } from "../output/escape.js";
import type { TableOptions } from "../output/table.js";
import { widthOf } from "../output/width.js";
import { wrapTo } from "../output/wrap.js";

const nameCells = 18;
const indent = " ".repeat(nameCells + 4);

/** The checks as text, each line ended. */
export function renderChecks(
  checks: readonly CheckView[],
  { width, colours }: TableOptions,
): string {
  const marks = {
    ok: colours.green("✓"),
    warning: colours.yellow("!"),
    failed: colours.red("✗"),
    skipped: colours.dim("–"),
  };
  return checks
    .map(({ name, outcome, message, hint }) => {
      const shown = escapeLine(name);
      const gap = " ".repeat(Math.max(0, nameCells - widthOf(shown)));
      const lines = [
        ...wrap(escapeLine(message), width),
        ...(hint === null
          ? []
          : wrap(`hint: ${escapeLine(hint)}`, width).map((line) => colours.dim(line))),
      ];
      const text = lines.join(`\n${indent}`);
      return `${marks[outcome]} ${shown}${gap}  ${text}\n`;
    })
    .join("");
}

function wrap(text: string, width: number | undefined): readonly string[] {
  return width === undefined ? [text] : wrapTo(text, Math.max(20, width - indent.length));
}
