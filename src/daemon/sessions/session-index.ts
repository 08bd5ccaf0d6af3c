/**
 * Session index: sessions by the SHA-256 of their token and by id. Those that are over
 * stay for a while, so that a late request is told that its session is over
 * and is recorded under it; how many is bounded.
 */
import type { SessionId } from "../model/session.js";
import type { LiveSession } from "./live-session.js";

export interface SessionIndex {
  add(entry: LiveSession): void;
  byDigest(digest: Uint8Array): LiveSession | undefined;
  /** A live one. */
  live(id: SessionId): LiveSession | undefined;
  allLive(): readonly LiveSession[];
  liveCount(): number;
  /** Moves an entry that is over from the live ones to those remembered. */
  retire(entry: LiveSession): void;
}

/** Creates an empty index that remembers this many sessions that are over. */
export function createSessionIndex(remembered: number): SessionIndex {
  const byDigest = new Map<string, LiveSession>();
  const live = new Map<SessionId, LiveSession>();
  /** Oldest first, as a Set keeps its order. */
  const over = new Set<LiveSession>();

  function remember(entry: LiveSession): void {
    over.add(entry);
    for (const oldest of over) {
      if (over.size <= remembered) break;
      over.delete(oldest);
      byDigest.delete(keyOf(oldest.session.tokenDigest));
    }
  }

  return {
    add(entry) {
      byDigest.set(keyOf(entry.session.tokenDigest), entry);
      if (entry.live) live.set(entry.session.id, entry);
      else remember(entry);
    },
    byDigest: (digest) => byDigest.get(keyOf(digest)),
    live: (id) => live.get(id),
    allLive: () => [...live.values()],
    liveCount: () => live.size,
    retire(entry) {
      live.delete(entry.session.id);
      remember(entry);
    },
  };
}

/** What is compared is a digest's own text: a timing tells nothing of the token behind it (SECURITY L5). */
function keyOf(digest: Uint8Array): string {
  return Buffer.from(digest.buffer, digest.byteOffset, digest.byteLength).toString("latin1");
}
