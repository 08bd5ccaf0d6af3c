/**
 * Ledger: the store's transcripts as the stations write them. Whoever watches
 * learns of a write only once it is durable, so a live view never shows what a
 * crash could take back.
 */
import { Refusal } from "../model/refusal.js";
import type { Ending, Frame } from "../model/transcript.js";
import type { Opening, TranscriptLog } from "../store/store.js";
import type { Ledger } from "./station.js";

export interface LedgerObserver {
  opened(opening: Opening): void;
  ended(key: bigint, ending: Ending): void;
  /** Does anybody watch what is said in it? Absent: nobody. */
  follows?(key: bigint): boolean;
  /** Where somebody does: a frame of its reply. */
  wrote?(key: bigint, frame: Frame): void;
}

/** Creates the ledger over a store's transcripts. */
export function createLedger(transcripts: TranscriptLog, observer: LedgerObserver): Ledger {
  return {
    async open(opening) {
      try {
        await transcripts.open(opening);
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
