/**
 * Seals: signed checkpoints of the chain. Whoever can write to the file can
 * write a chain anew; without the key they cannot seal it, and a seal beyond
 * the end shows that the end was cut off.
 */
import { createPublicKey, verify } from "node:crypto";
import type { Database } from "better-sqlite3";
import type { ChainHead } from "./chain.js";
import type { LinkCheck } from "./link-check.js";
import type { RecordProblem, RecordReport } from "./verify.js";

/** Signs with a key of this installation (Ed25519, RFC 8032). */
export interface Signer {
  /** Raw public key, 32 bytes. */
  readonly publicKey: Buffer;
  /** 64 bytes. */
  sign(bytes: Buffer): Buffer;
}

interface SealRow {
  readonly link: number;
  readonly hash: Buffer;
  readonly at: number;
  readonly key: Buffer;
  readonly signature: Buffer;
}

/** What is signed of a head: one line, as docs/transcript-format.md has it. */
export function sealText({ id, hash }: ChainHead, at: number): Buffer {
  return Buffer.from(`hoopx record 1\nlink ${id}\nhash ${hash}\nat ${at}\n`);
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
  return function seal(head: ChainHead, signer: Signer, at: number): void {
    if (head.id === 0) return;
    const signature = signer.sign(sealText(head, at));
    insert.run(head.id, Buffer.from(head.hash, "hex"), at, signer.publicKey, signature);
  };
}

export interface SealCheck {
  readonly links: LinkCheck;
  readonly head?: ChainHead | undefined;
  readonly trusted?: Buffer | undefined;
  readonly problems: RecordProblem[];
}

/** Holds the chain to its seals, and to a head that was kept elsewhere; gives the last that holds. */
export function checkSeals(
  database: Database,
  { links, head, trusted, problems }: SealCheck,
): RecordReport["sealed"] {
  const rows = database.prepare<[], SealRow>("SELECT * FROM seals ORDER BY link").all();
  const end = links.head.id;
  let sealed: RecordReport["sealed"] = null;
  const add = (kind: RecordProblem["kind"], id: number, message: string) =>
    problems.push({ kind, record: "seal", id: String(id), session: null, message });

  for (const { link, hash, at, key, signature } of rows) {
    const text = sealText({ id: link, hash: hash.toString("hex") }, at);
    if (trusted !== undefined && !trusted.equals(key)) {
      add("signature", link, `link ${link} is sealed by another key than this installation's`);
    } else if (!isSignedBy(key, text, signature)) {
      add("signature", link, `the seal of link ${link} is not signed by its key`);
    } else if (link > end) {
      add("cut", link, `link ${link} was sealed, and the record ends at link ${end}`);
    } else if (!links.hashAt(link)?.equals(hash)) {
      add("edited", link, `link ${link} is not the one that was sealed`);
    } else {
      sealed = { link, at: new Date(at), key: key.toString("hex") };
    }
  }
  if (head !== undefined && head.id > 0) {
    const hash = links.hashAt(head.id)?.toString("hex");
    if (head.id > end) {
      add("cut", head.id, `the record ends at link ${end}, before the head that was kept`);
    } else if (hash !== head.hash) {
      add("edited", head.id, `link ${head.id} is not the head that was kept`);
    }
  }
  return sealed;
}
