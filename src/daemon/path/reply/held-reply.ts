/**
 * Held reply: the pieces of a reply in the order they leave. A piece that has
 * to do with a tool call waits until the call is ruled on, and so do those
 * held after it; what stands beside them goes on at once. What is allowed
 * leaves as the very bytes that came; the first call denied with an error
 * stops the reply, and nothing held leaves any more.
 */
import { Refusal } from "../../model/refusal.js";
import type { ToolCall } from "../../model/review.js";
import type { ReplyPiece, WholeCall } from "../../providers/tool-call-reader.js";
import type { BothForms } from "./both-forms.js";
import type { CallRuling } from "./call-ruling.js";

export interface HeldReplyOptions {
  /** Rules on a call as the agent would get it; `recorded` is what may be stored of it. */
  readonly rule: (call: ToolCall, recorded: ToolCall) => Promise<CallRuling>;
  /** `delivered` where the agent gets other bytes than the record; `piece`: what they are of. */
  readonly deliver: (recorded: Buffer, delivered: Buffer | undefined, piece: BothForms) => void;
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
  take(pieces: readonly BothForms[]): void;
  /** No more will come. */
  end(): void;
  /** The client no longer waits. */
  drop(): void;
}

/** A call that is whole, and what was said of it. */
interface Call {
  said: CallRuling | undefined;
}

/** Bytes that may wait for calls; a call longer than that is not one to act on unseen. */
const heldLimit = 32 << 20;

/** Calls of one reply: each may be a review that a person has to read. */
const callLimit = 256;

const sizeOf = ({ delivered, recorded }: BothForms): number =>
  delivered.bytes.length + (recorded === delivered ? 0 : recorded.bytes.length);

/** Creates an empty held reply. */
export function createHeldReply(options: HeldReplyOptions): HeldReply {
  const calls = new Map<string, Call>();
  const asked = new Map<string, Promise<CallRuling>>();
  /** What is said in place of calls that do not leave: of a denied one, what the model is told. */
  const removed = new Map<string, string | null>();
  let why: Refusal | undefined;
  let queue: BothForms[] = [];
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
  function ask({ key, id, call }: WholeCall, recorded: ToolCall): void {
    const same = JSON.stringify([id, call.kind, call.name, call.arguments]);
    let ruling = id === "" ? undefined : asked.get(same);
    if (ruling === undefined) {
      asks += 1;
      if (asks > callLimit) {
        stop(new Refusal("reply_unreadable", `the reply has more than ${callLimit} tool calls`));
        return;
      }
      ruling = options.rule(call, recorded);
      asked.set(same, ruling);
    }
    // Whole a second time, with other content: what is held waits for that answer.
    const asking: Call = { said: undefined };
    calls.set(key, asking);
    ruling.then(
      (said) => {
        if (over) return;
        if (said.denied !== undefined) {
          const refusal = new Refusal(said.denied.code, [said.denied.message]);
          if (!said.denied.tellModel) return stop(refusal);
          why = refusal;
          removed.set(key, `hoopx: ${said.denied.message}`);
        }
        asking.said = said;
        release();
      },
      (error) => stop(error instanceof Error ? error : new Error(String(error))),
    );
  }

  /** The reply ends without finishing this call: nothing of it leaves, and it is not asked about. */
  function abandon(key: string): void {
    if (calls.has(key)) return;
    calls.set(key, { said: {} });
    removed.set(key, null);
  }

  function mayPass({ calls: own, last, place }: ReplyPiece): boolean {
    if (queue.length === 0) return own.length === 0;
    if (own.length > 0 || last || queue.some(({ delivered }) => delivered.last)) return false;
    if (!options.inOrder || place === null) return true;
    return queue.every(({ delivered: held }) => held.place === null || held.place >= place);
  }

  function release(): void {
    while (!over) {
      const [next] = queue;
      if (next === undefined || waits(next)) break;
      queue.shift();
      bytes -= sizeOf(next);
      leave(next);
    }
    if (over) return;
    options.held(bytes);
    if (!ended) return;
    if (queue.length === 0) {
      over = true;
      options.finish(changed);
    } else if (queue.some(({ delivered }) => delivered.calls.some((key) => !calls.has(key)))) {
      stop(new Refusal("reply_unreadable", "the reply ended before its tool call was whole"));
    }
  }

  const waits = ({ delivered }: BothForms): boolean =>
    delivered.calls.some((key) => calls.get(key)?.said === undefined);

  function leave(piece: BothForms): void {
    const { delivered, recorded } = piece;
    const made = withoutRemoved(delivered);
    const kept = recorded === delivered ? made : withoutRemoved(recorded);
    changed ||= made !== delivered.bytes;
    if (made === undefined || kept === undefined) {
      stop(why ?? new Refusal("tool_call_denied", "a tool call is denied"));
    } else if (made.length > 0) {
      options.deliver(kept, kept === made ? undefined : made, piece);
    }
  }

  function withoutRemoved(piece: ReplyPiece): Buffer | undefined {
    return piece.calls.length > 0 && removed.size > 0 ? piece.without(removed) : piece.bytes;
  }

  return {
    take(pieces) {
      for (const piece of pieces) {
        if (over) return;
        const { delivered, recorded } = piece;
        for (const [at, whole] of delivered.whole.entries()) {
          ask(whole, recorded.whole[at]?.call ?? whole.call);
        }
        for (const key of delivered.abandoned ?? []) abandon(key);
        if (mayPass(delivered)) {
          leave(piece);
          continue;
        }
        queue.push(piece);
        bytes += sizeOf(piece);
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
