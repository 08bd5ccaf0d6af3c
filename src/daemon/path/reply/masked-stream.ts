/**
 * Masked stream: a reply of server-sent events, masked text by text as it
 * flows. Where that cannot be done — an event that cannot be read, a finder
 * that breaks, too much that waits — the stream ends with an error that the
 * provider's SDKs raise, and nothing more of the reply passes.
 */

import type { FoundCounts } from "../../masking/text/found-counts.js";
import type { LogicalMasking } from "../../masking/text/logical-text.js";
import type { Restore } from "../../masking/text/restored-text.js";
import { createKnownGuard } from "../../masking/text/structure-guard.js";
import { noticeOf, Refusal, type RefusalCode } from "../../model/refusal.js";
import type { BodyFlow, BodySink } from "../../model/reply.js";
import type { TextReader } from "../../providers/text-reader.js";
import { createMaskedEvents } from "./masked-events.js";
import { unreadable } from "./unreadable.js";

export interface MaskedFlowOptions {
  readonly flow: BodyFlow;
  readonly exchangeId: string;
  readonly masking: LogicalMasking;
  /** Texts that must not stand in what leaves. The masking hides them where it may. */
  readonly known: readonly string[];
  readonly counts: FoundCounts;
  readonly restore?: Restore | undefined;
  /** Told of what should not happen while a reply streams. */
  readonly fault: (exchangeId: string, error: Error) => void;
}

export interface MaskedFlow {
  readonly flow: BodyFlow;
  /** Why it was ended with an error of ours; null where it was not, or not yet. */
  readonly stopped: () => RefusalCode | null;
}

/** The stream with its texts masked. */
export function maskedStream(options: MaskedFlowOptions, reader: TextReader): MaskedFlow {
  const { flow, exchangeId } = options;
  let stopped: RefusalCode | null = null;

  function start(sink: BodySink): void {
    let over = false;
    const guard = createKnownGuard(options.known, (...piece) => sink.data(...piece));
    const events = createMaskedEvents({ ...options, deliver: guard.pass });
    const stop = (error: unknown) => {
      if (over) return;
      over = true;
      const refusal = unreadable(error);
      if (refusal !== error) options.fault(exchangeId, refusal.cause as Error);
      stopped = refusal.code;
      flow.cancel(refusal);
      sink.data(reader.refusalEvent(noticeOf(refusal, exchangeId)));
      sink.end();
    };
    const guarded = (step: () => void) => {
      if (over) return;
      try {
        step();
      } catch (error) {
        stop(error);
      }
    };
    flow.start({
      data: (chunk) => guarded(() => events.take(reader.push(chunk))),
      end: () =>
        guarded(() => {
          events.take(reader.end());
          events.end();
          guard.end();
          over = true;
          sink.end();
        }),
      fail(error) {
        // Ours, of a reply that does not decompress. What broke off upstream stays broken off:
        // what is held may be the beginning of a secret.
        if (error instanceof Refusal && error.code === "reply_unreadable") stop(error);
        else if (!over) {
          over = true;
          sink.fail(error);
        }
      },
    });
  }

  const { pause, resume, cancel } = flow;
  return { flow: { start, pause, resume, cancel }, stopped: () => stopped };
}
