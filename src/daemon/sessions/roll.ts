/**
 * Roll: sessions by the SHA-256 of their token and by id. Those that are over
 * stay for a while, so that a late request is told that its session is over
 * and is recorded under it; how many is bounded.
 */
import type { SessionId } from "../model/session.js";
import type { Entry } from "./entry.js";

export interface Roll {
  add(entry: Entry): void;
  byDigest(digest: Uint8Array): Entry | undefined;
  /** A live one. */
  live(id: SessionId): Entry | undefined;
  allLive(): readonly Entry[];
  liveCount(): number;
  /** Moves an entry that is over from the live ones to those remembered. */
  retire(entry: Entry): void;
}

/** Creates an empty roll that remembers so many that are over. */
export function createRoll(remembered: number): Roll {
  const byDigest = new Map<string, Entry>();
  const live = new Map<SessionId, Entry>();
  /** Oldest first, as a Set keeps its order. */
  const over = new Set<Entry>();

  function remember(entry: Entry): void {
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
