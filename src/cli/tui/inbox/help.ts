/** Help: every key of the inbox and what it does. */
import type { ChalkInstance } from "chalk";
import { cutTo } from "../../output/width.js";

const keys: readonly (readonly [keys: string, does: string])[] = [
  ["a", "approve this one, once it was shown"],
  ["s  t", "approve similar ones too, for the session or 15 min; asks first"],
  ["d", "deny; asks for a comment, which the agent is told"],
  ["n  p", "the next pending review, the one before"],
  ["j  k  ↓ ↑", "down, up; PgDn, PgUp, g and G go further"],
  ["Enter  Space", "open what is selected; q or Esc goes back"],
  ["/  Tab", "search in it; the next match"],
  ["f  Esc", "filter the list; show all again"],
  ["v  V", "show the next hidden piece, all of them"],
  ["r", "ask the daemon for it again"],
  ["q  Ctrl-C", "quit"],
  ["", ""],
  ["…  !  +", "answer on its way, answer refused, more approvals needed"],
];

/** The lines of the help. */
export function helpLines(columns: number, colours: ChalkInstance): readonly string[] {
  const rows = keys.map(
    ([key, does]) => `  ${colours.bold(key.padEnd(14))}${cutTo(does, columns - 16)}`,
  );
  return ["", ...rows, "", colours.dim("  any key goes back")];
}
