/**
 * Refusal event: our stop of a stream that has begun, as its clients have to
 * be told so that they show our message and do not ask the model again, which
 * is paid for (measured: docs/decisions/0011-holding-tool-calls.md).
 */

import { type JsonObject, textOf } from "../../formats/json/shapes.js";
import type { RefusalNotice } from "../text-reader.js";
import { refusalBody } from "./refusal.js";

/** What an event says of its stream. */
interface Seen {
  readonly chat: boolean;
  readonly sequence: unknown;
  /** The id of the response that it holds, where it holds one. */
  readonly responseId?: unknown;
}

export interface RefusalEvent {
  /** Learns from an event what kind of stream this is. */
  saw(event: Seen): void;
  bytes(notice: RefusalNotice): Buffer;
}

/** Creates the maker of one stream's error. */
export function createRefusalEvent(): RefusalEvent {
  let isChat = false;
  let last = 0;
  let id = "";
  return {
    saw({ chat, sequence, responseId }) {
      if (chat) isChat = true;
      if (typeof sequence === "number") last = sequence;
      id ||= textOf(responseId);
    },
    bytes(notice) {
      const { error: plain } = JSON.parse(refusalBody(notice).body.toString());
      const { code, message, param } = plain;
      // Of another type, several clients take it for a fault of the server's, and ask again.
      const error = { ...plain, type: "invalid_request_error" };
      if (isChat) {
        const filtered = { ...error, code: "content_filter", hoopx_code: code };
        return Buffer.from(`data: ${JSON.stringify({ error: filtered })}\n\n`);
      }
      return Buffer.concat([
        // Top level: what the API has, and openai 7 raises. `error` within: what openai 6 and the Agents SDK raise.
        named({ type: "error", code, message, param, sequence_number: last + 1, error }),
        // Codex reads this one alone, and asks again unless the code is this.
        named({
          type: "response.failed",
          sequence_number: last + 2,
          response: {
            ...(id !== "" && { id }),
            object: "response",
            status: "failed",
            error: { code: "invalid_prompt", message },
            incomplete_details: null,
            output: [],
            usage: null,
          },
        }),
      ]);
    },
  };
}

const named = (event: JsonObject) =>
  Buffer.from(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
