/**
 * Event hub: live events to all listeners, in order. A listener that falls
 * behind is told so and let go; its queue never grows beyond the limit,
 * whatever the data path does.
 */
import type { DeltaEvent, LiveEvent } from "../../contract/events.js";

export interface EventHub {
  publish(event: LiveEvent): void;
  /** Are there listeners? Without them no view need be made. */
  watched(): boolean;
  /** Does anybody listen for what is said in a session? */
  wantsText(session: string | null): boolean;
  /** Sends events, of one session only where one is named, until the signal aborts or the hub closes. */
  listen(
    session: string | undefined,
    send: (event: LiveEvent) => Promise<void>,
    signal: AbortSignal,
    /** Pieces of replies too. */
    text?: boolean,
  ): Promise<void>;
  /** Lets every listener go with the reason as its last line. */
  close(reason: string): void;
}

interface Listener {
  readonly session: string | undefined;
  readonly text: boolean;
  readonly queue: LiveEvent[];
  closed: boolean;
  wake: () => void;
}

/** Characters of a piece, about. */
const longest = 16 * 1024;

/** Creates a hub; `queueLimit` is how far a listener may fall behind. */
export function createEventHub(now: () => Date, queueLimit = 1_000): EventHub {
  const listeners = new Set<Listener>();

  function letGo(listener: Listener, reason: string): void {
    listeners.delete(listener);
    listener.closed = true;
    listener.queue.push({ type: "stream.closed", at: now().toISOString(), reason });
    listener.wake();
  }

  return {
    watched: () => listeners.size > 0,

    wantsText(session) {
      for (const listener of listeners) {
        if (listener.text && (listener.session ?? session) === session) return true;
      }
      return false;
    },

    publish(event) {
      for (const listener of listeners) {
        if (listener.session !== undefined && listener.session !== sessionOf(event)) continue;
        if (event.type === "exchange.delta" && !(listener.text && isNew(listener, event))) continue;
        if (listener.queue.length >= queueLimit) {
          letGo(listener, `fell more than ${queueLimit} events behind; listen again`);
          continue;
        }
        listener.queue.push(event);
        listener.wake();
      }
    },

    async listen(session, send, signal, text = false) {
      const listener: Listener = { session, text, queue: [], closed: false, wake: () => undefined };
      listeners.add(listener);
      const onAbort = () => listener.wake();
      signal.addEventListener("abort", onAbort);
      try {
        while (!signal.aborted) {
          const event = listener.queue.shift();
          if (event !== undefined) await send(event);
          else if (listener.closed) return;
          else
            await new Promise<void>((resolve) => {
              listener.wake = resolve;
            });
        }
      } finally {
        listeners.delete(listener);
        signal.removeEventListener("abort", onAbort);
      }
    },

    close(reason) {
      for (const listener of [...listeners]) letGo(listener, reason);
    },
  };
}

/** What continues the last event that waits is added to it: a slow listener gets longer pieces. */
function isNew({ queue }: Listener, event: DeltaEvent): boolean {
  const last = queue.at(-1);
  if (last?.type !== "exchange.delta" || last.text.length > longest) return true;
  if (last.exchange.id !== event.exchange.id || last.turn !== event.turn) return true;
  queue[queue.length - 1] = { ...event, text: last.text + event.text };
  return false;
}

function sessionOf(event: LiveEvent): string | null | undefined {
  if ("exchange" in event) return event.exchange.sessionId;
  if ("review" in event) return event.review.sessionId;
  return "session" in event ? event.session.id : undefined;
}
