/**
 * Call notes: what was decided on a reply's tool calls, in words, for who
 * reads its transcript. A call that no rule speaks of is not worth a line.
 */
import { callOutcome } from "../../contract/outcome.js";
import type { Frame, StoredCall } from "../model/transcript.js";
import type { ReplyTurn } from "./provider.js";

/** A note for each call that a rule spoke of, in the order they were decided. */
export function callNotes(frames: readonly Frame[]): readonly ReplyTurn[] {
  return frames.filter(({ kind }) => kind === "tool-call").flatMap(noteOf);
}

function noteOf({ at, data }: Frame): readonly ReplyTurn[] {
  const record: StoredCall = JSON.parse(Buffer.from(data).toString());
  const { name, rule, reason, review } = record;
  const outcome = callOutcome(record);
  const delivered = outcome === "allowed" || outcome === "granted" || outcome === "approved";
  if (outcome === "allowed" && rule === null) return [];
  const by = rule === null ? "" : `, rule ${rule}`;
  const reviewed = review === null ? "" : `, review ${review}`;
  const told = record.toldToModel === true ? "; the model was told" : "";
  const text = delivered ? `tool call ${name} ${outcome}${by}${reviewed}` : `${reason}${told}`;
  return [{ kind: "note", text, deltas: [{ at, text }] }];
}
