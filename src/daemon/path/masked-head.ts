/**
 * Masked head: the values of a reply's headers without what is hidden. Those
 * that say how the body is framed or what it is stay as they are.
 */
import type { SessionMasking } from "../masking/masking.js";
import { needlesOf } from "../model/needles.js";
import type { ReplyHead } from "../model/reply.js";
import type { FoundCounts } from "./found-counts.js";

const framing = /^(?:content-(?:type|length|encoding|range)|date|server|vary|accept-ranges)$/i;

/** The head with what the finders find in it hidden. */
export function maskedHead(
  head: ReplyHead,
  masking: Pick<SessionMasking, "mask">,
  counts: FoundCounts,
): ReplyHead {
  // Most heads hold nothing, and are looked at once for that.
  const lines = head.headers.map((text, index) => text + (index % 2 === 0 ? ": " : "\n"));
  if (masking.mask(`${lines.join("")}\n${head.statusText}`).findings.length === 0) return head;
  const headers = head.headers.map((value, index) => {
    const name = head.headers[index - (index % 2)] as string;
    // A name is looked at as well: it comes from the same upstream. It cannot hold a mark.
    if (index % 2 === 0) return masking.mask(value).findings.length === 0 ? value : "x-masked";
    if (framing.test(name) || value === "") return value;
    // What gives a value away is the name it has.
    const { text, findings } = masking.mask(`${name}: ${value}`);
    if (findings.length === 0) return value;
    for (const { detector } of findings) counts.addOne(detector);
    return text.startsWith(`${name}: `) ? text.slice(name.length + 2) : "[masked]";
  });
  const statusText = masking.mask(head.statusText).text;
  return { ...head, headers, statusText };
}

/** The head with these texts hidden, and how many there were. */
export function headWithout(
  head: ReplyHead,
  texts: readonly string[],
): { readonly head: ReplyHead; readonly count: number } {
  let count = 0;
  const needles = needlesOf(texts);
  // Nearly no head holds one: looked at once for all of it.
  if (!needles.standIn(head.headers.join("\n"))) return { head, count };
  const headers = head.headers.map((value) => {
    for (const text of texts) {
      if (!value.includes(text)) continue;
      count += 1;
      value = value.replaceAll(text, "*".repeat(text.length));
    }
    return value;
  });
  return { head: { ...head, headers }, count };
}
