/**
 * Deltas: a streamed reply of the OpenAI API as it comes, piece by piece, read
 * as its transcript will be (conversation.ts), for who watches it meanwhile.
 */

import { isRecord } from "../../formats/json/shapes.js";
import { createSseSplitter } from "../../formats/sse/events.js";
import type { Operation } from "../../model/operation.js";
import type { Delta, DeltaReader, Turn } from "../provider.js";
import type { ReplyTurns } from "../reply-turns.js";
import { readEvent } from "./conversation.js";

type Opening = Omit<Turn, "text">;

/** Opens a reader; undefined for a reply that is no stream. */
export function openDeltas(_: Operation, contentType: string): DeltaReader | undefined {
  if (!/event-stream/i.test(contentType)) return undefined;
  const splitter = createSseSplitter();
  const openings = new Map<string, Opening>();
  const spoken = new Set<string>();
  let deltas: Delta[] = [];
  let added = 0;

  function emit(key: string, opening: Opening, text: string): void {
    const known = openings.get(key);
    // A later event leaves out what the first said.
    const whole = { ...opening, ...known, ...(opening.name ? { name: opening.name } : {}) };
    if (known === undefined || known.name !== whole.name) openings.set(key, whole);
    if (text !== "") spoken.add(key);
    else if (known !== undefined) return;
    deltas.push({ ...whole, turn: key, text });
  }

  const turns: ReplyTurns = {
    begin: (key, opening) => emit(key, opening, ""),
    append: (key, opening, _at, text) => emit(key, opening, text),
    complete(key, opening, _at, text) {
      if (!spoken.has(key)) emit(key, opening, text);
    },
    add({ text, ...opening }) {
      added += 1;
      emit(`added ${added}`, opening, text);
    },
    note: (text) => turns.add({ kind: "note", text }, 0),
    get empty() {
      return openings.size === 0;
    },
    turns: () => [],
  };

  return {
    push(chunk) {
      deltas = [];
      for (const { data } of splitter.push(chunk)) {
        if (data === "[DONE]") continue;
        try {
          const event: unknown = JSON.parse(data);
          if (isRecord(event)) readEvent(event, 0, turns);
        } catch {
          // A damaged event: the transcript says so.
        }
      }
      return deltas;
    },
  };
}
