/** Raw lines: the part of an exchange's frames that is on the screen. */
import type { ChalkInstance } from "chalk";
import { escapeLine } from "../../output/escape.js";
import { cutTo } from "../../output/width.js";
import { markedText, matchMark } from "../line-matches.js";
import type { Raw } from "./player-state.js";
import { timeWidth } from "./raw.js";

/** `page` lines of them at most. */
export function rawPage(
  raw: Raw,
  page: number,
  columns: number,
  colours: ChalkInstance,
): readonly string[] {
  if (raw.state === "loading") return ["", colours.dim("  asking for the frames …")];
  if (raw.state === "failed") {
    return ["", `  ${colours.red(cutTo(`not shown: ${escapeLine(raw.message)}`, columns - 2))}`];
  }
  if (raw.lines.length === 0) return ["", colours.dim("  nothing was recorded of it")];
  const paints = { heading: colours.cyan, alert: colours.red };
  return raw.lines.slice(raw.scroll, raw.scroll + page).map(({ style, time, text }, index) => {
    if (style !== "text") return `  ${paints[style](cutTo(text, columns - 2))}`;
    const found = raw.matches.filter(({ line }) => line === raw.scroll + index);
    const marked = markedText(text, found, raw.match, { colours, paint: String });
    return `${matchMark(found, raw.match)} ${colours.dim(time.padStart(timeWidth - 1))} ${marked}`;
  });
}
