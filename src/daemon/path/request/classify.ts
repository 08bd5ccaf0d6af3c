/**
 * Classify: ask the provider what this is. Reads the body, whole, and lets
 * nothing by that the provider's extractor cannot read: what is unknown is
 * named so, and the policy denies it unless a rule names it (SECURITY P3).
 */

import { createBodyDecoders, type UnpackLimits } from "../../formats/coding/body-encoding.js";
import { Refusal } from "../../model/refusal.js";
import { advance, type Classified, type Seated, type Station } from "../exchange.js";
import { asksForSocket, headOf } from "./named-operation.js";
import type { RecentBodies } from "./recent-bodies.js";

export interface ClassifyOptions extends UnpackLimits {
  /** Values that a JSON body may have. */
  readonly jsonValues: number;
}

const unread = {
  parsed: false,
  mostOutput: null,
  reading: undefined,
  beginning: undefined,
} as const;

/** Creates the station that says which operation a request is. */
export function createClassify(
  limits: ClassifyOptions,
  recent: Pick<RecentBodies, "find">,
): Station<Seated, Classified> {
  const decoderOf = createBodyDecoders(limits);

  return async function classify(exchange) {
    const { connection, provider, session } = exchange;
    const head = headOf(exchange, connection);
    // Codex tries a WebSocket first. After 426 it falls back to POST at once; after 403, 404 and
    // 501 it tries seven times, and after 400 it gives up.
    if (asksForSocket(exchange)) {
      throw new Refusal("upgrade_unsupported", "WebSockets are not carried");
    }
    const action = provider.recognise(head);
    const decode = decoderOf(exchange.header("content-encoding"));
    const body = await exchange.readBody();
    // For looking only: what is sent are the bytes that came.
    const readable = decode === undefined ? body : await decode(body, exchange.holdBody);
    if (action === undefined) {
      if (/%2f/i.test(exchange.path)) {
        throw new Refusal("path_not_allowed", "the path has an escaped slash where no name stands");
      }
      const operation = provider.describeUnknown(head);
      const prompt = () => provider.promptOfUnknown(head, readable);
      return advance(exchange, { head, body, readable, ...unread, operation, prompt });
    }
    const beginning = recent.find(session, provider.name, readable);
    const described = await provider.describe(action, head, readable, limits, beginning);
    return advance(exchange, { head, body, readable, parsed: true, beginning, ...described });
  };
}
