/**
 * Decode: a reply that came compressed although it was asked for as it is,
 * decompressed once for all stations that read it, and sent on as it is then.
 * Each reply is read: an upstream may repeat the credential in it. A coding
 * that is not known, or a text in letters that are not, cannot be searched,
 * and does not pass.
 */

import { decodedFlow } from "../../formats/coding/decoded-flow.js";
import { Refusal } from "../../model/refusal.js";
import { advance, type Decoded, type Forwarded, type Station } from "../exchange.js";
import { ofTheBytes, valuesIn, withoutHeaders } from "../headers.js";
import { hasNoBody, unreadableType } from "./reply-form.js";

/** Creates the station that makes a reply readable. */
export function createDecode(): Station<Forwarded, Decoded> {
  return function decode(exchange) {
    const { replyHead, flow, method } = exchange;
    const { headers } = replyHead;
    if (hasNoBody(method, replyHead)) return advance(exchange, { decoded: true });
    const odd = unreadableType(replyHead);
    if (odd !== undefined) throw refused(odd);
    // A header may come twice, and clients put its values together.
    const coding = valuesIn(headers, "content-encoding")
      .filter((word) => !/^(?:identity)?$/i.test(word))
      .join(", ");
    if (coding === "") return advance(exchange, { decoded: true });
    const decoded = decodedFlow(flow, coding);
    if (decoded === undefined) throw refused("the reply has an unknown encoding");
    return advance(exchange, {
      decoded: true,
      replyHead: {
        ...replyHead,
        headers: withoutHeaders(headers, [...ofTheBytes, "content-encoding"]),
      },
      flow: decoded,
    });

    function refused(why: string): Refusal {
      const refusal = new Refusal("reply_unreadable", why);
      flow.cancel(refusal);
      return refusal;
    }
  };
}
