/**
 * Expected tokens: what a request may use at most, as far as it can be said
 * before it leaves. Budgets reserve this, and where the reply states no usage
 * its input is the estimate that is kept. The request's text is counted when a
 * budget or an estimate first asks for it: most requests meet neither.
 */
import type { TokenUsage } from "../../model/transcript.js";
import type { Classified } from "../exchange.js";

/** Reserved for the reply of a request that sets no limit of its own. */
const usualOutput = 1024;

/** More than any model writes: a request cannot reserve a whole day's budget by a number. */
const mostReserved = 1_000_000;

/** A longer body is not walked again: its bytes are counted, less the media in it. */
const walked = 1 << 16;

/** Counted when it is first called. */
export type ExpectedTokens = () => TokenUsage;

const none: TokenUsage = { input: 0, output: 0 };

/** What a request is expected to use at most: its text, and the output that it asks for. */
export function expectedTokens(
  exchange: Pick<Classified, "operation" | "head" | "readable" | "prompt" | "mostOutput">,
): ExpectedTokens {
  if (exchange.operation.class !== "inference") return () => none;
  const output = Math.min(exchange.mostOutput ?? usualOutput, mostReserved);
  let expected: TokenUsage | undefined;
  return () => {
    expected ??= { input: inputOf(exchange), output };
    return expected;
  };
}

/** A token has about four characters. */
function inputOf({
  head,
  readable,
  prompt,
}: Pick<Classified, "head" | "readable" | "prompt">): number {
  // A form's files are media: how many tokens they are their bytes do not say.
  if (!/json/i.test(head.contentType)) return 0;
  if (readable.length > walked) return Math.ceil(textBytes(readable) / 4);
  let characters = 0;
  for (const piece of prompt()) {
    characters += typeof piece === "string" ? piece.length : piece.part.length;
  }
  return Math.ceil(characters / 4);
}

const mediaBegin = ";base64,";
const quote = 0x22;
const space = 0x20;

/** Bytes of a JSON body that are not media in a `data:` URL. */
function textBytes(body: Buffer): number {
  let bytes = body.length;
  for (let at = body.indexOf(mediaBegin); at !== -1; ) {
    const end = body.indexOf(quote, at);
    if (end === -1) break;
    // A text that only says the word goes on with spaces.
    if (!body.subarray(at, end).includes(space)) bytes -= end - at;
    at = body.indexOf(mediaBegin, end);
  }
  return bytes;
}
