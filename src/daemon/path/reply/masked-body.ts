/**
 * Masked body: a reply that is no stream of events, masked as it flows; no
 * more of it is held than a finding may be long. What cannot be searched is
 * cut off there.
 */
import type { TextStream } from "../../masking/masking.js";
import { openRestoredText, type RestoredText } from "../../masking/text/restored-text.js";
import { createKnownGuard } from "../../masking/text/structure-guard.js";
import { createTextBytes, type TextBytes } from "../../masking/text/text-bytes.js";
import { Refusal, type RefusalCode } from "../../model/refusal.js";
import type { BodySink } from "../../model/reply.js";
import type { MaskedFlow, MaskedFlowOptions } from "./masked-stream.js";
import { beginsWide } from "./reply-form.js";
import { unreadable } from "./unreadable.js";

export interface MaskedBodyOptions extends MaskedFlowOptions {
  readonly text: TextStream;
  /** It says that it is a text: one whose letters cannot be searched does not pass. */
  readonly saysText: boolean;
}

/** Bytes of a body that may wait for a text to be settled. */
const heldLimit = 32 << 20;

/** The body with its texts masked. */
export function maskedBody(options: MaskedBodyOptions): MaskedFlow {
  const { flow, exchangeId, counts, text, restore } = options;
  let stopped: RefusalCode | null = null;

  function start(sink: BodySink): void {
    const reader = createTextBytes();
    const waiting: TextBytes[] = [];
    const shown: { readonly piece: TextBytes; readonly made: string }[] = [];
    const restored: RestoredText | undefined = restore && openRestoredText(restore);
    let held = 0;
    let over = false;
    let begun: Buffer = Buffer.alloc(0);
    const guard = createKnownGuard(options.known, (...piece) => sink.data(...piece));

    function checkLetters(chunk: Buffer): void {
      if (!options.saysText || begun.length >= 4) return;
      begun = Buffer.concat([begun, chunk.subarray(0, 4)]);
      if (beginsWide(begun)) {
        throw new Refusal("reply_unreadable", "the reply is in letters that cannot be searched");
      }
    }

    function take(piece: TextBytes | undefined): void {
      if (piece === undefined) return;
      waiting.push(piece);
      held += piece.bytes.length;
      text.push(piece.text);
      drain();
      if (held > heldLimit) {
        throw new Refusal(
          "reply_unreadable",
          `over ${heldLimit} bytes of the reply wait for one text`,
        );
      }
    }

    function drain(): void {
      for (const made of text.settled()) {
        const piece = waiting.shift();
        if (piece === undefined) throw new Error("more was settled than was pushed");
        if (restored === undefined || made === "") leave(piece, made, made);
        else {
          shown.push({ piece, made });
          restored.push(made);
        }
      }
      for (const delivered of restored?.settled() ?? []) {
        const next = shown.shift();
        if (next !== undefined) leave(next.piece, next.made, delivered);
      }
    }

    function leave(piece: TextBytes, made: string, delivered: string): void {
      held -= piece.bytes.length;
      const recorded = made === piece.text ? piece.bytes : piece.write(made);
      if (delivered !== made) guard.pass(recorded, piece.write(delivered));
      else if (recorded.length > 0) guard.pass(recorded);
    }

    const guarded = (step: () => void) => {
      if (over) return;
      try {
        step();
      } catch (error) {
        over = true;
        const refusal = unreadable(error);
        if (refusal !== error) options.fault(exchangeId, refusal.cause as Error);
        stopped = refusal.code;
        flow.cancel(refusal);
        sink.fail(refusal);
      }
    };
    flow.start({
      data: (chunk) =>
        guarded(() => {
          checkLetters(chunk);
          take(reader.push(chunk));
        }),
      end: () =>
        guarded(() => {
          take(reader.end());
          text.end();
          drain();
          restored?.end();
          drain();
          counts.add(text.counts());
          if (waiting.length > 0) throw new Error("the reply ended and was not settled");
          guard.end();
          over = true;
          sink.end();
        }),
      fail(error) {
        if (over) return;
        over = true;
        if (error instanceof Refusal && error.code === "reply_unreadable") stopped = error.code;
        counts.add(text.counts());
        sink.fail(error);
      },
    });
  }

  const { pause, resume, cancel } = flow;
  return { flow: { start, pause, resume, cancel }, stopped: () => stopped };
}
