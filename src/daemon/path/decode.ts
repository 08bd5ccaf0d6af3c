/**
 * Decode: a reply that came compressed although it was asked for as it is,
 * decompressed once for all that want to read it, and sent on as it is then. A
 * coding that is not known cannot be searched, and does not pass.
 */
import { Refusal } from "../model/refusal.js";
import { decodedFlow } from "./decoded-flow.js";
import { ofTheBytes, valueIn, withoutHeaders } from "./headers.js";
import { advance, type Forwarded, type Station } from "./station.js";

/** Creates the station that makes a reply readable. */
export function createDecode(): Station<Forwarded, Forwarded> {
  return function decode(exchange) {
    const { replyHead, flow, method, watched, searched } = exchange;
    const { status, headers } = replyHead;
    if (!watched && !searched) return exchange;
    if (method === "HEAD" || status === 204 || status === 304) return exchange;
    const coding = valueIn(headers, "content-encoding").trim();
    if (coding === "" || coding.toLowerCase() === "identity") return exchange;
    const decoded = decodedFlow(flow, coding);
    if (decoded === undefined) {
      const why = "the reply is encoded in a way that is not known";
      const refusal = new Refusal("reply_unreadable", why);
      flow.cancel(refusal);
      throw refusal;
    }
    return advance(exchange, {
      replyHead: {
        ...replyHead,
        headers: withoutHeaders(headers, [...ofTheBytes, "content-encoding"]),
      },
      flow: decoded,
    });
  };
}
