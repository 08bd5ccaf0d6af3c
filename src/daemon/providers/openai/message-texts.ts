/**
 * Message texts: what a server says over a WebSocket of the OpenAI API — the
 * Realtime API's events, or those of a response — a message each, with the
 * texts in it. A message that is no JSON object cannot be searched.
 */
import type { TextPiece, TextReader } from "../text-reader.js";
import { readEventData } from "./event-data.js";
import { refusalBody } from "./refusal.js";

/** Opens the reader for one connection; each chunk is one message. */
export function openMessageTexts(): TextReader {
  return {
    *push(message): Iterable<TextPiece> {
      const bytes = Buffer.from(message.buffer, message.byteOffset, message.byteLength);
      const { texts, names, ends, write } = readEventData(bytes.toString(), "");
      yield { bytes, texts, names, ends, write: (made) => Buffer.from(write(made)) };
    },
    end: () => [],
    refusalEvent(notice) {
      const { error } = JSON.parse(refusalBody(notice).body.toString());
      return Buffer.from(JSON.stringify({ type: "error", error }));
    },
  };
}
