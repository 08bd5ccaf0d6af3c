/**
 * Pending reply: stands between the upstream, which pushes as soon as it has
 * something, and the stations, which are not ready before the head has been
 * through all of them. What comes early waits here, and a little of it is
 * enough to pause the upstream.
 */
import type { BodyFlow, BodySink, ReplyHead, ReplySink, ReplyValve } from "../../model/reply.js";

export interface PendingReply extends ReplySink, BodyFlow {
  /** Settles with the head, or with the failure that came before it. */
  readonly arrived: Promise<ReplyHead>;
  /** Connects the upstream's valve. */
  attach(valve: ReplyValve): void;
}

/** Chunks that wait before the upstream is asked to pause. */
const waitingLimit = 4;

/** Creates a reply that can be waited for and then flows. */
export function createPendingReply(): PendingReply {
  let valve: ReplyValve | undefined;
  let sink: BodySink | undefined;
  let waiting: Buffer[] = [];
  let held = false;
  let ended = false;
  let failure: Error | undefined;
  let resolve!: (head: ReplyHead) => void;
  let reject!: (error: Error) => void;
  const arrived = new Promise<ReplyHead>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  // A failure after the head goes to the sink; this promise is not waited for then.
  arrived.catch(() => {});

  return {
    arrived,
    attach(upstream) {
      valve = upstream;
    },

    head(head) {
      resolve(head);
    },
    data(chunk) {
      if (sink !== undefined) {
        sink.data(chunk);
        return;
      }
      waiting.push(chunk);
      if (waiting.length >= waitingLimit && !held) {
        held = true;
        valve?.pause();
      }
    },
    end() {
      ended = true;
      sink?.end();
    },
    fail(error) {
      failure = error;
      reject(error);
      sink?.fail(error);
    },

    start(next) {
      sink = next;
      for (const chunk of waiting) next.data(chunk);
      waiting = [];
      if (ended) next.end();
      else if (failure !== undefined) next.fail(failure);
      else if (held) valve?.resume();
    },
    pause() {
      valve?.pause();
    },
    resume() {
      valve?.resume();
    },
    cancel(reason) {
      valve?.cancel(reason);
    },
  };
}
