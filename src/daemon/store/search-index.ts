/**
 * Search index: what was said in exchanges that are over, word by word, and a
 * few facts of their sessions, so that a search reads no transcript. It is made
 * from the record beside the data path, one exchange at a time, and can be made
 * again: it is no part of the record's chain, and holds what the record holds,
 * masked as that is. What is pruned leaves it.
 */
import { setTimeout as delay, setImmediate as turn } from "node:timers/promises";
import type { Database } from "better-sqlite3";
import { exchangeOutcome } from "../model/outcome.js";
import { cutPlace } from "../model/text-cut.js";
import type { Frame } from "../model/transcript.js";
import type { GroupCommit } from "./group-commit.js";
import type { Warn } from "./open.js";
import { createSearchQueue } from "./search-queue.js";
import { apart } from "./search-runs.js";
import type { ExchangeLog, ExchangeRecord } from "./store.js";
import { createWriting } from "./writing.js";

/** What can be found of an exchange. */
export interface Said {
  /** Of what it added to its session's conversation. */
  readonly text: string;
  /** Names of the tools that the reply calls. */
  readonly calls: readonly string[];
}

/** Reads an exchange; never throws. The store knows no provider, so its opener says how. */
export type ReadSaid = (record: ExchangeRecord, frames: readonly Frame[]) => Said;

export interface SearchIndexOptions {
  readonly database: Database;
  readonly group: GroupCommit;
  readonly exchanges: Pick<ExchangeLog, "find" | "frames" | "requestFrames">;
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
  /** Takes in all that waits, for a bounded time: a search is to find what just ended, and what ended long ago. */
  flush(): Promise<void>;
  /** Exchanges that are over and cannot be found yet. */
  waiting(): number;
  /** Resolves when nothing waits. */
  idle(): Promise<void>;
  stop(): Promise<void>;
}

/** Milliseconds that a search waits at most: some ten thousand exchanges. */
const longestFlush = 5_000;
/** Exchanges, and characters, that are written in one transaction. */
const batch = 16;
const batchText = 64 * 1024;
/** Milliseconds between two of them while agents are at work: a hundredth of what they cost. */
const pause = 1_000;
/** Milliseconds since an exchange ended in which its agent still counts as at work. */
const quietAfter = 500;
/** Bytes of one exchange that are read for it. */
const mostRead = 4 * 1024 * 1024;
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
  const queue = createSearchQueue(database);
  const { waits } = queue;

  let timer: NodeJS.Timeout | undefined;
  let working: Promise<void> | undefined;
  let stopped = false;
  /** Searches that wait. */
  let hurried = 0;
  let rouse = () => {};
  const watching: (() => void)[] = [];

  let lastEnd = Number.NEGATIVE_INFINITY;
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
        const key = queue.next(hurried > 0);
        if (key === undefined) break;
        taken += 1;
        const entry = await read(key);
        if (entry !== undefined) entries.push(entry);
        size += entry?.text.length ?? 0;
        await turn();
      }
      await write(entries);
      queue.settle();
      for (const wake of watching.splice(0)) wake();
      if (taken === 0) break;
      // Agents at work come first, unless a search waits for an answer.
      const resume = performance.now() + pause;
      while (hurried === 0 && !stopped && isBusy() && performance.now() < resume) {
        await rest();
      }
    }
    if (!stopped && !waits()) await note();
  }

  /** A while that keeps no process alive, and that ends at once for who comes to wait. */
  async function rest(): Promise<void> {
    const rested = new AbortController();
    rouse = () => rested.abort();
    await delay(quietAfter / 5, undefined, { ref: false, signal: rested.signal }).catch(() => {});
  }

  /** Everything that has ended is indexed: the next start need not look at it. */
  async function note(): Promise<void> {
    if (options.running() > 0) return;
    const through = queue.unnoted();
    if (through === undefined) return;
    try {
      await decide(() => queue.note(through));
    } catch (error) {
      warn("the next start will look for more to be searched", error);
    }
  }

  async function read(key: bigint): Promise<Entry | undefined> {
    try {
      const record = await exchanges.find(key);
      // Of no session, no list has it; no row, it was pruned.
      if (record === undefined || record.sessionId === null || isIndexed.get(key)) return undefined;
      const said = options.read?.(record, await framesOf(record)) ?? { text: "", calls: [] };
      const text = said.text.slice(0, cutPlace(said.text, mostText));
      return { key, session: record.sessionId, text, facts: factsOf(record, said.calls) };
    } catch (error) {
      warn("an exchange cannot be searched", error);
      return undefined;
    }
  }

  /** What is too large to be read at once is found by its facts only: it would hold up agents at work. */
  async function framesOf({
    key,
    requestBytes,
    ending,
  }: ExchangeRecord): Promise<readonly Frame[]> {
    const whole = requestBytes + (ending?.responseBytes ?? 0);
    if (whole <= mostRead) return exchanges.frames(key);
    return requestBytes <= mostRead ? exchanges.requestFrames(key) : [];
  }

  async function write(entries: readonly Entry[]): Promise<void> {
    if (entries.length === 0) return;
    try {
      await decide(() => {
        for (const { key, session, text, facts } of entries) {
          if (!isThere.get(key) || isIndexed.get(key)) continue;
          insertKey.run(key, session);
          if (text !== "") insertText.run(key, apart(text));
          for (const [kind, value, input = 0, output = 0] of facts) {
            addFact.run(session, kind, value, input, output);
          }
        }
      });
    } catch (error) {
      warn("exchanges cannot be searched until the next start", error);
    }
  }

  async function hurrying(enough: () => boolean): Promise<void> {
    hurried += 1;
    rouse();
    while (!stopped && !enough()) {
      const step = new Promise<void>((resolve) => watching.push(resolve));
      await Promise.race([begin(), step]);
    }
    hurried -= 1;
  }

  schedule();
  return {
    ended(key) {
      lastEnd = performance.now();
      queue.ended(key);
      schedule();
    },
    async flush() {
      const mark = queue.mark();
      const until = performance.now() + longestFlush;
      await hurrying(() => queue.isSettled(mark) || performance.now() > until);
    },
    waiting: queue.count,
    idle: () => hurrying(() => !waits() && working === undefined),
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

/** What filters ask for of an exchange, besides words. Its reply calls these tools. */
function factsOf(record: ExchangeRecord, calls: readonly string[]): readonly Fact[] {
  const { operation, ending } = record;
  const tokens = ending?.tokens;
  const model = operation?.model ?? "";
  const facts: Fact[] = [];
  if (model !== "" || tokens) facts.push(["model", model, tokens?.input ?? 0, tokens?.output ?? 0]);
  for (const tool of new Set([...(operation?.tools ?? []), ...calls])) facts.push(["tool", tool]);
  const outcome = exchangeOutcome(record);
  if (outcome !== null) facts.push(["outcome", outcome]);
  if ((ending?.masked.length ?? 0) > 0) facts.push(["masked", ""]);
  return facts;
}
