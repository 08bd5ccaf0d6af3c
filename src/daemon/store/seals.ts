/**
 * Seals: signed checkpoints of the chain. A process that can write to the file
 * can write a new chain, but without the key it cannot seal it. Each seal is
 * itself in the chain, so a seal that was removed is missed; the last one is
 * anchored in the secret store (daemon/record/sealing.ts), which no file can undo.
 */
import type { Database } from "better-sqlite3";
import { type Chain, type ChainHead, type Link, shownHead } from "./chain.js";
import { stateDigest } from "./change-log.js";
import type { LinkHashes } from "./link-hashes.js";
import type { Pruned } from "./pruned.js";
import type { RecordProblem, RecordReport } from "./record-report.js";
import { isSignedBy } from "./signature.js";

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

/**
 * Creates what seals the head of a database's chain, inside a transaction of the caller. The seal
 * takes the next place of the chain first, and then signs that place: the sealed head is the seal's
 * own link.
 */
export function createSealing(database: Database, chain: Pick<Chain, "link" | "last">) {
  const insert = database.prepare("INSERT INTO seals VALUES (?, ?, ?, ?, ?)");
  const note = database.prepare("INSERT INTO changes VALUES (?, 'seal', ?, ?, ?)");
  return function seal(signer: Signer, at: number): Link {
    const { publicKey } = signer;
    const place = chain.last().place + 1;
    const digest = stateDigest("seal", [place, at, publicKey.toString("hex").toUpperCase()]);
    const link = chain.link("change", ["seal", String(place), digest.toString("hex")]);
    note.run(place, String(place), digest, link.hash);
    const signature = signer.sign(sealText(shownHead(link), at));
    insert.run(place, link.hash, at, publicKey, signature);
    return link;
  };
}

export interface SealCheck {
  readonly links: LinkHashes;
  readonly pruned: Pruned;
  readonly head?: ChainHead | undefined;
  readonly anchor?: ChainHead | undefined;
  readonly trusted?: Buffer | undefined;
  readonly problems: RecordProblem[];
}

/** Holds the chain to its seals, and to heads that were kept elsewhere; gives the last that holds. */
export function checkSeals(
  database: Database,
  { links, pruned, head, anchor, trusted, problems }: SealCheck,
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
  if (anchor !== undefined && anchor.place > end) {
    add("cut", anchor.place, anchorMessage("cut", anchor.place, end));
  } else if (anchor !== undefined && !isThere(anchor.place, Buffer.from(anchor.hash, "hex"))) {
    add("edited", anchor.place, anchorMessage("rewritten", anchor.place, end));
  }
  return sealed;
}

/** What it means that the record does not contain the head that the secret store has. */
export function anchorMessage(how: "cut" | "rewritten", place: number, end: number): string {
  if (how === "rewritten") {
    return `what is at place ${place} is not what the secret store has of it: the record was rewritten, or another one is in its place`;
  }
  const found = end === 0 ? "the record is empty" : `the record ends at place ${end}`;
  return `place ${place} was sealed, by the secret store's word, and ${found}: its end was cut off, or an older or a new record is in its place`;
}
