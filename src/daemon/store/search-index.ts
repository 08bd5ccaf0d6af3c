/**
 * Search index: what was said in exchanges that are over, word by word, and a
 * few facts of their sessions, so that a search reads no transcript. It is made
 * from the record beside the data path, one exchange at a time, and can be made
 * again: it is no part of the record's chain, and holds what the record holds,
 * masked as that is. What is pruned leaves it.
 */
import { setImmediate as turn } from "node:timers/promises";
import type { Database } from "better-sqlite3";
import { cutShort } from "../model/refusal.js";
import type { Frame } from "../model/transcript.js";
import type { Group } from "./group.js";
import type { Warn } from "./open.js";
import { createQueue } from "./queue.js";
import { searchWords } from "./search-words.js";
import type { ExchangeLog, ExchangeRecord } from "./store.js";
import { createWriting } from "./writing.js";

/** What can be found of an exchange. */
export interface Said {
  /** Of what it added to its session's conversation. */
  readonly text: string;
  /** Names of the tools that the reply calls. */
  readonly calls: readonly string[];
}

/** Reads an exchange; never throws. The store knows no provider, so whoever opens it says how. */
export type ReadSaid = (record: ExchangeRecord, frames: readonly Frame[]) => Said;

export interface SearchIndexOptions {
  readonly database: Database;
  readonly group: Group;
  readonly exchanges: Pick<ExchangeLog, "find" | "frames">;
  /** Absent: exchanges are found by their facts only. */
  readonly read: ReadSaid | undefined;
  /** Exchanges that have no ending yet. */
  readonly running: () => number;
  readonly warn: Warn;
  /** Milliseconds after an exchange's end. */
  readonly after: number;
}

export interface SearchIndex {
  /** It ended, and that is durable. */
  ended(key: bigint): void;
  /** Takes in what waits, for a bounded time: a search is to find what just ended. */
  flush(): Promise<void>;
  /** Exchanges that are over and cannot be found yet. */
  waiting(): number;
  /** Resolves when nothing waits. */
  idle(): Promise<void>;
  stop(): Promise<void>;
}

/** Milliseconds that a search waits at most: some ten thousand exchanges. */
const longestFlush = 5_000;
/** Exchanges of before the start that are looked up at once. */
const page = 500;
/** Exchanges, and characters, that are written in one transaction. */
const batch = 16;
const batchText = 64 * 1024;
/** Milliseconds between two of them while agents are at work: a hundredth of what they cost. */
const pause = 1_000;
/** Milliseconds since an exchange ended in which its agent still counts as at work. */
const quietAfter = 500;
/** Characters of one exchange that can be found. */
const mostText = 512 * 1024;

