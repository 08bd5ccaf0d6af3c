/** Help: every key of the player and what it does. */
import type { ChalkInstance } from "chalk";
import { cutTo } from "../../output/width.js";

const keys: readonly (readonly [keys: string, does: string])[] = [
  ["Space", "play, pause; from the end, play again"],
  ["→  ←", "next turn, turn before"],
  ["]  [", "next exchange, exchange before; also Shift with → ←"],
  ["g  1…9", "go to an exchange by its number"],
  ["Home  End", "the beginning; all that is there"],
  ["↑ ↓  k j", "scroll; PgUp and PgDn by pages"],
  ["+  -", "faster, slower"],
  ["/  n  N", "search; the next match, the one before; Esc ends it"],
  ["r", "the frames of this exchange as they were recorded"],
  ["q  Ctrl-C", "quit"],
  ["", ""],
  ["◆  ✓  ✗", "a note; a review that was approved; what did not go through"],
  ["›  ·", "the match that is looked at, and others"],
];

/** The lines of the help. */
export function helpLines(columns: number, colours: ChalkInstance): readonly string[] {
  const rows = keys.map(
    ([key, does]) => `  ${colours.bold(key.padEnd(12))}${cutTo(does, columns - 14)}`,
  );
  return ["", ...rows, "", colours.dim("  any key goes back")];
}
