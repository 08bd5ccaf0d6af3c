/**
 * Mask many: texts that are whole, looked at together. Most hold nothing, and
 * looking costs by the text more than by the character; so they are looked at
 * as one, with something between them that stands in no finding, and only
 * those near a finding once more on their own.
 */
import type { SessionMasking } from "../masking/masking.js";

/** Stands in no text that anybody writes, and ends whatever stands before it. */
const between = '"\u0000\n\u0000"';

/** Places in the list of the texts that may hold a finding. */
export function suspected(
  texts: readonly string[],
  masking: Pick<SessionMasking, "mask">,
): ReadonlySet<number> {
  const places = new Set<number>();
  if (texts.length === 1) return new Set([0]);
  const { findings } = masking.mask(texts.join(between));
  if (findings.length === 0) return places;
  let start = 0;
  for (const [index, text] of texts.entries()) {
    const end = start + text.length;
    // A finding that goes over what stands between is none, and may hide one on either side.
    if (
      findings.some(
        (found) => found.start < end + between.length && found.end > start - between.length,
      )
    ) {
      places.add(index);
    }
    start = end + between.length;
  }
  return places;
}
