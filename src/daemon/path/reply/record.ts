/**
 * Record: the transcript, durable before delivery. Each piece of the reply is
 * written first and handed on when the store says that it is safe; frames of
 * one turn of the event loop share a transaction. If the store cannot write,
 * the reply ends there: what is not recorded is not delivered. What waits to be
 * written is bounded (backlog.ts): its upstream is paused. An exchange is
 * complete once the provider's last event was delivered: SDKs close then, and
 * do not wait for the connection's end.
 */
import { Abandoned, Refusal } from "../../model/refusal.js";
import type { ReplyFlow, ReplySink } from "../../model/reply.js";
import type { Ending } from "../../model/transcript.js";
import type { Spending } from "../../spending/spending.js";
import type { Durable } from "../../store/group-commit.js";
import { advance, type Gated, type Ledger, type Recorded, type Station } from "../exchange.js";
import { outcomeOf } from "../exchange-start.js";
import { headText, valueIn } from "../headers.js";
import { type Backlog, createBacklog } from "./backlog.js";
import { type Metered, openUsageTap } from "./usage-tap.js";
import { isEventStream, usedTokens } from "./used-tokens.js";

export interface RecordOptions {
  readonly ledger: Ledger;
  readonly spending: Pick<Spending, "ended">;
}

/** Creates the station that writes a reply down as it flows. */
export function createRecord({ ledger, spending }: RecordOptions): Station<Gated, Recorded> {
  const backlog = createBacklog(waiting);
  return function record(exchange) {
    return advance(exchange, { reply: recordedFlow(exchange, { ledger, spending, backlog }) });
  };
}

/** The most that waits to be written: four transactions of the store, so that small requests beside are quick. */
const waiting = { each: 1 << 20, together: 4 << 20 };

interface Places extends RecordOptions {
  readonly backlog: Backlog;
}

function recordedFlow(exchange: Gated, { ledger, spending, backlog }: Places): ReplyFlow {
  const { flow } = exchange;
  const share = backlog.open(flow);
  const { key, elapsed, replyHead, provider, operation } = exchange;
  const usage = openUsageTap(provider, replyHead, operation);
  const type = valueIn(replyHead.headers, "content-type");
  /** A stream says itself where it ends; a body ends with its connection. */
  const inEvents = isEventStream(replyHead) || (operation.stream && !/\bjson\b/i.test(type));
  let firstByteAt: number | null = null;
  let responseBytes = 0;
  let ended = false;
  let lost = false;
  /** The provider said all of its reply; and the client was told so. */
  let said = false;
  let told = false;

  /** Ends the exchange: what it used takes the place of what was reserved for it. */
  function close(
    error: Ending["error"],
    { metered, whole }: { readonly metered: Metered; readonly whole: boolean },
    durable: Durable,
  ): void {
    const tokens = usedTokens(exchange, metered, whole && metered.inPart !== true);
    spending.ended(key, tokens, true);
    const ending: Ending = {
      status: replyHead.status,
      firstByteAt,
      endedAt: elapsed(),
      responseBytes,
      tokens,
      error,
      masked: [...exchange.shown.found, ...exchange.findings()],
      outcome: outcomeOf(exchange, { status: replyHead.status, error }),
    };
    ledger.close(key, ending, durable);
  }

  /** What was wrong with a reply that came to its end; an upstream's own status says enough. */
  function wholeError(): Ending["error"] {
    const told = replyHead.status < 400 && usage.failed();
    return exchange.stopped() ?? (told ? "upstream_error" : null);
  }

  return {
    start(sink: ReplySink) {
      /** The store failed: what it did not take is not delivered. */
      const lose = (cause: Error) => {
        if (lost) return;
        ended = true;
        lost = true;
        flow.cancel(cause);
        sink.fail(new Refusal("record_unavailable", "the transcript cannot be written", { cause }));
      };
      const whenDurable = (deliver: () => void) => (error?: Error) => {
        if (error !== undefined) lose(error);
        else if (!lost) deliver();
      };
      const append = (kind: "reply-head" | "reply-body", data: Buffer, deliver: () => void) => {
        const at = elapsed();
        firstByteAt ??= at;
        const { length } = data;
        const durable = whenDurable(deliver);
        ledger.append(key, { kind, at, data }, (error) => {
          durable(error);
          share.settled(length);
        });
        // After the sink has it: the store may say at once that it cannot.
        share.waits(length);
      };

      const line = `HTTP/1.1 ${replyHead.status} ${replyHead.statusText}`;
      append("reply-head", headText(line, replyHead.headers), () => sink.head(replyHead));
      const finish = () => {
        if (ended) return;
        ended = true;
        const deliver = whenDurable(() => sink.end());
        const whole = said || !inEvents;
        usage.finish((metered) => close(wholeError(), { metered, whole }, deliver));
      };
      flow.start({
        data(chunk, delivered = chunk, last = false) {
          if (ended) return;
          said ||= last;
          responseBytes += delivered.length;
          usage.push(chunk);
          append("reply-body", chunk, () => {
            told ||= last;
            sink.data(delivered);
          });
        },
        end: finish,
        fail(error) {
          if (ended) return;
          // What broke off behind the last event was nothing of the reply.
          if (said) {
            finish();
            return;
          }
          ended = true;
          const deliver = whenDurable(() => sink.fail(error));
          const part = { metered: usage.soFar(), whole: false };
          close(exchange.stopped() ?? "truncated", part, deliver);
        },
      });
    },

    pause: () => share.clientIs(true),
    resume: () => share.clientIs(false),
    cancel(reason) {
      flow.cancel(reason);
      if (ended) return;
      ended = true;
      const code = reason instanceof Abandoned ? reason.code : "truncated";
      const error = told ? wholeError() : code;
      close(error, { metered: usage.soFar(), whole: said }, () => {});
    },
  };
}
