/**
 * Chain: what makes an altered record show. Each transaction appends a link
 * that names every record it wrote with its digest, and whose hash includes
 * the hash of the link before it: nothing before the head can be changed,
 * taken out, put in or moved without every later hash changing (SECURITY T1).
 */
import { createHash } from "node:crypto";
import type { Database } from "better-sqlite3";
import { type RecordKind, recordKinds } from "./canonical.js";
import type { Transaction } from "./group.js";

export interface ChainHead {
  /** Links so far; 0: none. */
  readonly id: number;
  /** SHA-256, hex. */
  readonly hash: string;
}

export interface Chain {
  readonly transaction: Transaction;
  /** A record as this transaction leaves it; the last of the same key counts. */
  note(kind: RecordKind, key: string | number | bigint, digest: Buffer): void;
  /** As of the last commit. */
  head(): ChainHead;
}

/** What the first link follows. */
export const genesis: Buffer = Buffer.alloc(32);

/** Creates what appends to a database's chain. */
export function createChain(database: Database): Chain {
  const insert = database.prepare("INSERT INTO chain VALUES (?, ?, ?)");
  const last = database
    .prepare<[], { readonly id: number; readonly hash: Buffer }>(
      "SELECT id, hash FROM chain ORDER BY id DESC LIMIT 1",
    )
    .get();
  let durable = { id: last?.id ?? 0, hash: last?.hash ?? genesis };
  let next = durable;
  let entries: Buffer[] = [];

  return {
    transaction: {
      seal() {
        if (entries.length === 0) return;
        const packed = entries.length === 1 ? (entries[0] as Buffer) : Buffer.concat(entries);
        const id = durable.id + 1;
        const hash = linkHash(durable.hash, id, packed);
        insert.run(id, packed, hash);
        next = { id, hash };
      },
      committed() {
        durable = next;
        entries = [];
      },
      rolledBack() {
        next = durable;
        entries = [];
      },
    },
    note: (kind, key, digest) => void entries.push(packEntry(kind, key, digest)),
    head: () => ({ id: durable.id, hash: durable.hash.toString("hex") }),
  };
}

/** Hash of a link: SHA-256 of the hash before it, its number (8 bytes, big-endian) and its entries. */
export function linkHash(before: Buffer, id: number, entries: Buffer): Buffer {
  const place = Buffer.alloc(8);
  place.writeBigUInt64BE(BigInt(id));
  return createHash("sha256").update(before).update(place).update(entries).digest();
}

export interface ChainEntry {
  readonly kind: RecordKind;
  readonly key: string;
  readonly digest: Buffer;
}

/** Kind (1 byte, from 1), length of the key (1), key as UTF-8, digest (32). */
function packEntry(kind: RecordKind, key: string | number | bigint, digest: Buffer): Buffer {
  const text = String(key);
  const length = Buffer.byteLength(text);
  const entry = Buffer.allocUnsafe(2 + length + 32);
  entry[0] = recordKinds.indexOf(kind) + 1;
  entry[1] = length;
  entry.write(text, 2);
  digest.copy(entry, 2 + length);
  return entry;
}

/** The entries of a link; throws for what is none. */
export function unpackEntries(packed: Buffer): readonly ChainEntry[] {
  const entries: ChainEntry[] = [];
  for (let at = 0; at < packed.length; ) {
    const kind = recordKinds[packed.readUInt8(at) - 1];
    const end = at + 2 + packed.readUInt8(at + 1);
    if (kind === undefined || end + 32 > packed.length) throw new RangeError("no entry of a link");
    entries.push({
      kind,
      key: packed.toString("utf8", at + 2, end),
      digest: packed.subarray(end, end + 32),
    });
    at = end + 32;
  }
  return entries;
}
