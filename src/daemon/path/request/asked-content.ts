/**
 * Asked content: what a review is about as it will be sent or delivered, with
 * what is to be hidden from its reader. It is in memory alone.
 */
import type { AskedContent, ContentFinding } from "../../reviews/desk.js";
import type { Decided, Forwarded } from "../exchange.js";
import { valueIn } from "../headers.js";

type About = Pick<Decided, "masking" | "token">;

/** The body of a request that waits; of one that came packed, what is in it. */
export function askedBody(exchange: Decided): AskedContent {
  const { headers, readable, body } = exchange;
  const packed = valueIn(headers, "content-encoding") !== "";
  return contentOf(packed ? readable : body, exchange, [exchange.token.reveal()]);
}

/** The arguments of a tool call that waits. */
export function askedCall(exchange: Forwarded, text: string): AskedContent {
  return contentOf(Buffer.from(text), exchange, [exchange.token.reveal(), ...exchange.sensitive]);
}

function contentOf(bytes: Buffer, { masking }: About, known: readonly string[]): AskedContent {
  return {
    bytes,
    async findIn(text) {
      const steps = masking.maskSteps([text]);
      let step = steps.next();
      while (step.done !== true) {
        await new Promise((resolve) => setImmediate(resolve));
        step = steps.next();
      }
      return [...step.value, ...placesOf(text, known)];
    },
  };
}

function* placesOf(text: string, known: readonly string[]): Generator<ContentFinding> {
  for (const secret of known) {
    if (secret === "") continue;
    for (let start = text.indexOf(secret); start !== -1; ) {
      const end = start + secret.length;
      yield { detector: "a credential of the session", start, end };
      start = text.indexOf(secret, end);
    }
  }
}
