/**
 * Screen: whether anything is to be found in a text that is whole, in itself
 * or in what it is when decoded. Nearly all texts hold nothing, and this says
 * so in one pass, for a small part of what finding costs.
 */
import { base64Runs } from "./base64.js";
import { withoutControlSequences, withoutFinals } from "./control-sequences.js";
import { withoutEscapes } from "./escapes.js";
import type { Finder } from "./finding.js";
import { deepest } from "./reading.js";

/**
 * Whether a finding is in a text; where it says no, reading the text would find nothing. `part`:
 * the text goes on, and what follows may be needed for a finding.
 */
export function holdsAny(
  finders: readonly Finder[],
  text: string,
  depth = 0,
  shown = false,
  part = false,
): boolean {
  const searched = withoutFinals(text);
  for (const { holds, find } of finders) {
    if (holds === undefined ? find(searched).length > 0 : holds(searched, part)) return true;
  }
  if (depth === deepest) return false;
  const decoded = withoutEscapes(text);
  if (decoded !== text && holdsAny(finders, decoded, depth + 1, shown, part)) return true;
  const seen = shown ? text : withoutControlSequences(text);
  if (seen !== text && holdsAny(finders, seen, depth + 1, true, part)) return true;
  return base64Runs(text, (run) => holdsAny(finders, run, depth + 1, shown, part));
}
