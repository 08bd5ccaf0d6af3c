/**
 * Texts: a streamed reply of the OpenAI API as events with the texts in them.
 * What should be JSON and is not is an error: a text that cannot be read
 * cannot be searched.
 */
import { jsonTree } from "../json-tree.js";
import { ReplyUnreadable } from "../reply-unreadable.js";
import { createSseBlocks, type SseBlock } from "../sse-blocks.js";
import { sseLines } from "../sse-lines.js";
import type { PieceText, TextPiece, TextReader } from "../text-reader.js";
import { eventTexts } from "./event-texts.js";
import { createRefusalEvent } from "./refusal-event.js";

/** Opens the reader for one stream. */
export function openTexts(): TextReader {
  const blocks = createSseBlocks();
  const refusal = createRefusalEvent();

  function pieceOf({ bytes, event }: SseBlock): TextPiece {
    const lines = sseLines(bytes);
    const data = lines.data ?? "";
    const others = lines.others.filter((said) => !plainLine.test(said)).map(alone);
    if (data === "" || data.trim() === "[DONE]") {
      const ends = data === "" ? [] : [""];
      return { bytes, texts: others, ends, write: (texts) => lines.write(data, all(texts)) };
    }
    const tree = jsonTree(data);
    if (tree?.members === undefined) {
      throw new ReplyUnreadable("an event of the reply is not a JSON object");
    }
    const chat = tree.members.some(({ key }) => key.value === "choices");
    const sequence = tree.members.find(({ key }) => key.value === "sequence_number")?.node.value;
    refusal.saw({ chat, sequence });
    const { texts, ends } = eventTexts(tree, event?.event ?? "");
    return {
      bytes,
      texts: [...texts, ...others],
      ends,
      write(made) {
        let from = 0;
        let written = "";
        for (const [index, { text, start, end, instead }] of texts.entries()) {
          const now = made[index] ?? "";
          if (now === text) continue;
          written += data.slice(from, start) + (instead ?? JSON.stringify(now));
          from = end;
        }
        return lines.write(written + data.slice(from), all(made.slice(texts.length)));
      },
    };

    /** With the lines that nobody needs to look at. */
    function all(made: readonly string[]): readonly string[] {
      let at = 0;
      return lines.others.map((said) => {
        if (plainLine.test(said)) return said;
        at += 1;
        return made[at - 1] ?? "";
      });
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

/** Names of events, and numbers. */
const plainLine = /^(?:[a-z_.]{0,80}|\d{1,6})$/;

const alone = (text: string): PieceText => ({ role: "whole", text, of: "", name: "" });
