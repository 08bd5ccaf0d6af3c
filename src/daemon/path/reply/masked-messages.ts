/**
 * Masked messages: the hook for what a server says over a WebSocket. Its
 * messages are masked as a stream's events are, held and written in the
 * message they came in; one that cannot be read ends the connection with an
 * error of the provider's shape, and nothing passes after it.
 */
import type { RefusalCode } from "../../model/refusal.js";
import type { BodySink } from "../../model/reply.js";
import type { TextReader } from "../../providers/text-reader.js";
import { type MaskedFlowOptions, maskedStream } from "./masked-stream.js";

export interface MaskedMessagesOptions extends Omit<MaskedFlowOptions, "flow"> {
  readonly reader: TextReader;
  /** A whole message; `delivered` where the agent gets another than the record. */
  readonly send: (recorded: Buffer, delivered?: Buffer) => void;
  /** The connection is to end: after what was sent, nothing more leaves. */
  readonly close: (reason: Error) => void;
}

export interface MaskedMessages {
  /** A message of the server's, text or binary, whole. */
  take(message: Buffer): void;
  /** The server says nothing more: what waits leaves. */
  end(): void;
  /** Why it was ended with an error of ours; null where it was not, or not yet. */
  readonly stopped: () => RefusalCode | null;
}

/** Creates the hook for one connection. */
export function createMaskedMessages(options: MaskedMessagesOptions): MaskedMessages {
  const { reader, send, close } = options;
  let messages: BodySink | undefined;
  const incoming = {
    start(sink: BodySink) {
      messages = sink;
    },
    pause() {},
    resume() {},
    cancel: close,
  };
  const { flow, stopped } = maskedStream({ ...options, flow: incoming }, reader);
  flow.start({ data: send, end() {}, fail: close });
  return {
    take: (message) => messages?.data(message),
    end: () => messages?.end(),
    stopped,
  };
}
