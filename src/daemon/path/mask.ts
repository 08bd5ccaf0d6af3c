/**
 * Mask: hides in the reply what neither client nor transcript may see: the
 * credential that was injected and the session token, should an upstream echo
 * them, and whatever the policy's detectors find, in its head or at any split
 * of its body. What should be searched and cannot be does not pass.
 */
import type { Masker } from "../masking/known-text.js";
import type { Masking } from "../masking/masking.js";
import type { FindingCount } from "../model/masking-terms.js";
import type { ReplyHead } from "../model/reply.js";
import { createFoundCounts, type FoundCounts } from "./found-counts.js";
import { ofTheBytes, valueIn, withoutHeaders } from "./headers.js";
import { knownFlow } from "./known-flow.js";
import { withKnownTexts } from "./known-texts.js";
import { createLogicalMasking } from "./logical-text.js";
import { maskedBody } from "./masked-body.js";
import { headWithout, maskedHead } from "./masked-head.js";
import { type MaskedFlow, maskedStream } from "./masked-stream.js";
import { maybeBinary, replyForm, saysText } from "./reply-form.js";
import { shortBody } from "./short-body.js";
import { advance, type Gated, type Masked, type Station } from "./station.js";
import { unreadable } from "./unreadable.js";

export interface MaskOptions {
  readonly openMasker: (texts: readonly string[]) => Masker;
  readonly masking: Pick<Masking, "open">;
  /** Told of what should not happen while a reply streams. */
  readonly fault: (exchangeId: string, error: Error) => void;
}

/** A body is masked before its head is sent where it says that it is no longer than that. */
const shortLimit = 64 << 10;

/** Creates the station that masks a reply as it flows. */
export function createMask(options: MaskOptions): Station<Gated, Masked> {
  return function mask(exchange) {
    const { sensitive, searched } = exchange;
    const masker = options.openMasker(sensitive);
    const { head: replyHead, count: inHead } = headWithout(exchange.replyHead, sensitive);
    const flow = knownFlow(exchange.flow, masker);
    const counts = createFoundCounts();
    const findings = () => {
      const count = masker.count + inHead;
      const known = count === 0 ? [] : [{ detector: "credential", count }];
      return together([...known, ...counts.all()]);
    };
    const masked = advance(exchange, { replyHead, flow, findings });
    if (!searched) return masked;
    try {
      return search(masked, counts);
    } catch (error) {
      throw refused(masked, error);
    }
  };

  function search(exchange: Masked, counts: FoundCounts): Masked | Promise<Masked> {
    const { id, session, provider, method, flow, restore, signal, sensitive } = exchange;
    const finders = options.masking.open(session.id, exchange.policy.masking);
    const masking = createLogicalMasking(withKnownTexts(sensitive, finders));
    const head = maskedHead(exchange.replyHead, finders, counts);
    const { fault } = options;
    const given = { flow, exchangeId: id, masking, counts, restore, fault };
    const form = replyForm(method, head);
    if (form === "none" || form === "bytes") return advance(exchange, { replyHead: head });
    if (form === "events") {
      return flowing(exchange, head, maskedStream(given, provider.openTexts()));
    }
    const text = form === "json" ? masking.openBody(provider.json) : masking.open("");
    const body = maskedBody({
      ...given,
      text,
      maybeBinary: maybeBinary(head),
      saysText: saysText(head),
    });
    const stated = valueIn(head.headers, "content-length");
    const isShort = /^\d{1,9}$/.test(stated) && Number(stated) <= shortLimit;
    if (!isShort) return flowing(exchange, head, body);
    return shortBody(body, signal).then(
      ({ flow: whole, length }) => {
        if (!body.changed()) return advance(exchange, { replyHead: head, flow: whole });
        const headers = withoutHeaders(head.headers, ofTheBytes);
        if (length !== null) headers.push("content-length", String(length));
        return advance(exchange, { replyHead: { ...head, headers }, flow: whole });
      },
      (error) => {
        throw refused(exchange, error);
      },
    );
  }

  function refused(exchange: Gated, error: unknown): unknown {
    const { signal, flow, id } = exchange;
    flow.cancel(error as Error);
    if (signal.aborted && error === signal.reason) return error;
    const refusal = unreadable(error);
    if (refusal !== error) options.fault(id, refusal.cause as Error);
    return refusal;
  }
}

/** Nobody knows how long it will be, or its digest. */
function flowing(exchange: Masked, head: ReplyHead, { flow, stopped }: MaskedFlow): Masked {
  const before = exchange.stopped;
  return advance(exchange, {
    replyHead: { ...head, headers: withoutHeaders(head.headers, ofTheBytes) },
    flow,
    stopped: () => stopped() ?? before(),
  });
}

/** A detector's findings, wherever they were found. */
function together(found: readonly FindingCount[]): readonly FindingCount[] {
  const counts = createFoundCounts();
  counts.add(found);
  return counts.all().map((count) => ({ ...count, place: "reply" }));
}
