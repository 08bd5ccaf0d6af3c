/**
 * Texts: a streamed reply of the OpenAI API as events with the texts in them.
 * What should be JSON and is not is an error: a text that cannot be read
 * cannot be searched by detectors. Where none looks, it is a text of its own.
 */
import { memberOf } from "../../formats/json/tree.js";
import { ReplyUnreadable } from "../../formats/reply-unreadable.js";
import { createSseBlocks, type SseBlock } from "../../formats/sse/blocks.js";
import { sseLines } from "../../formats/sse/lines.js";
import type { PieceText, TextPiece, TextReader } from "../text-reader.js";
import { type EventData, readEventData } from "./event-data.js";
import { type EventTemplate, eventTemplate } from "./event-template.js";
import { refusalBody } from "./refusal.js";
import { createRefusalEvent } from "./refusal-event.js";

/** Opens the reader for one stream. */
export function openTexts({ lenient } = { lenient: false }): TextReader {
  const blocks = createSseBlocks();
  const refusal = createRefusalEvent();

  /** Those that events were last read by, the last one first. */
  let templates: readonly EventTemplate[] = [];
  let chatting = false;

  function pieceOf(block: SseBlock): TextPiece {
    const { bytes } = block;
    const said = bytes.toString();
    for (const template of templates) {
      const known = template.recognise(said);
      if (known === undefined) continue;
      const { texts, sequence } = known;
      refusal.saw({ chat: chatting, sequence });
      if (template !== templates[0]) {
        templates = [template, ...templates.filter((other) => other !== template)];
      }
      return { bytes, texts, ends: none, write: (made) => readPiece(block, said).write(made) };
    }
    return readPiece(block, said);
  }

  function readPiece(block: SseBlock, said: string): TextPiece {
    const { bytes } = block;
    const lines = sseLines(bytes);
    const data = lines.data ?? "";
    const others = lines.others.filter((said) => !plainLine.test(said)).map(alone);
    if (data === "" || data.trim() === "[DONE]") {
      const last = data !== "";
      const write = (texts: readonly string[]) => lines.write(data, all(texts));
      return { bytes, texts: others, ends: last ? [""] : [], last, write };
    }
    const event = readable(data, block.event()?.event ?? "");
    if (event === undefined) {
      return {
        ...{ bytes, texts: [alone(data), ...others], ends: [] },
        write: ([text = "", ...rest]) => lines.write(text, all(rest)),
      };
    }
    const { tree, texts, names, ends, last } = event;
    const chat = tree.members?.some(({ key }) => key.value === "choices") ?? false;
    const sequence = memberOf(tree, "sequence_number")?.value;
    chatting ||= chat;
    const response = memberOf(tree, "response");
    refusal.saw({ chat, sequence, responseId: response && memberOf(response, "id")?.value });
    if (ends.length === 0 && others.length === 0 && !last) {
      const template = eventTemplate(said, data, tree, texts);
      if (template !== undefined) templates = [template, ...templates].slice(0, mostTemplates);
    }
    return {
      bytes,
      texts: [...texts, ...others],
      names,
      ends,
      last,
      write: (made) => lines.write(event.write(made), all(made.slice(texts.length))),
    };

    /** With the lines that are not looked at. */
    function all(made: readonly string[]): readonly string[] {
      let at = 0;
      return lines.others.map((said) => {
        if (plainLine.test(said)) return said;
        at += 1;
        return made[at - 1] ?? "";
      });
    }
  }

  function readable(data: string, named: string): EventData | undefined {
    try {
      return readEventData(data, named);
    } catch (error) {
      if (lenient && error instanceof ReplyUnreadable) return undefined;
      throw error;
    }
  }

  return {
    *push(chunk) {
      for (const block of blocks.push(chunk)) yield pieceOf(block);
    },
    *end() {
      const rest = blocks.end();
      if (rest !== undefined) yield pieceOf(rest);
    },
    refusalEvent: refusal.bytes,
  };
}

/** Texts that come in turns, as the arguments of several calls. */
const mostTemplates = 4;
const none: readonly string[] = [];

/** Names of events, and numbers: an id, or the milliseconds of a retry. */
const plainLine = /^(?:[a-z_.]{0,80}|\d{1,20})$/;

const alone = (text: string): PieceText => ({ role: "whole", text, of: "", name: "" });

/**
 * Opens the reader for one WebSocket connection: the Realtime API's events, or those of a response,
 * a message each. Each chunk is one message; one that is no JSON object cannot be searched.
 */
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
