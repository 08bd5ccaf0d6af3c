/**
 * Masked reply: a reply's body masked as what it is. Its first bytes are
 * waited for and decide: a stream of events is searched as one under any
 * content-type, and JSON is JSON also where the head says that it is a stream.
 */
import { isUtf8 } from "node:buffer";
import { knownFlow, type Masker } from "../../masking/text/echo-bytes.js";
import { Refusal, type RefusalCode } from "../../model/refusal.js";
import type { BodyFlow, BodySink, ReplyHead } from "../../model/reply.js";
import type { Provider } from "../../providers/provider.js";
import { maskedBody } from "./masked-body.js";
import { type MaskedFlow, type MaskedFlowOptions, maskedStream } from "./masked-stream.js";
import { fromTheMiddle, isOneJson, mostHeldFromMiddle } from "./reply-beginning.js";
import { beginsAs, beginsBinary, declaredForm, saysText } from "./reply-form.js";

export interface MaskedReplyOptions extends MaskedFlowOptions {
  readonly head: ReplyHead;
  readonly provider: Pick<Provider, "json" | "openTexts">;
  /** Detectors look at the reply: an event that cannot be read does not pass. */
  readonly searched: boolean;
  /** Searched, and asked for from its middle: only one JSON value, held until it is whole, may answer that. */
  readonly fromMiddle: boolean;
  /** Hides known secrets in bytes that are no text. */
  readonly masker: Masker;
}

type Engine = "events" | "json" | "text" | "bytes";

/** The body with its texts masked. */
export function maskedReply(options: MaskedReplyOptions): MaskedFlow {
  const { flow, head, searched, masking, provider, masker } = options;
  const declared = declaredForm(head);
  const { pause, resume, cancel } = flow;
  let stopped: () => RefusalCode | null = () => null;

  /** Undefined where the bytes do not tell yet. */
  function engineFor(start: Buffer, whole: boolean): Engine | undefined {
    const begun = beginsAs(start, whole);
    if (declared === "events") {
      if (begun === "json") return "json";
      // A comment may be all that comes for a while, and it has to pass.
      return whole || start.toString("latin1").trim() !== "" ? "events" : undefined;
    }
    if (begun === undefined) return undefined;
    if (declared === "media") {
      // Sound without a head of its own may begin with any byte.
      if (begun === "neither" || beginsBinary(start) || !isUtf8(start)) return "bytes";
      throw new Refusal("reply_unreadable", "the reply has the content-type of media, but is text");
    }
    if (begun === "events") return "events";
    if (begun === "json") return declared === "json" ? "json" : "text";
    if (declared === "unknown" && beginsBinary(start)) return "bytes";
    return declared === "json" ? "json" : "text";
  }

  /** The flow from its first byte on, through what masks it. */
  function through(engine: Engine, source: BodyFlow): BodyFlow {
    if (engine === "bytes") return knownFlow(source, masker);
    const given = { ...options, flow: source };
    const masked =
      engine === "events"
        ? maskedStream(given, provider.openTexts({ lenient: !searched }))
        : maskedBody({
            ...given,
            text: engine === "json" ? masking.openBody(provider.json) : masking.open(""),
            saysText: saysText(head),
          });
    stopped = masked.stopped;
    return masked.flow;
  }

  function start(sink: BodySink): void {
    let into: BodySink | undefined;
    let over = false;
    let begun: Buffer[] = [];
    let size = 0;
    /** Nothing leaves until all of it is known to be one JSON value. */
    let held = false;

    const join = (next: BodySink) => {
      into = next;
    };

    /** Starts what masks the reply, and gives it what came so far. */
    function decide(whole: boolean): void {
      if (over) return;
      try {
        const first = begun.length === 1 && begun[0] ? begun[0] : Buffer.concat(begun);
        begun = [first];
        const engine = engineFor(first, whole);
        if (engine === undefined) return;
        if (options.fromMiddle) {
          if (beginsAs(first, true) !== "json") throw fromTheMiddle();
          held = !whole && size <= mostHeldFromMiddle;
          if (held) return;
          if (!whole || !isOneJson(first)) throw fromTheMiddle();
        }
        through(engine, { start: join, pause, resume, cancel }).start(sink);
      } catch (error) {
        over = true;
        const refusal = error as Refusal;
        stopped = () => refusal.code;
        cancel(refusal);
        sink.fail(refusal);
        return;
      }
      for (const piece of begun) if (piece.length > 0) into?.data(piece);
      begun = [];
    }

    flow.start({
      data(chunk) {
        if (into !== undefined) {
          into.data(chunk);
          return;
        }
        if (over) return;
        begun.push(chunk);
        size += chunk.length;
        if (!held || size > mostHeldFromMiddle) decide(false);
      },
      end() {
        if (into === undefined) decide(true);
        into?.end();
      },
      fail(error) {
        // What is held of it is not whole, and stays here.
        if (held && !over) sink.fail(error);
        else if (into === undefined) decide(true);
        into?.fail(error);
      },
    });
  }

  return { flow: { start, pause, resume, cancel }, stopped: () => stopped() };
}
