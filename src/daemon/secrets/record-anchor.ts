/**
 * Record anchor: the last sealed place of the record and its hash, in the
 * secret store beside the key. The record's file alone cannot be cut back,
 * rewritten or swapped for an older one unnoticed (SECURITY T2).
 */
import { Secret } from "../model/secret.js";
import type { SecretStore } from "./secret-store.js";

export interface RecordAnchor {
  readonly place: number;
  /** SHA-256, hex. */
  readonly hash: string;
  readonly at: Date;
  /** The last time that a person accepted a record that did not go on from the anchor before. */
  readonly accepted: {
    readonly at: Date;
    /** The anchor that was given up. */
    readonly instead: { readonly place: number; readonly hash: string };
    /** Where the accepted record ended. */
    readonly place: number;
  } | null;
}

const entry = "record-anchor";

/** Gets the anchor; undefined where none was kept. Rejects as the secret store does. */
export async function readAnchor(store: SecretStore): Promise<RecordAnchor | undefined> {
  const kept = await store.get(entry);
  if (kept === undefined) return undefined;
  const anchor = anchorIn(kept.reveal());
  if (anchor === undefined) throw new Error(`${entry} in the secret store cannot be read`);
  return anchor;
}

/** Keeps the anchor in place of the one before. */
export async function keepAnchor(store: SecretStore, anchor: RecordAnchor): Promise<void> {
  await store.set(entry, new Secret(JSON.stringify(anchor)));
}

function anchorIn(text: string): RecordAnchor | undefined {
  try {
    const { place, hash, at, accepted } = JSON.parse(text);
    if (!isHead(place, hash)) return undefined;
    return {
      ...{ place, hash, at: new Date(at) },
      accepted: accepted && { ...accepted, at: new Date(accepted.at) },
    };
  } catch {
    return undefined;
  }
}

function isHead(place: unknown, hash: unknown): boolean {
  return Number.isSafeInteger(place) && typeof hash === "string" && /^[0-9a-f]{64}$/.test(hash);
}
