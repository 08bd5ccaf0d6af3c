/** The real finders in streams of every shape: cut anywhere, nothing of a secret leaves. */
import { expect, test } from "vitest";
import { createFoundCounts } from "../../../../src/daemon/masking/text/found-counts.js";
import { createLogicalMasking } from "../../../../src/daemon/masking/text/logical-text.js";
import { createMaskedEvents } from "../../../../src/daemon/path/reply/masked-events.js";
import { openai } from "../../../../src/daemon/providers/openai/openai.js";
import { invented, inventedRules, openMaskingOf } from "../../../support/invented-rules.js";
import { eventsIn, streamShapes, streamText } from "../../../support/masked-streams.js";

function through(text: string): string {
  const left: Buffer[] = [];
  const events = createMaskedEvents({
    masking: createLogicalMasking(openMaskingOf(inventedRules)),
    counts: createFoundCounts(),
    deliver: (bytes) => void left.push(bytes),
  });
  events.take(openai.openTexts().push(Buffer.from(text)));
  events.end();
  return Buffer.concat(left).toString();
}

const secrets = [invented.token, invented.long, invented.zorg, invented.quill];
const prose = `first ${invented.token}, then ${invented.long}; zorg_key = ${invented.zorg} and ${invented.quill}.`;
const object = {
  first: `is ${invented.token}.`,
  zorg_key: invented.zorg,
  deep: JSON.stringify({ long: invented.long, list: [invented.quill] }),
};

test.each(streamShapes)("$name", (shape) => {
  const text = shape.json ? JSON.stringify(object) : prose;
  for (let at = 1; at < text.length; at += 3) {
    const pieces = [text.slice(0, at), text.slice(at, at + 3), text.slice(at + 3)];
    const sent = shape.events(pieces.filter((piece) => piece !== ""));
    const left = eventsIn(through(streamText(sent)));
    for (const said of [shape.joined(left), ...shape.repeats(left)]) {
      if (shape.json) JSON.parse(said);
      for (const secret of secrets) {
        for (let from = 0; from + 8 <= secret.length; from += 4) {
          expect(said).not.toContain(secret.slice(from, from + 8));
        }
      }
    }
  }
});
