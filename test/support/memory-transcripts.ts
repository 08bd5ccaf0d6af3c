/**
 * Memory transcripts: a TranscriptLog that keeps what is written in an array
 * and says so at the end of the turn, as the real store does. `fail` makes the
 * next writes fail, as a full disk would.
 */
import type { Ending, Frame } from "../../src/daemon/model/transcript.js";
import type { Opening, TranscriptLog } from "../../src/daemon/store/store.js";

export interface MemoryExchange {
  readonly opening: Opening;
  readonly frames: Frame[];
  ending: Ending | undefined;
}

export function createMemoryTranscripts() {
  const exchanges: MemoryExchange[] = [];
  let failure: Error | undefined;

  const of = (key: bigint) => {
    const exchange = exchanges.find(({ opening }) => opening.key === key);
    if (exchange === undefined) throw new Error("written before it was opened");
    return exchange;
  };
  const settle = (write: () => void, durable: (error?: Error) => void) => {
    const error = failure;
    setImmediate(() => {
      if (error === undefined) write();
      durable(error);
    });
  };

  const log: TranscriptLog = {
    open: (opening) =>
      new Promise((resolve, reject) => {
        settle(
          () => exchanges.push({ opening, frames: [...opening.frames], ending: undefined }),
          (error) => (error === undefined ? resolve() : reject(error)),
        );
      }),
    record: (opening, frames, ending) =>
      new Promise((resolve, reject) => {
        settle(
          () => exchanges.push({ opening, frames: [...opening.frames, ...frames], ending }),
          (error) => (error === undefined ? resolve() : reject(error)),
        );
      }),
    append: (key, frame, durable) => settle(() => of(key).frames.push(frame), durable),
    close: (key, ending, durable) =>
      settle(() => {
        of(key).ending = ending;
      }, durable),
  };
  return {
    log,
    exchanges,
    fail(error: Error | undefined) {
      failure = error;
    },
    /** Text of all frames of one kind. */
    text: (exchange: MemoryExchange, kind: Frame["kind"]) =>
      Buffer.concat(
        exchange.frames.filter((frame) => frame.kind === kind).map(({ data }) => data),
      ).toString("latin1"),
  };
}
