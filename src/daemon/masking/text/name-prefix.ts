/**
 * Name prefix: what stands before a text and tells what it is — the name that
 * it is the value of — is looked at with it, but is written elsewhere.
 */
import type { MaskedText, SessionMasking, TextStream } from "../masking.js";

/** How a name stands before its value; nothing where there is none. */
export const contextOf = (name: string): string => (name === "" ? "" : `"${name}":"`);

/** Masks a text behind its context; positions are the text's. */
export function maskBehind(
  context: string,
  text: string,
  masking: Pick<SessionMasking, "mask">,
): MaskedText {
  const all = masking.mask(context + text);
  if (context === "") return all;
  const findings = all.findings
    .filter(({ end }) => end > context.length)
    .map(({ detector, mark, start, end }) => ({
      detector,
      mark,
      start: Math.max(0, start - context.length),
      end: end - context.length,
    }));
  if (findings.length === 0) return { text, findings };
  let from = 0;
  let made = "";
  for (const { start, end, mark } of findings) {
    made += text.slice(from, start) + mark;
    from = end;
  }
  return { text: made + text.slice(from), findings };
}

/** Opens a stream of text behind its context. */
export function openBehind(context: string, stream: TextStream): TextStream {
  if (context === "") return stream;
  let skipped = false;
  /** A mark that began in the context. */
  let carried = "";
  stream.push(context);
  return {
    push: (piece) => stream.push(piece),
    end: () => stream.end(),
    settled() {
      const pieces = [...stream.settled()];
      if (!skipped && pieces.length > 0) {
        skipped = true;
        carried = begunIn(context, pieces.shift() ?? "");
      }
      if (carried === "" || pieces.length === 0) return pieces;
      pieces[0] = carried + pieces[0];
      carried = "";
      return pieces;
    },
    held() {
      return Math.max(0, stream.held() - (skipped ? 0 : 1));
    },
    repeat: (whole) => stream.repeat(whole),
    counts() {
      return stream.counts();
    },
  };
}

/** The mark that is at the context's end instead of what it ended with. */
function begunIn(context: string, made: string): string {
  // A finding within the context is the context's own.
  if (made === context || made.slice(-1) === context.slice(-1)) return "";
  let at = 0;
  while (at < context.length && made[at] === context[at]) at += 1;
  return made.slice(at);
}
