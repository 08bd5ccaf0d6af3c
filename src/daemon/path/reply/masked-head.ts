/**
 * Masked head: the values of a reply's headers, and the reason of its status
 * line, without what is hidden. Names, plain numbers and what says how the
 * body is framed stay as they are.
 */
import type { SessionMasking } from "../../masking/masking.js";
import type { FoundCounts } from "../../masking/text/found-counts.js";
import { knownStructure } from "../../masking/text/structure-guard.js";
import { needlesOf } from "../../model/needles.js";
import type { ReplyHead } from "../../model/reply.js";

const framing = /^(?:content-(?:type|length|encoding|range)|date|server|vary|accept-ranges)$/i;

/** True of a value that is structure: framing, or a number. */
const isStructure = (name: string, value: string) => framing.test(name) || /^\d*$/.test(value);

/** The head with what the finders find in it hidden. */
export function maskedHead(
  head: ReplyHead,
  masking: Pick<SessionMasking, "mask">,
  counts: FoundCounts,
): ReplyHead {
  // Most heads hold nothing, and are looked at once for that.
  const lines = head.headers.map((text, index) => text + (index % 2 === 0 ? ": " : "\n"));
  if (masking.mask(`${lines.join("")}\n${head.statusText}`).findings.length === 0) return head;
  const headers = valuesOf(head, (value, name) => {
    if (isStructure(name, value)) return value;
    // What gives a value away is the name it has.
    const { text, findings } = masking.mask(`${name}: ${value}`);
    for (const { detector } of findings) counts.addOne(detector);
    return text.startsWith(`${name}: `) ? text.slice(name.length + 2) : "[masked]";
  });
  const { text: statusText, findings } = masking.mask(head.statusText);
  for (const { detector } of findings) counts.addOne(detector);
  return { ...head, headers, statusText };
}

/** The head with these texts hidden. Throws where one stands in a name or in framing. */
export function headWithout(
  head: ReplyHead,
  texts: readonly string[],
  counts: FoundCounts,
): ReplyHead {
  const needles = needlesOf(texts);
  // Nearly no head holds one: looked at once for all of it.
  if (!needles.standIn(`${head.headers.join("\n")}\n${head.statusText}`)) return head;
  const structure = knownStructure(texts);
  const hidden = (value: string) => {
    let made = value;
    for (const text of texts) {
      if (!made.includes(text)) continue;
      counts.addOne("credential");
      made = made.replaceAll(text, "*".repeat(text.length));
    }
    return made;
  };
  const headers = valuesOf(head, (value, name) => {
    structure.check(name);
    if (!framing.test(name)) return hidden(value);
    structure.check(value);
    return value;
  });
  return { ...head, headers, statusText: hidden(head.statusText) };
}

/** The headers with other values; names and values in turn. */
function valuesOf(
  { headers }: ReplyHead,
  made: (value: string, name: string) => string,
): readonly string[] {
  return headers.map((text, index) =>
    index % 2 === 0 ? text : made(text, headers[index - 1] as string),
  );
}
