/**
 * Both forms: a reply's tool calls as the agent gets them, beside what the
 * record keeps of them. Where secrets are put back for the agent the two
 * differ: rules are asked about what the agent gets, and only what the record
 * keeps is stored or shown. Both are read alike, piece by piece; a call that
 * only one of them has ends the reply.
 */
import { Refusal } from "../../model/refusal.js";
import type { ReplyPiece, ToolCallReader } from "../../providers/tool-call-reader.js";

/** A piece of a reply in both forms: the very same object where they do not differ. */
export interface BothForms {
  readonly delivered: ReplyPiece;
  readonly recorded: ReplyPiece;
}

export interface BothFormsReader {
  push(recorded: Buffer, delivered?: Buffer): readonly BothForms[];
  end(): readonly BothForms[];
  readonly keepAlive: ToolCallReader["keepAlive"];
  readonly refusalEvent: ToolCallReader["refusalEvent"];
}

/** Reads a reply by `reader`, and what the record keeps of it by another, where there is one. */
export function readBothForms(
  reader: ToolCallReader,
  ofRecord: ToolCallReader | undefined,
): BothFormsReader {
  const { keepAlive, refusalEvent } = reader;
  if (ofRecord === undefined) {
    const once = (piece: ReplyPiece): BothForms => ({ delivered: piece, recorded: piece });
    return {
      push: (chunk, delivered = chunk) => reader.push(delivered).map(once),
      end: () => reader.end().map(once),
      keepAlive,
      refusalEvent,
    };
  }

  let delivered: ReplyPiece[] = [];
  let recorded: ReplyPiece[] = [];

  function together(): readonly BothForms[] {
    const count = Math.min(delivered.length, recorded.length);
    const pairs = delivered.slice(0, count).map((piece, at) => {
      const kept = recorded[at] as ReplyPiece;
      if (keysOf(piece) !== keysOf(kept)) throw new Refusal("reply_unreadable", differ);
      return { delivered: piece, recorded: kept };
    });
    delivered = delivered.slice(count);
    recorded = recorded.slice(count);
    return pairs;
  }

  return {
    push(chunk, given = chunk) {
      delivered.push(...reader.push(given));
      recorded.push(...ofRecord.push(chunk));
      return together();
    },
    end() {
      delivered.push(...reader.end());
      recorded.push(...ofRecord.end());
      const last = together();
      if (delivered.length + recorded.length > 0) throw new Refusal("reply_unreadable", differ);
      return last;
    },
    keepAlive,
    refusalEvent,
  };
}

const differ = "the reply has other tool calls once its masked values are put back";

const keysOf = ({ calls, whole, abandoned = [], last }: ReplyPiece): string =>
  JSON.stringify([calls, whole.map(({ key }) => key), abandoned, last]);
