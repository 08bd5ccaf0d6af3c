/**
 * Chat calls: the tool calls in the chunks of a chat completion, by choice and
 * index, and the legacy function call. Pieces add up; a call is whole when its
 * choice says that it is finished, or the stream ends.
 */

import { isRecord, type JsonObject, recordsIn, textOf } from "../../formats/json/shapes.js";
import { ReplyUnreadable } from "../../formats/reply-unreadable.js";
import type { ToolCall } from "../../model/review.js";
import type { RemovedCalls, WholeCall } from "../tool-call-reader.js";
import { callsWithin } from "./call-shapes.js";
import { chatSubject, together } from "./call-subject.js";
import { joined } from "./refused-call.js";
import type { SeenCalls } from "./response-calls.js";

interface Growing {
  readonly key: string;
  readonly choice: number;
  id: string;
  name: string;
  readonly pieces: string[];
  /** What its pieces had beside. */
  readonly more: string[];
  kind: ToolCall["kind"];
  whole: boolean;
}

export interface ChatCalls {
  read(chunk: JsonObject): SeenCalls;
  /** Calls that the stream's end makes whole. */
  end(): readonly WholeCall[];
  /** Keys of the calls that an error of the upstream's ends before they are whole; they can never be. */
  abandon(): readonly string[];
}

/** Creates the reader of one stream's chunks. */
export function createChatCalls(): ChatCalls {
  const growing = new Map<string, Growing>();

  function grow(key: string, choice: number, piece: JsonObject, begun: Set<string>): void {
    let call = growing.get(key);
    if (call === undefined) {
      call = {
        key,
        choice,
        id: "",
        name: "",
        pieces: [],
        more: [],
        kind: "function",
        whole: false,
      };
      growing.set(key, call);
      begun.add(key);
    }
    if (call.whole) throw new ReplyUnreadable("a tool call goes on after its choice was finished");
    const { name, kind, said, more } = chatSubject(piece);
    if (kind === "custom") call.kind = kind;
    call.id ||= textOf(piece.id);
    // One client adds the pieces of a name up, another takes the last: they would run two tools.
    if (name !== "" && call.name !== "" && name !== call.name) {
      throw new ReplyUnreadable("a tool call of the reply is named twice");
    }
    call.name = name || call.name;
    call.pieces.push(said);
    if (more !== "") call.more.push(more);
  }

  function finish(calls: readonly Growing[]): WholeCall[] {
    return calls
      .filter(({ whole }) => !whole)
      .map((call) => {
        call.whole = true;
        const { key, id, name, kind, pieces, more } = call;
        const said = together(pieces.join(""), ...more);
        return { key, id, call: { name, arguments: said, kind } };
      });
  }

  const ofChoice = (choice: number) =>
    [...growing.values()].filter((call) => call.choice === choice);

  return {
    read(chunk) {
      const calls = new Set<string>();
      const begun = new Set<string>();
      const whole: WholeCall[] = [];
      const choices = recordsIn(chunk.choices);
      for (const [place, choice] of choices.entries()) {
        const index = Number(choice.index ?? place);
        for (const { key, piece } of piecesOf(choice, index)) {
          grow(key, index, piece, begun);
          calls.add(key);
        }
        if (!finishes(choice)) continue;
        const ended = ofChoice(index);
        for (const { key } of ended) calls.add(key);
        whole.push(...finish(ended));
      }
      return {
        calls: [...calls],
        whole,
        last: choices.length === 0,
        place: null,
        without: (removed) => remaining(chunk, removed, begun, ofChoice),
      };
    },
    end: () => finish([...growing.values()]),
    abandon: () => finish([...growing.values()]).map(({ key }) => key),
  };
}

/** Is every call of a chunk where calls are read? A client may look elsewhere than the API says. */
export function readsAll(chunk: JsonObject): boolean {
  const choices = Array.isArray(chunk.choices) ? chunk.choices : [];
  return callsWithin(chunk).every(({ path: [top, place, member, list] }) => {
    const choice: unknown = top === "choices" ? choices[Number(place)] : undefined;
    if (!isRecord(choice) || (list !== "tool_calls" && list !== "function_call")) return false;
    return member !== undefined && saidIn(choice) === choice[member];
  });
}

/** Some upstreams write an empty reason into each chunk. */
const finishes = ({ finish_reason: reason }: JsonObject): boolean =>
  reason != null && reason !== "";

interface KeyedPiece {
  readonly key: string;
  readonly piece: JsonObject;
}

/** Pieces of calls in a choice, whether streamed (`delta`) or whole (`message`). */
function piecesOf(choice: JsonObject, index: number): readonly KeyedPiece[] {
  const said = saidIn(choice);
  const pieces = recordsIn(said.tool_calls).map((piece, place) => ({
    key: keyOf(index, piece, place),
    piece,
  }));
  const { function_call: legacy } = said;
  if (!isRecord(legacy)) return pieces;
  return [...pieces, { key: `choice ${index} function`, piece: { function: legacy } }];
}

/** A choice has one of the two. */
const saidIn = ({ delta, message }: JsonObject): JsonObject =>
  [delta, message].find(isRecord) ?? {};

const keyOf = (choice: number, piece: JsonObject, place: number) =>
  `choice ${choice} call ${piece.index ?? place}`;

/** The chunk without pieces of removed calls; the message comes where the call began. */
function remaining(
  chunk: JsonObject,
  removed: RemovedCalls,
  begun: ReadonlySet<string>,
  ofChoice: (choice: number) => readonly { readonly key: string }[],
): readonly JsonObject[] {
  let changed = false;
  const choices = recordsIn(chunk.choices).map((choice, place) => {
    const index = Number(choice.index ?? place);
    const calls = ofChoice(index).map(({ key }) => key);
    const left = calls.filter((key) => !removed.has(key));
    if (left.length === calls.length) return choice;
    changed = true;
    const member = isRecord(choice.message) ? "message" : "delta";
    const said = { ...(isRecord(choice[member]) ? choice[member] : {}) };
    const kept = recordsIn(said.tool_calls)
      .map((piece, at) => ({ piece, key: keyOf(index, piece, at) }))
      .filter(({ key }) => !removed.has(key))
      // Clients put calls into a list by their index: no place may stay empty.
      .map(({ piece, key }) => ("index" in piece ? { ...piece, index: left.indexOf(key) } : piece));
    delete said.tool_calls;
    if (kept.length > 0) said.tool_calls = kept;
    if (removed.has(`choice ${index} function`)) delete said.function_call;
    for (const key of calls) {
      const text = removed.get(key);
      if (typeof text === "string" && begun.has(key)) said.content = joined(said.content, text);
    }
    const asks = choice.finish_reason === "tool_calls" || choice.finish_reason === "function_call";
    const finish = asks && left.length === 0 ? { finish_reason: "stop" } : {};
    return { ...choice, ...finish, [member]: said };
  });
  if (!changed) return [chunk];
  const empty = choices.every(
    ({ delta, finish_reason }) =>
      isRecord(delta) && Object.keys(delta).length === 0 && !finishes({ finish_reason }),
  );
  return empty && !isRecord(chunk.usage) ? [] : [{ ...chunk, choices }];
}
