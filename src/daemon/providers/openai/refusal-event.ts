/**
 * Refusal event: our stop of a stream that has begun, as the stream's own kind
 * of error, which its SDKs raise.
 */
import type { RefusalNotice } from "../provider.js";
import { refusalBody } from "./refusal.js";

export interface RefusalEvent {
  /** Learns from an event what kind of stream this is. */
  saw(event: { readonly chat: boolean; readonly sequence: unknown }): void;
  bytes(notice: RefusalNotice): Buffer;
}

/** Creates the maker of one stream's error. */
export function createRefusalEvent(): RefusalEvent {
  let isChat = false;
  let last = 0;
  return {
    saw({ chat, sequence }) {
      if (chat) isChat = true;
      if (typeof sequence === "number") last = sequence;
    },
    bytes(notice) {
      const { error } = JSON.parse(refusalBody(notice).body.toString());
      if (isChat) return Buffer.from(`data: ${JSON.stringify({ error })}\n\n`);
      // Top level: what the API has, and openai 7 raises. `error` within: what openai 6 and the Agents SDK raise.
      const { code, message, param } = error;
      const event = {
        type: "error",
        code,
        message,
        param,
        sequence_number: last + 1,
        error,
      };
      return Buffer.from(`event: error\ndata: ${JSON.stringify(event)}\n\n`);
    },
  };
}
