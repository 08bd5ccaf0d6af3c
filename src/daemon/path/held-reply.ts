/**
 * Held reply: the pieces of a reply in the order they leave. A piece that has
 * to do with a tool call waits until the call is ruled on, and so do those
 * held after it; what stands beside them goes on at once. What is allowed
 * leaves as the very bytes that came; the first call denied with an error
 * stops the reply, and nothing held leaves any more.
 */
import { Refusal } from "../model/refusal.js";
import type { ToolCall } from "../model/review.js";
import type { ReplyPiece } from "../providers/tool-call-reader.js";
import type { CallRuling } from "./call-ruling.js";

export interface HeldReplyOptions {
  readonly rule: (call: ToolCall) => Promise<CallRuling>;
  readonly deliver: (bytes: Buffer) => void;
  /** All has been delivered; `changed` where not as it came. */
  readonly finish: (changed: boolean) => void;
  /** Called once, instead of `finish`; nothing is delivered after it. */
  readonly stop: (error: Error) => void;
  /** Bytes that wait, after each change. */
  readonly held: (bytes: number) => void;
  /** Items leave in the order of their places: for clients that put a reply together by them. */
  readonly inOrder: boolean;
}

export interface HeldReply {
  take(pieces: readonly ReplyPiece[]): void;
  /** No more will come. */
  end(): void;
  /** Nobody wants it any more. */
  drop(): void;
}

/** A call that is whole, and what was said of it. */
interface Call {
  said: CallRuling | undefined;
}

/** Bytes that may wait for calls; a call longer than that is not one to act on unseen. */
const heldLimit = 32 << 20;

/** Calls of one reply: each may be a review that somebody has to read. */
const callLimit = 256;

/** Creates an empty held reply. */
export function createHeldReply(options: HeldReplyOptions): HeldReply {
  const calls = new Map<string, Call>();
  const asked = new Map<string, Promise<CallRuling>>();
  /** What is said in place of the calls that the model is told of. */
  const denied = new Map<string, string>();
  let why: Refusal | undefined;
  let queue: ReplyPiece[] = [];
  let bytes = 0;
  let asks = 0;
  let ended = false;
  let over = false;
  let changed = false;

  function stop(error: Error): void {
    if (over) return;
    drop();
    options.stop(error);
  }

  function drop(): void {
    over = true;
    queue = [];
    bytes = 0;
  }

  /** Rules on a call once, however often the reply repeats it. */
  function ask({ key, id, call }: ReplyPiece["whole"][number]): void {
    const same = JSON.stringify([id, call.kind, call.name, call.arguments]);
    let ruling = id === "" ? undefined : asked.get(same);
    if (ruling === undefined) {
      asks += 1;
      if (asks > callLimit) {
        stop(new Refusal("reply_unreadable", `the reply has more than ${callLimit} tool calls`));
        return;
      }
      ruling = options.rule(call);
      asked.set(same, ruling);
    }
    // Whole a second time, with other content: what is held waits for that answer.
    const asking: Call = { said: undefined };
    calls.set(key, asking);
    ruling.then(
      (said) => {
        if (over) return;
        if (said.denied !== undefined) {
          const refusal = new Refusal(said.denied.code, said.denied.message);
          if (!said.denied.tellModel) return stop(refusal);
          why = refusal;
          denied.set(key, `hoopx: ${said.denied.message}`);
        }
        asking.said = said;
        release();
      },
      (error) => stop(error instanceof Error ? error : new Error(String(error))),
    );
  }

  function mayPass({ calls: own, last, place }: ReplyPiece): boolean {
    if (queue.length === 0) return own.length === 0;
    if (own.length > 0 || last || queue.some((held) => held.last)) return false;
    if (!options.inOrder || place === null) return true;
    return queue.every((held) => held.place === null || held.place >= place);
  }

  function release(): void {
    while (!over) {
      const [next] = queue;
      if (next === undefined || next.calls.some((key) => calls.get(key)?.said === undefined)) break;
      queue.shift();
      bytes -= next.bytes.length;
      leave(next);
    }
    if (over) return;
    options.held(bytes);
    if (!ended) return;
    if (queue.length === 0) {
      over = true;
      options.finish(changed);
    } else if (queue.some((held) => held.calls.some((key) => calls.get(key) === undefined))) {
      stop(new Refusal("reply_unreadable", "the reply ended before its tool call was whole"));
    }
  }

  function leave(piece: ReplyPiece): void {
    let made: Buffer | undefined = piece.bytes;
    if (piece.calls.length > 0 && denied.size > 0) {
      made = piece.without(denied);
      changed ||= made !== piece.bytes;
    }
    if (made === undefined) stop(why ?? new Refusal("tool_call_denied", "a tool call is denied"));
    else if (made.length > 0) options.deliver(made);
  }

  return {
    take(pieces) {
      for (const piece of pieces) {
        if (over) return;
        for (const whole of piece.whole) ask(whole);
        if (mayPass(piece)) {
          leave(piece);
          continue;
        }
        queue.push(piece);
        bytes += piece.bytes.length;
        if (bytes > heldLimit) {
          stop(new Refusal("reply_unreadable", `a tool call is over ${heldLimit} bytes`));
          return;
        }
      }
      release();
    },
    end() {
      ended = true;
      release();
    },
    drop,
  };
}
