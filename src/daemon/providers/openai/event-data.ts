/**
 * Event data: one JSON object of a stream — an event's data, a WebSocket's
 * message — with the texts in it, and as it reads with other texts. All else
 * stays byte for byte.
 */
import { type JsonNode, jsonTree } from "../../formats/json/tree.js";
import { ReplyUnreadable } from "../../formats/reply-unreadable.js";
import { type EventTexts, eventTexts } from "./event-texts.js";

export interface EventData extends EventTexts {
  readonly tree: JsonNode;
  /** The object with other texts, as many as it has. */
  write(made: readonly string[]): string;
}

/** Reads an event; `named` is the name that the stream gives it. Throws ReplyUnreadable for what is no JSON object. */
export function readEventData(data: string, named: string): EventData {
  const tree = jsonTree(data);
  if (tree?.members === undefined) {
    throw new ReplyUnreadable("an event of the reply is not a JSON object");
  }
  const found = eventTexts(tree, named);
  const { texts } = found;
  return {
    ...found,
    tree,
    write(made) {
      let from = 0;
      let written = "";
      for (const [index, { text, start, end, instead }] of texts.entries()) {
        const now = made[index] ?? "";
        if (now === text) continue;
        written += data.slice(from, start) + (instead ?? JSON.stringify(now));
        from = end;
      }
      return written + data.slice(from);
    },
  };
}
