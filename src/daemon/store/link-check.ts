/**
 * Link check: the links of the chain, each held to the one before it, and what
 * they say that the record contains.
 */
import type { Database } from "better-sqlite3";
import { type ChainHead, genesis, linkHash, unpackEntries } from "./chain.js";
import type { RecordProblem } from "./verify.js";

interface LinkRow {
  readonly id: number;
  readonly entries: Buffer;
  readonly hash: Buffer;
}

export interface LinkCheck {
  /** Looks at every link; yields the bytes of each page. */
  walk(): Generator<number, void>;
  /** `KIND KEY` → digest, as the last link that names it has it. */
  readonly expected: Map<string, Buffer>;
  readonly count: number;
  readonly head: ChainHead;
  /** The stored hash of a link; undefined where it is not there. */
  hashAt(id: number): Buffer | undefined;
}

const page = 1_024;
/** Links of which is looked whether they changed places. */
const comparedLinks = 64;

/** Creates the check over a database's chain; what it finds is added to `problems`. */
export function createLinkCheck(database: Database, problems: RecordProblem[]): LinkCheck {
  const rows = database.prepare<[number, number], LinkRow>(
    "SELECT id, entries, hash FROM chain WHERE id > ? ORDER BY id LIMIT ?",
  );
  const one = database.prepare<[number], Buffer>("SELECT hash FROM chain WHERE id = ?").pluck();
  const expected = new Map<string, Buffer>();
  const broken: LinkRow[] = [];
  let count = 0;
  let last = { id: 0, hash: genesis };

  function add(kind: RecordProblem["kind"], id: string, message: string): void {
    problems.push({ kind, record: "link", id, session: null, message });
  }

  function look(row: LinkRow): void {
    count += 1;
    const follows = row.id === last.id + 1;
    if (!follows) {
      const from = last.id + 1;
      const which = from === row.id - 1 ? `link ${from} is` : `links ${from} to ${row.id - 1} are`;
      add("deleted", String(from), `${which} missing`);
    }
    // After a gap nobody can say what the hash should be.
    if (follows && !linkHash(last.hash, row.id, row.entries).equals(row.hash)) broken.push(row);
    last = row;
    try {
      for (const { kind, key, digest } of unpackEntries(row.entries)) {
        expected.set(`${kind} ${key}`, digest);
      }
    } catch {
      add("edited", String(row.id), `link ${row.id} cannot be read`);
    }
  }

  function nameBroken(): void {
    const compared = broken.slice(0, comparedLinks);
    const moved = new Set<number>();
    for (const row of compared) {
      for (const { id } of compared) {
        if (id === row.id) continue;
        const before = id === 1 ? genesis : one.get(id - 1);
        if (before === undefined || !linkHash(before, id, row.entries).equals(row.hash)) continue;
        moved.add(row.id);
        add("reordered", String(row.id), `link ${row.id} was link ${id}`);
      }
    }
    for (const { id } of broken) {
      // What follows a link that was moved does not follow it any more; that says nothing new.
      if (moved.has(id) || moved.has(id - 1)) continue;
      add("edited", String(id), `link ${id} does not follow the one before it`);
    }
  }

  return {
    *walk() {
      for (;;) {
        const found = rows.all(last.id, page);
        for (const row of found) look(row);
        yield found.reduce((sum, { entries }) => sum + entries.length, 0);
        if (found.length < page) break;
      }
      nameBroken();
    },
    expected,
    get count() {
      return count;
    },
    get head() {
      return { id: last.id, hash: last.hash.toString("hex") };
    },
    hashAt: (id) => one.get(id),
  };
}
