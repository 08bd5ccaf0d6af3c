/**
 * Gate: the model's tool calls, held to the policy before the agent can act on
 * them. Where no rule speaks of them a reply passes untouched. Where one may,
 * nothing of a call is passed on before it is whole and ruled on, and what
 * cannot be read is not passed on at all. See docs/tool-calls.md.
 */
import { Refusal, refusalCodeOf } from "../../model/refusal.js";
import type { BodyFlow } from "../../model/reply.js";
import type { PolicyHolder } from "../../policy/policy.js";
import type { Desk } from "../../reviews/desk.js";
import { advance, type Gated, type Ledger, type Masked, type Station } from "../exchange.js";
import { ofTheBytes, valueIn, withoutHeaders } from "../headers.js";
import { type BothFormsReader, readBothForms } from "./both-forms.js";
import { type GatedBody, gatedBody } from "./gated-body.js";
import { gatedStream } from "./gated-stream.js";
import { metered } from "./usage-tap.js";
import { usedTokens } from "./used-tokens.js";

export interface GateOptions {
  readonly desk: Desk;
  readonly policies: Pick<PolicyHolder, "latest">;
  readonly now: () => Date;
  readonly ledger: Ledger;
  /** Told of what should not happen while a reply streams. */
  readonly fault: (exchangeId: string, error: Error) => void;
  readonly pace: Partial<GatePace> & Pick<GatePace, "processingMs">;
}

/** How clients are kept while a person is waited for, milliseconds (measured: docs/decisions/0011-holding-tool-calls.md). */
export interface GatePace {
  /** Between two comments in a stream. */
  readonly keepAliveMs: number;
  /** Between two interim responses before a head. */
  readonly processingMs: number;
  /** Until a client that waits for a head would give up. */
  readonly headPatienceMs: number;
  /** The longest a stream is held. */
  readonly streamPatienceMs: number;
}

const minute = 60_000;
const usual = {
  keepAliveMs: 15_000,
  headPatienceMs: 9 * minute,
  streamPatienceMs: 60 * minute,
};

/** Creates the station that stands between the model's tool calls and the agent. */
export function createGate(options: GateOptions): Station<Masked, Gated> {
  const pace = { ...usual, ...options.pace };

  return function gate(exchange) {
    if (!exchange.watched) return advance(exchange, { gated: true });
    const { replyHead, operation, provider, method, restore } = exchange;
    const { status, headers } = replyHead;
    // An error has no calls in it, and what has no body has none either.
    const bodiless = method === "HEAD" || status === 204 || status === 304;
    if (bodiless || status >= 400) return advance(exchange, { gated: true });
    try {
      const open = () => provider.openToolCalls(operation, valueIn(headers, "content-type"));
      const reader = open();
      if (reader === undefined) return advance(exchange, { gated: true });
      const both = readBothForms(reader, restore && open());
      return reader.form === "whole" ? holdBody(exchange, both) : hold(exchange, both);
    } catch (error) {
      exchange.flow.cancel(error as Error);
      const code = refusalCodeOf(error);
      if (error instanceof Refusal || code === undefined) throw error;
      throw new Refusal(code, (error as Error).message, { cause: error });
    }
  };

  function hold(exchange: Masked, reader: BothFormsReader): Gated {
    const { replyHead } = exchange;
    const { keepAliveMs, streamPatienceMs: patienceMs } = pace;
    const gated = gatedStream({ ...options, exchange, reader, keepAliveMs, patienceMs });
    // Comments may be put between the events: its length and digest are not known.
    const headers = withoutHeaders(replyHead.headers, ofTheBytes);
    return advance(exchange, { gated: true, ...gated, replyHead: { ...replyHead, headers } });
  }

  async function holdBody(exchange: Masked, reader: BothFormsReader): Promise<Gated> {
    const { processingMs, headPatienceMs } = pace;
    const patienceMs = Math.max(0, headPatienceMs - exchange.elapsed() / 1000);
    const { replyHead, provider, operation } = exchange;
    const meter = provider.openMeter(operation, valueIn(replyHead.headers, "content-type"));
    let whole = false;
    const arrived = () => {
      whole = true;
    };
    const given = { ...options, exchange, reader, meter, arrived, processingMs, patienceMs };
    const body = await gatedBody(given).catch((error: unknown) => {
      advance(exchange, { metered: usedTokens(exchange, metered(meter), whole) });
      throw error;
    });
    const stated = valueIn(replyHead.headers, "content-length");
    const headers =
      !body.changed && stated !== ""
        ? replyHead.headers
        : [
            ...withoutHeaders(replyHead.headers, ofTheBytes),
            "content-length",
            String(body.delivered.length),
          ];
    return advance(exchange, {
      gated: true,
      replyHead: { ...replyHead, headers },
      flow: flowOf(body),
    });
  }
}

/** Bytes that are all here, as a flow. */
function flowOf({ recorded, delivered }: GatedBody): BodyFlow {
  return {
    start(sink) {
      if (delivered.length > 0) sink.data(recorded, delivered);
      sink.end();
    },
    pause() {},
    resume() {},
    cancel() {},
  };
}
