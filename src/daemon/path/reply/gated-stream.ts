/**
 * Gated stream: a reply of server-sent events whose tool calls are held. While
 * a person is waited for, comments keep the client: SSE clients skip them, and
 * a body that is silent for five minutes is given up. A denied call ends the
 * stream with an error that the provider's SDKs raise; status and head are
 * long sent by then.
 */
import { noticeOf, Refusal, type RefusalCode, refusalCodeOf } from "../../model/refusal.js";
import type { BodyFlow, BodySink } from "../../model/reply.js";
import type { PolicyHolder } from "../../policy/policy.js";
import type { Desk } from "../../reviews/desk.js";
import type { Ledger, Masked } from "../exchange.js";
import type { BothForms, BothFormsReader } from "./both-forms.js";
import { createCallRuling } from "./call-ruling.js";
import { createHeldReply } from "./held-reply.js";

export interface GatedStreamOptions {
  readonly exchange: Masked;
  readonly reader: BothFormsReader;
  readonly desk: Desk;
  readonly policies: Pick<PolicyHolder, "latest">;
  readonly now: () => Date;
  readonly ledger: Ledger;
  /** Milliseconds between two comments. */
  readonly keepAliveMs: number;
  readonly patienceMs: number;
  readonly fault: (exchangeId: string, error: Error) => void;
}

/** Held bytes from which the upstream is asked to wait, while a person is waited for. */
const pauseFrom = 1 << 20;

/** The flow with its calls held, and why it was stopped, if it was. */
export function gatedStream(options: GatedStreamOptions) {
  const { exchange, reader } = options;
  const { flow, stopped: before } = exchange;
  const abort = new AbortController();
  const userAgent = exchange.header("user-agent") ?? "";
  let stopped: RefusalCode | null = null;
  let timer: NodeJS.Timeout | undefined;
  let clientFull = false;
  let paused = false;
  let waiting = 0;
  let heldBytes = 0;
  let drop = () => {};

  /** The upstream flows unless the client is full, or enough waits for a person. */
  function adjust(): void {
    const wanted = clientFull || (waiting > 0 && heldBytes > pauseFrom);
    if (wanted === paused) return;
    paused = wanted;
    if (wanted) flow.pause();
    else flow.resume();
  }

  function quiet(): void {
    clearInterval(timer);
    timer = undefined;
  }

  function close(reason: Error): void {
    drop();
    quiet();
    abort.abort(reason);
  }

  function start(sink: BodySink): void {
    let over = false;
    /** The provider's last event. */
    let final: BothForms | undefined;
    const finish = (last: () => void, reason: Error) => {
      if (over) return;
      over = true;
      close(reason);
      last();
    };
    const stop = (error: Error) => {
      const refusal = refusalOf(error);
      if (refusal.code === "fault") options.fault(exchange.id, error);
      finish(() => {
        stopped = refusal.code;
        flow.cancel(refusal);
        sink.data(reader.refusalEvent(noticeOf(refusal, exchange.id)));
        sink.end();
      }, refusal);
    };
    const rule = createCallRuling({
      ...options,
      signal: AbortSignal.any([exchange.signal, abort.signal]),
      waiting(change) {
        waiting += change;
        if (over) return;
        if (waiting > 0) timer ??= setInterval(comfort, options.keepAliveMs);
        else quiet();
        adjust();
      },
    });
    const held = createHeldReply({
      rule,
      deliver: (recorded, delivered, piece) => sink.data(recorded, delivered, piece === final),
      finish: () => finish(() => sink.end(), new Error("the reply is over")),
      stop,
      held(bytes) {
        heldBytes = bytes;
        adjust();
      },
      // Such a client adds items to a list as they come, and looks them up by their place.
      inOrder: exchange.header("x-stainless-helper-method") === "stream",
    });
    drop = held.drop;

    function comfort(): void {
      if (!over && !clientFull) sink.data(reader.keepAlive(userAgent));
    }

    const guarded = (step: () => void) => {
      if (over) return;
      try {
        step();
      } catch (error) {
        // The reader says what it cannot read by an error with a refusal's code.
        if (refusalCodeOf(error) === undefined) throw error;
        stop(error as Error);
      }
    };
    flow.start({
      data: (recorded, delivered, last) =>
        guarded(() => {
          const pieces = reader.push(recorded, delivered);
          if (last === true) final = pieces.at(-1);
          held.take(pieces);
        }),
      end: () =>
        guarded(() => {
          held.take(reader.end());
          held.end();
        }),
      fail(error) {
        // Ours, of a reply that does not decompress; what broke off upstream stays broken off.
        if (refusalCodeOf(error) === "reply_unreadable") stop(error);
        else finish(() => sink.fail(error), error);
      },
    });
  }

  const gated: BodyFlow = {
    start,
    pause() {
      clientFull = true;
      adjust();
    },
    resume() {
      clientFull = false;
      adjust();
    },
    cancel(reason) {
      close(reason);
      flow.cancel(reason);
    },
  };
  return { flow: gated, stopped: () => stopped ?? before() };
}

function refusalOf(error: Error): Refusal {
  if (error instanceof Refusal) return error;
  const code = refusalCodeOf(error) ?? "fault";
  return new Refusal(code, code === "fault" ? "hoopx failed" : error.message, { cause: error });
}
