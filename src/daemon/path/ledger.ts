/**
 * Ledger: the store's transcripts as the stations write them. An observer
 * learns of a write only once it is durable, so a live view never shows what a
 * crash could take back.
 */
import { Refusal } from "../model/refusal.js";
import type { Ending, Frame } from "../model/transcript.js";
import type { Opening, TranscriptLog } from "../store/store.js";
import type { Ledger } from "./exchange.js";

export interface LedgerObserver {
  opened(opening: Opening): void;
  ended(key: bigint, ending: Ending): void;
  /** Is what is said in it watched? Absent: it is not. */
  follows?(key: bigint): boolean;
  /** Where it is watched: a frame of its reply. */
  wrote?(key: bigint, frame: Frame): void;
}

/** Creates the ledger over a store's transcripts. */
export function createLedger(transcripts: TranscriptLog, observer: LedgerObserver): Ledger {
  return {
    async open(opening) {
      const { first, rest } = inPieces(opening);
      try {
        await transcripts.open(first);
        for (const frame of rest) {
          await new Promise<void>((resolve, reject) =>
            transcripts.append(opening.key, frame, (error) =>
              error === undefined ? resolve() : reject(error),
            ),
          );
        }
      } catch (error) {
        const why = "the transcript cannot be written";
        throw new Refusal("record_unavailable", why, { cause: error });
      }
      observer.opened(opening);
    },

    append(key, frame, durable) {
      if (observer.follows?.(key) !== true) return transcripts.append(key, frame, durable);
      transcripts.append(key, frame, (error) => {
        if (error === undefined) observer.wrote?.(key, frame);
        durable(error);
      });
    },

    close(key, ending, durable) {
      transcripts.close(key, ending, (error) => {
        if (error === undefined) observer.ended(key, ending);
        durable(error);
      });
    },
  };
}

/** Of a request's body so much is written at once, bytes: a few milliseconds. */
const pieceBytes = 1 << 18;

/** A larger one is written in pieces. */
const mostAtOnce = 1 << 19;

/** An opening, and the frames that are written after it where its body is too large to be written at once. */
function inPieces(opening: Opening): { readonly first: Opening; readonly rest: readonly Frame[] } {
  const last = opening.frames.at(-1);
  if (last === undefined || last.data.length <= mostAtOnce) return { first: opening, rest: [] };
  const rest = opening.frames.slice(0, -1);
  for (let at = 0; at < last.data.length; at += pieceBytes) {
    rest.push({ ...last, data: last.data.subarray(at, at + pieceBytes) });
  }
  return { first: { ...opening, frames: [] }, rest };
}
