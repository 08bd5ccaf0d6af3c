/**
 * Call notes: what was decided on a reply's tool calls, in words, for who
 * reads its transcript. A call that no rule speaks of is not worth a line.
 */
import type { CallRecord, Frame } from "../model/transcript.js";
import type { ReplyTurn } from "./provider.js";

/** A note for each call that a rule spoke of, in the order they were decided. */
export function callNotes(frames: readonly Frame[]): readonly ReplyTurn[] {
  return frames.filter(({ kind }) => kind === "tool-call").flatMap(noteOf);
}

function noteOf({ at, data }: Frame): readonly ReplyTurn[] {
  const record: CallRecord = JSON.parse(Buffer.from(data).toString());
  const { name, rule, reason, outcome, review, effect } = record;
  if (outcome === "delivered" && rule === null) return [];
  const by = rule === null ? "" : ` by rule ${rule}`;
  const reviewed = review === null ? "" : ` (review ${review})`;
  const text = {
    delivered: `tool call ${name} ${effect === "review" ? "approved, asked for" : "allowed"}${by}${reviewed}`,
    denied: reason,
    "told-to-model": `${reason}; the model was told`,
  }[outcome];
  return [{ kind: "note", text, deltas: [{ at, text }] }];
}
