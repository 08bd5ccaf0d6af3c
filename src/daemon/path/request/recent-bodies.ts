/**
 * Recent bodies: the last JSON bodies of each session, with what was read and
 * masked of them. An agent sends its whole conversation with each turn: of a
 * body that begins as an earlier one did only the rest is read. They are in
 * memory alone, of no other session's use, and gone with the session. Bounded:
 * those that were not gone on with for longest make room.
 */

import type { BegunReading, JsonReading } from "../../formats/json/reading.js";
import type { Session } from "../../model/session.js";
import type { MaskingProgress } from "../../providers/masking-progress.js";

export interface RecentBody {
  /** Whose way of reading it is. */
  readonly provider: string;
  readonly body: Buffer;
  readonly reading: JsonReading;
  /** What came of masking it, and on what basis; undefined where it was not masked. */
  readonly masked: { readonly progress: MaskingProgress; readonly basis: object } | undefined;
}

/** A body that begins as this one does. */
export interface RecentBeginning extends BegunReading {
  readonly recent: RecentBody;
}

export interface RecentBodies {
  /** The body that has most in common with this one. */
  find(session: Session, provider: string, body: Buffer): RecentBeginning | undefined;
  /** Keeps a body until the session is over, in place of the one it goes on with. */
  keep(session: Session, over: AbortSignal, body: RecentBody, begun?: RecentBeginning): void;
}

export interface RecentBodiesOptions {
  /** Memory for one session, and for all together, bytes. */
  readonly each: number;
  readonly together: number;
}

/** Smaller bodies are read as quickly as compared. */
const smallest = 4096;
/** Conversations of one session that are under way at a time. */
const mostOfSession = 16;
/** What a JSON value takes beside its bytes, at most. */
const valueBytes = 64;

/** Creates an empty memory. */
export function createRecentBodies({ each, together }: RecentBodiesOptions): RecentBodies {
  // In the order in which they were kept.
  const bySession = new Map<string, RecentBody[]>();
  const ending = new WeakSet<AbortSignal>();
  let held = 0;

  function forget(session: string): void {
    for (const body of bySession.get(session) ?? []) held -= sizeOf(body);
    bySession.delete(session);
  }

  function forgetAtEnd(session: string, over: AbortSignal): void {
    if (ending.has(over)) return;
    ending.add(over);
    over.addEventListener("abort", () => forget(session), { once: true });
  }

  function dropFirst(session: string): void {
    const bodies = bySession.get(session) as RecentBody[];
    const first = bodies.shift();
    if (first !== undefined) held -= sizeOf(first);
    if (bodies.length === 0) bySession.delete(session);
  }

  return {
    find({ id }, provider, body) {
      if (body.length < smallest) return undefined;
      let best: RecentBeginning | undefined;
      for (const recent of bySession.get(id) ?? []) {
        if (recent.provider !== provider) continue;
        const shared = sharedBytes(recent.body, body);
        if (shared <= (best?.shared ?? 0)) continue;
        best = { recent, reading: recent.reading, shared };
      }
      return best;
    },

    keep({ id }, over, body, begun) {
      if (body.body.length < smallest || body.reading.list === undefined || over.aborted) return;
      if (sizeOf(body) > each) return;
      forgetAtEnd(id, over);
      const before = bySession.get(id) ?? [];
      // One that has most of another's beginning is that conversation, gone on with.
      const goesOn = begun !== undefined && begun.shared * 2 >= begun.recent.body.length;
      const bodies = goesOn ? before.filter((other) => other !== begun.recent) : [...before];
      bodies.push(body);
      forget(id);
      // Sessions stand in the order in which they last kept one.
      bySession.set(id, bodies);
      let own = 0;
      for (const each of bodies) own += sizeOf(each);
      held += own;
      while (own > each || bodies.length > mostOfSession) {
        own -= sizeOf(bodies[0] as RecentBody);
        dropFirst(id);
      }
      for (const oldest of bySession.keys()) {
        while (held > together && bySession.has(oldest)) dropFirst(oldest);
        if (held <= together) break;
      }
    },
  };
}

/** Memory of a body with what was read and written of it, at most. */
function sizeOf({ body, reading }: RecentBody): number {
  return 3 * body.length + valueBytes * reading.values;
}

const stride = 1 << 13;

/** Bytes that both begin with. */
function sharedBytes(one: Buffer, other: Buffer): number {
  const length = Math.min(one.length, other.length);
  const differ = (from: number, to: number) => one.compare(other, from, to, from, to) !== 0;
  let at = 0;
  while (at + stride <= length && !differ(at, at + stride)) at += stride;
  for (let step = stride >> 1; step > 0; step >>= 1) {
    if (at + step <= length && !differ(at, at + step)) at += step;
  }
  return at;
}
