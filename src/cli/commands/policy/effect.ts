/** Effect: its colour, the same in every screen of `hoopx policy`; the word is always there too. */
import type { ChalkInstance } from "chalk";
import type { VerdictView } from "../../../contract/policy-views.js";

export function paintEffect(
  colours: ChalkInstance,
  text: string,
  effect: VerdictView["effect"],
): string {
  if (effect === "allow") return colours.green(text);
  return effect === "deny" ? colours.red(text) : colours.yellow(text);
}
