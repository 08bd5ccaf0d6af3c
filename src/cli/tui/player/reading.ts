/**
 * Reading: a session's conversations, in their order, each once. Of a session
 * that still runs, those that end while it is watched are read as they do; it
 * listens before it reads, so that none is missed in between.
 */
import type { SessionView } from "../../../contract/views.js";
import type { Client } from "../../client.js";
import type { PlayerEvent } from "./player-state.js";

export interface ReadingOptions {
  readonly client: Client;
  readonly session: SessionView;
  readonly signal: AbortSignal;
  readonly happen: (event: PlayerEvent) => void;
}

/** Reads until all is read that will ever be. */
export async function readSession({
  client,
  session,
  signal,
  happen,
}: ReadingOptions): Promise<void> {
  const path = { id: session.id };
  const read = new Set<number>();
  const running = session.status === "active";
  const events = running ? follow() : undefined;

  for await (const conversation of client.stream("conversation", { path, signal })) {
    const { seq, durationMs } = conversation.exchange;
    // One that still runs is told once it is over.
    if (running && durationMs === null) continue;
    read.add(seq);
    happen({ type: "read", conversation });
  }
  // It may have ended before anybody listened.
  const live = running && (await client.call("sessionsShow", { path, signal })).status === "active";
  happen({ type: "caught-up", live });
  if (!live || events === undefined) return;

  for await (const seq of events) {
    if (read.has(seq)) continue;
    const query = { exchange: seq };
    for await (const conversation of client.stream("conversation", { path, query, signal })) {
      read.add(seq);
      happen({ type: "read", conversation });
    }
  }
  happen({ type: "caught-up", live: false });

  /** Places of the exchanges that end, until the session does. */
  function follow(): AsyncIterable<number> {
    const iterator = client.stream("events", { query: { session: session.id }, signal });
    const source = iterator[Symbol.asyncIterator]();
    // Asked for at once: what ends while the others are read is told after them.
    let next = source.next();
    next.catch(() => {});
    return {
      async *[Symbol.asyncIterator]() {
        for (;;) {
          const { done, value } = await next;
          if (done || value.type === "stream.closed") return;
          if (value.type === "exchange.ended") yield value.exchange.seq;
          if (value.type === "session.ended") return;
          next = source.next();
        }
      },
    };
  }
}
