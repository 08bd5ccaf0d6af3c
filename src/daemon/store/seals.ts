/**
 * Seals: signed checkpoints of the chain. Whoever can write to the file can
 * write a chain anew; without the key they cannot seal it, and a seal beyond
 * the end shows that the end was cut off.
 */
import { createPublicKey, verify } from "node:crypto";
import type { Database } from "better-sqlite3";
import { type ChainHead, type Link, shownHead } from "./chain.js";
import type { LinkHashes } from "./link-hashes.js";
import type { Pruned } from "./pruned.js";
import type { RecordProblem, RecordReport } from "./record-report.js";

/** Signs with a key of this installation (Ed25519, RFC 8032). */
export interface Signer {
  /** Raw public key, 32 bytes. */
  readonly publicKey: Buffer;
  /** 64 bytes. */
  sign(bytes: Buffer): Buffer;
}

interface SealRow {
  readonly place: number;
  readonly hash: Buffer;
  readonly at: number;
  readonly key: Buffer;
  readonly signature: Buffer;
}

/** What is signed of a head, as docs/transcript-format.md has it. */
function sealText({ place, hash }: ChainHead, at: number): Buffer {
  return Buffer.from(`hoopx record 1\nplace ${place}\nhash ${hash}\nat ${at}\n`);
}

/** Is it the signature of this text by this raw key? */
export function isSignedBy(key: Buffer, text: Buffer, signature: Buffer): boolean {
  try {
    // RFC 8410: the 12 bytes before an Ed25519 key that make it a SubjectPublicKeyInfo.
    const der = Buffer.concat([Buffer.from("302a300506032b6570032100", "hex"), key]);
    return verify(
      null,
      text,
      createPublicKey({ key: der, format: "der", type: "spki" }),
      signature,
    );
  } catch {
    return false;
  }
}

/** Creates what seals the head of a database's chain, inside a transaction of the caller. */
export function createSealing(database: Database) {
  const insert = database.prepare("INSERT OR IGNORE INTO seals VALUES (?, ?, ?, ?, ?)");
  return function seal(head: Link, signer: Signer, at: number): void {
    if (head.place === 0) return;
    const signature = signer.sign(sealText(shownHead(head), at));
    insert.run(head.place, head.hash, at, signer.publicKey, signature);
  };
}

export interface SealCheck {
  readonly links: LinkHashes;
  readonly pruned: Pruned;
  readonly head?: ChainHead | undefined;
  readonly trusted?: Buffer | undefined;
  readonly problems: RecordProblem[];
}

/** Holds the chain to its seals, and to a head that was kept elsewhere; gives the last that holds. */
export function checkSeals(
  database: Database,
  { links, pruned, head, trusted, problems }: SealCheck,
): RecordReport["sealed"] {
  const rows = database.prepare<[], SealRow>("SELECT * FROM seals ORDER BY place").all();
  const end = links.head.place;
  let sealed: RecordReport["sealed"] = null;
  const add = (kind: RecordProblem["kind"], place: number, message: string) =>
    problems.push({ kind, record: "seal", id: String(place), session: null, message });
  /** What was pruned since cannot be held to anything: it is named by the pruning's own signature. */
  const isThere = (place: number, hash: Buffer) => {
    const there = links.at(place);
    return there === undefined ? pruned.has(place) : there.equals(hash);
  };

  for (const { place, hash, at, key, signature } of rows) {
    const text = sealText(shownHead({ place, hash }), at);
    if (trusted !== undefined && !trusted.equals(key)) {
      add("signature", place, `place ${place} is sealed by another key than this installation's`);
    } else if (!isSignedBy(key, text, signature)) {
      add("signature", place, `the seal of place ${place} is not signed by its key`);
    } else if (place > end) {
      add("cut", place, `place ${place} was sealed, and the record ends at place ${end}`);
    } else if (!isThere(place, hash)) {
      add("edited", place, `what is at place ${place} is not what was sealed`);
    } else {
      sealed = { place, at: new Date(at), key: key.toString("hex") };
    }
  }
  if (head !== undefined && head.place > end) {
    add("cut", head.place, `the record ends at place ${end}, before the head that was kept`);
  } else if (head !== undefined && !isThere(head.place, Buffer.from(head.hash, "hex"))) {
    add("edited", head.place, `what is at place ${head.place} is not the head that was kept`);
  }
  return sealed;
}
