/**
 * Chain: what makes an altered record show. Each row that is written takes the
 * next place in the chain and a hash over the row and the hash before it, in
 * the row itself: nothing before the head can be changed, taken out, put in or
 * moved without the hashes saying so (SECURITY T1). One hash a row: the data
 * path pays for no more.
 */
import { createHash, hash } from "node:crypto";
import type { Database } from "better-sqlite3";
import { canonicalText, type LinkedKind, type Value } from "./canonical.js";
import type { Transaction } from "./group-commit.js";

export interface Link {
  /** From 1; without gaps, but for what was pruned. */
  readonly place: number;
  /** SHA-256, 32 bytes. */
  readonly hash: Buffer;
}

export interface ChainHead {
  /** 0: nothing was written yet. */
  readonly place: number;
  /** Hex. */
  readonly hash: string;
}

export interface Chain {
  readonly transaction: Transaction;
  /** Links a row of this transaction, which has to be written with what this gives. */
  link(kind: LinkedKind, columns: readonly Value[], frames?: Buffer | null): Link;
  /** As of the last commit. */
  head(): Link;
  /** The last link, of a transaction that is open too. */
  last(): Link;
}

/** What the first link follows. */
export const genesis: Link = { place: 0, hash: Buffer.alloc(32) };

/** Begins, or goes on with, the chain of a database. */
export function createChain(database: Database): Chain {
  const hashed = createLinkHash();
  let durable = lastLink(database);
  let last = durable;

  return {
    transaction: {
      foreign() {
        durable = lastLink(database, true);
        last = durable;
      },
      seal() {},
      committed() {
        durable = last;
      },
      rolledBack() {
        last = durable;
      },
    },
    link(kind, columns, frames = null) {
      const place = last.place + 1;
      last = { place, hash: hashed(last.hash, place, canonicalText(kind, columns), frames) };
      return last;
    },
    head: () => durable,
    last: () => last,
  };
}

/** The head as it is shown, and as it may be kept elsewhere. */
export function shownHead({ place, hash: bytes }: Link): ChainHead {
  return { place, hash: bytes.toString("hex") };
}

type LinkHash = (
  before: Buffer,
  place: number,
  text: string | Buffer,
  frames: Buffer | null,
) => Buffer;

/** Up to this size a row is copied together and hashed in one call, the cheaper by far. */
const copied = 64 * 1024;
/** What stands before a row's text in what is hashed: the hash before it, and its place. */
export const prefix = 40;

/** The hash of a link whose bytes stand together already, behind room for the prefix, which is written. */
export function hashInPlace(before: Buffer, place: number, bytes: Buffer): Buffer {
  putPrefix(before, place, bytes);
  return hash("sha256", bytes, "buffer");
}

function putPrefix(before: Buffer, place: number, bytes: Buffer): void {
  before.copy(bytes, 0);
  bytes.writeUInt32BE(Math.floor(place / 2 ** 32), 32);
  bytes.writeUInt32BE(place >>> 0, 36);
}

/**
 * Creates the hash of links: SHA-256 of the hash before it, its place (8 bytes, big-endian), the
 * row's canonical text, and its frames as they are packed.
 */
export function createLinkHash(): LinkHash {
  const scratch = Buffer.allocUnsafe(copied);
  return function linkHash(before, place, text, frames) {
    putPrefix(before, place, scratch);
    const size = frames?.length ?? 0;
    // A UTF-16 unit is at most three bytes of UTF-8.
    if (prefix + text.length * 3 + size <= copied) {
      const isText = typeof text === "string";
      const end = prefix + (isText ? scratch.write(text, prefix) : text.copy(scratch, prefix));
      frames?.copy(scratch, end);
      return hash("sha256", scratch.subarray(0, end + size), "buffer");
    }
    const digest = createHash("sha256").update(scratch.subarray(0, prefix)).update(text);
    return (frames === null ? digest : digest.update(frames)).digest();
  };
}

/**
 * The greatest link of the file. What was written since the last mark is above it: rows of
 * exchanges that had no ending by then, and the ends of the tables that are appended to. `whole`:
 * where another process writes too, its mark says nothing of ours, and all rows are looked at.
 */
function lastLink(database: Database, whole = false): Link {
  const where = whole ? "" : "WHERE key > (SELECT through FROM ended)";
  const links = database
    .prepare<[], { readonly place: number | null; readonly hash: Buffer | null }>(
      `SELECT place, hash FROM ended
       UNION ALL SELECT max(place), hash FROM exchanges ${where}
       UNION ALL SELECT max(place), hash FROM endings ${where}
       UNION ALL SELECT place, hash FROM (SELECT place, hash FROM frames ORDER BY id DESC LIMIT 1)
       UNION ALL SELECT place, hash FROM (SELECT place, hash FROM changes ORDER BY place DESC LIMIT 1)`,
    )
    .all();
  let last = genesis;
  for (const { place, hash: bytes } of links) {
    if (place !== null && bytes !== null && place > last.place) last = { place, hash: bytes };
  }
  return last;
}