/** Begins to index a database; what was left undone is done after what ends now. */
export function createSearchIndex(options: SearchIndexOptions): SearchIndex {
  const { database, group, exchanges, warn } = options;
  const { decide } = createWriting(group);
  const insertText = database.prepare("INSERT INTO said (rowid, text) VALUES (?, ?)");
  const insertKey = database.prepare("INSERT INTO indexed VALUES (?, ?)");
  const isIndexed = database.prepare("SELECT 1 FROM indexed WHERE exchange = ?").pluck();
  const isThere = database.prepare("SELECT 1 FROM exchanges WHERE key = ?").pluck();
  const addFact = database.prepare(
    `INSERT INTO session_facts VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE
     SET input = input + excluded.input, output = output + excluded.output`,
  );
  const noteThrough = database.prepare("UPDATE indexed_through SET exchange = ?");
  const older = database
    .prepare<[bigint, bigint], string>(
      `SELECT CAST(key AS TEXT) FROM endings WHERE key > ? AND key <= ?
       AND key NOT IN (SELECT exchange FROM indexed) ORDER BY key LIMIT ${page}`,
    )
    .pluck();
  const olderCount = database
    .prepare<[bigint, bigint], number>(
      `SELECT count(*) FROM endings WHERE key > ? AND key <= ?
       AND key NOT IN (SELECT exchange FROM indexed)`,
    )
    .pluck();
  const keyOf = (sql: string) => BigInt(database.prepare<[], string>(sql).pluck().get() ?? "0");
  const latest = "SELECT CAST(ifnull(max(key), 0) AS TEXT) FROM endings";

  const fresh = createQueue<bigint>();
  let history = createQueue<bigint>();
  let noted = keyOf("SELECT CAST(exchange AS TEXT) FROM indexed_through");
  let lookedUp = noted;
  /** Those of before the start that were not looked up; counted when first asked for. */
  let unseen: number | undefined;
  const before = keyOf(latest);
  let timer: NodeJS.Timeout | undefined;
  let working: Promise<void> | undefined;
  let stopped = false;
  /** Searches that wait. */
  let hurried = 0;
  let wake = (): void => {};
  const watching: (() => void)[] = [];

  /** The next one; those that just ended first. */
  function next(): bigint | undefined {
    const recent = fresh.shift();
    if (recent !== undefined) return recent;
    if (history.length === 0 && lookedUp < before) {
      const found = older.all(lookedUp, before).map(BigInt);
      history = createQueue(found);
      lookedUp = found.at(-1) ?? before;
      if (unseen !== undefined) unseen = Math.max(0, unseen - found.length);
    }
    return history.shift();
  }

  let lastEnd = Number.NEGATIVE_INFINITY;
  const waits = () => fresh.length > 0 || history.length > 0 || lookedUp < before;

  const isBusy = () => options.running() > 0 || performance.now() - lastEnd < quietAfter;

  function schedule(): void {
    // Not put off by each that ends: agents that never rest are searched too.
    if (stopped || working !== undefined || timer !== undefined || !waits()) return;
    timer = setTimeout(() => void begin(), options.after);
    timer.unref();
  }

  function begin(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    working ??= work().finally(() => {
      working = undefined;
      schedule();
    });
    return working;
  }

  async function work(): Promise<void> {
    while (!stopped) {
      const entries: Entry[] = [];
      let size = 0;
      let taken = 0;
      while (taken < batch && size < batchText) {
        const key = next();
        if (key === undefined) break;
        taken += 1;
        const entry = await read(key);
        if (entry !== undefined) entries.push(entry);
        size += entry?.text.length ?? 0;
        await turn();
      }
      if (taken === 0) break;
      await write(entries);
      for (const wake of watching.splice(0)) wake();
      // Agents at work come first, unless somebody waits for an answer.
      const resume = performance.now() + pause;
      while (hurried === 0 && !stopped && isBusy() && performance.now() < resume) {
        await pausing(quietAfter / 5);
      }
    }
    if (!stopped && !waits()) await note();
  }

  /** A while, or until somebody waits. */
  function pausing(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      wake = resolve;
      setTimeout(resolve, milliseconds).unref();
    });
  }

  function hurry(): void {
    hurried += 1;
    wake();
  }

  /** Everything that has ended is indexed: the next start need not look at it. */
  async function note(): Promise<void> {
    if (options.running() > 0) return;
    const through = keyOf(latest);
    if (through === noted) return;
    try {
      await decide(() => noteThrough.run(through));
      noted = through;
    } catch (error) {
      warn("the next start will look for more to be searched", error);
    }
  }

  async function read(key: bigint): Promise<Entry | undefined> {
    try {
      const record = await exchanges.find(key);
      // Of no session, no list has it; no row, it was pruned.
      if (record === undefined || record.sessionId === null || isIndexed.get(key)) return undefined;
      const said = options.read?.(record, await exchanges.frames(key)) ?? { text: "", calls: [] };
      const text = said.text.slice(0, mostText);
      return { key, session: record.sessionId, text, facts: factsOf(record, said.calls) };
    } catch (error) {
      warn("an exchange cannot be searched", error);
      return undefined;
    }
  }

  async function write(entries: readonly Entry[]): Promise<void> {
    if (entries.length === 0) return;
    try {
      await decide(() => {
        for (const { key, session, text, facts } of entries) {
          if (!isThere.get(key) || isIndexed.get(key)) continue;
          insertKey.run(key, session);
          if (text !== "") insertText.run(key, searchWords(text));
          for (const [kind, value, input = 0, output = 0] of facts) {
            addFact.run(session, kind, value, input, output);
          }
        }
      });
    } catch (error) {
      warn("exchanges cannot be searched until the next start", error);
    }
  }

  schedule();
  return {
    ended(key) {
      lastEnd = performance.now();
      fresh.push(key);
      schedule();
    },
    async flush() {
      const until = performance.now() + longestFlush;
      hurry();
      while (!stopped && performance.now() < until && (waits() || working !== undefined)) {
        const step = new Promise<void>((resolve) => watching.push(resolve));
        await Promise.race([begin(), step]);
      }
      hurried -= 1;
    },
    waiting() {
      unseen ??= lookedUp < before ? (olderCount.get(lookedUp, before) ?? 0) : 0;
      return fresh.length + history.length + unseen;
    },
    async idle() {
      hurry();
      while (waits() || working !== undefined) await begin();
      hurried -= 1;
    },
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await working;
    },
  };
}

interface Entry {
  readonly key: bigint;
  readonly session: string;
  readonly text: string;
  readonly facts: readonly Fact[];
}

type Fact = readonly [kind: string, value: string, input?: number, output?: number];

/** What filters ask for of an exchange's session. */
function factsOf(
  { operation, decision, ending }: ExchangeRecord,
  calls: readonly string[],
): readonly Fact[] {
  const tokens = ending?.tokens;
  const model = operation?.model ?? "";
  const facts: Fact[] = [];
  if (model !== "" || tokens) facts.push(["model", model, tokens?.input ?? 0, tokens?.output ?? 0]);
  for (const tool of new Set([...(operation?.tools ?? []), ...calls])) facts.push(["tool", tool]);
  const error = ending?.error ?? null;
  const refused = deniedCodes.some((code) => code === error);
  const unheard = decision === null && error !== null && !accidents.some((code) => code === error);
  if (decision?.effect === "deny" || refused || unheard) facts.push(["denied", ""]);
  if ((ending?.masked.length ?? 0) > 0) facts.push(["masked", ""]);
  return facts;
}

/** Denied by policy or by a person, a tool call of the reply among them. */
const deniedCodes = ["policy_denied", "review_denied", "tool_call_denied"] as const;

/** Endings without a decision that nobody refused (totals.ts counts likewise). */
const accidents = [...cutShort, "fault"] as const;
