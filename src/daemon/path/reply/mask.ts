/**
 * Mask: hides in the reply what neither client nor transcript may see: the
 * credential that was injected and the session token, should an upstream echo
 * them, and whatever the policy's detectors find, in its head or at any split
 * of its body. Only string values are changed, and the texts of what is no
 * JSON: names, numbers and framing pass as they are. What cannot be searched
 * does not pass.
 */

import type { Masking } from "../../masking/masking.js";
import type { Masker } from "../../masking/text/echo-bytes.js";
import { createFoundCounts } from "../../masking/text/found-counts.js";
import { createLogicalMasking } from "../../masking/text/logical-text.js";
import { withKnownTexts } from "../../masking/text/star-out.js";
import { knownStructure } from "../../masking/text/structure-guard.js";
import { type FindingCount, hasDetectors } from "../../model/masking-terms.js";
import type { BodyFlow } from "../../model/reply.js";
import { advance, type Decoded, type Masked, type Station } from "../exchange.js";
import { ofTheBytes, valueIn, withoutHeaders } from "../headers.js";
import { headWithout, maskedHead } from "./masked-head.js";
import { maskedReply } from "./masked-reply.js";
import type { MaskedFlow } from "./masked-stream.js";
import { asksForMiddle, fromTheMiddle } from "./reply-beginning.js";
import { declaredForm, hasNoBody, mayBeOneJson } from "./reply-form.js";
import { shortBody } from "./short-body.js";
import { unreadable } from "./unreadable.js";

export interface MaskOptions {
  readonly openMasker: (texts: readonly string[]) => Masker;
  readonly masking: Pick<Masking, "open">;
  /** Told of what should not happen while a reply streams. */
  readonly fault: (exchangeId: string, error: Error) => void;
}

/** A body is masked before its head is sent where it says that it is no longer than that. */
const shortLimit = 64 << 10;

const never = () => null;

/** Creates the station that masks a reply as it flows. */
export function createMask(options: MaskOptions): Station<Decoded, Masked> {
  return function mask(exchange) {
    try {
      return search(exchange);
    } catch (error) {
      throw refused(exchange, error);
    }
  };

  function search(exchange: Decoded): Masked | Promise<Masked> {
    const { id, session, provider, method, query, restore, signal, sensitive } = exchange;
    const finders = options.masking.open(session.id, exchange.policy.masking);
    const counts = createFoundCounts();
    const masker = options.openMasker(sensitive);
    const findings = () => {
      const count = masker.count();
      const inBytes = count === 0 ? [] : [{ detector: "credential", count }];
      return together([...inBytes, ...counts.all()]);
    };
    const known = headWithout(exchange.replyHead, sensitive, counts);
    const head = maskedHead(known, finders, counts);
    const masked = advance(exchange, { replyHead: head, findings, stopped: never });
    if (hasNoBody(method, head)) return masked;

    const structure = knownStructure(sensitive);
    const searched = hasDetectors(exchange.policy.masking);
    const given = {
      exchangeId: id,
      masking: createLogicalMasking(withKnownTexts(sensitive, finders), structure),
      known: sensitive,
      counts,
      restore,
      fault: options.fault,
      head,
      provider,
      searched,
      masker,
      fromMiddle: searched && asksForMiddle(query),
    };
    const declared = declaredForm(head);
    // Before the head is sent, where it says enough; else the body tells.
    if (given.fromMiddle && !mayBeOneJson(head)) throw fromTheMiddle();
    const stated = valueIn(head.headers, "content-length");
    const isShort = /^\d{1,9}$/.test(stated) && Number(stated) <= shortLimit;
    if (declared === "events" || declared === "media" || !isShort) {
      const reply = maskedReply({ ...given, flow: exchange.flow });
      // Media pass as they are, or not at all: their head stays true.
      return declared === "media" ? advance(masked, reply) : flowing(masked, reply);
    }
    let stopped: MaskedFlow["stopped"] = never;
    const maskedFlow = (flow: BodyFlow) => {
      const reply = maskedReply({ ...given, flow });
      stopped = reply.stopped;
      return reply.flow;
    };
    return shortBody(exchange.flow, maskedFlow, signal).then(
      ({ flow, length, changed }) => {
        const body = advance(masked, { flow, stopped });
        if (!changed) return body;
        const headers = withoutHeaders(head.headers, ofTheBytes);
        if (length !== null) headers.push("content-length", String(length));
        return advance(body, { replyHead: { ...head, headers } });
      },
      (error) => {
        throw refused(exchange, error);
      },
    );
  }

  function refused(exchange: Decoded, error: unknown): unknown {
    const { signal, flow, id } = exchange;
    flow.cancel(error as Error);
    if (signal.aborted && error === signal.reason) return error;
    const refusal = unreadable(error);
    if (refusal !== error) options.fault(id, refusal.cause as Error);
    return refusal;
  }
}

/** The exchange with this body, without the headers that say how long it is, or its digest. */
function flowing(exchange: Masked, body: MaskedFlow): Masked {
  const { replyHead } = exchange;
  const headers = withoutHeaders(replyHead.headers, ofTheBytes);
  return advance(exchange, { ...body, replyHead: { ...replyHead, headers } });
}

/** A detector's findings, wherever they were found. */
function together(found: readonly FindingCount[]): readonly FindingCount[] {
  const counts = createFoundCounts();
  counts.add(found);
  return counts.all().map((count) => ({ ...count, place: "reply" }));
}
