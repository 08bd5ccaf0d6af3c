/**
 * Transcripts: exchanges as the data path writes them. What is written of one
 * exchange in one transaction becomes one row: that of the exchange itself,
 * that of its ending, or one of `frames`, which names the row before it.
 *
 * Where each running exchange's chain of rows ends is kept in memory; it never
 * points to a row that was rolled back.
 */
import type { Database } from "better-sqlite3";
import type { Ending, Frame } from "../model/transcript.js";
import { storable } from "./canonical.js";
import type { Chain } from "./chain.js";
import type { GroupCommit, Transaction } from "./group-commit.js";
import { createRowRoom, packedBytes, packRow, packRows } from "./pack.js";
import type { Opening, TranscriptLog } from "./store.js";

interface Running {
  readonly key: bigint;
  /** Last row of `frames` so far; null where there is none. */
  last: number | null;
  /** The same as of the last commit. */
  durable: number | null;
  /** Frames of this transaction that are in no row yet. */
  waiting: Frame[];
  touched: boolean;
  /** Of its request's frames, and of its reply's so far, about. */
  readonly requestBytes: number;
  replyBytes: number;
  /** Was it opened in this transaction? */
  fresh: boolean;
}

export interface Transcripts {
  readonly transaction: Transaction;
  /** The data path's side, writing through a group. */
  log(group: GroupCommit): TranscriptLog;
  /** Last row of `frames` of a running exchange; undefined for one that does not run. */
  lastRow(key: bigint): number | null | undefined;
  running(): number;
}

/** Size of a row without its frames, roughly. */
const rowOverhead = 256;

/** Creates what writes a database's transcripts. */
export function createTranscripts(
  database: Database,
  chain: Pick<Chain, "link">,
  ended: (key: bigint, larger: number) => void = () => {},
  goesOn: () => void = () => {},
): Transcripts {
  const insertExchange = database.prepare(
    `INSERT INTO exchanges VALUES (${Array(29).fill("?").join(",")})`,
  );
  const insertEnding = database.prepare(
    `INSERT INTO endings VALUES (${Array(15).fill("?").join(",")})`,
  );
  const insertRow = database.prepare("INSERT INTO frames VALUES (?, ?, ?, ?, ?, ?)");
  const running = new Map<bigint, Running>();
  const room = createRowRoom();
  let touched: Running[] = [];
  const firstFree = database
    .prepare<[], number>("SELECT ifnull(max(id), 0) + 1 FROM frames")
    .pluck();
  let nextRow = firstFree.get() ?? 1;

  function touch(exchange: Running): void {
    if (exchange.touched) return;
    exchange.touched = true;
    touched.push(exchange);
  }

  function find(key: bigint): Running {
    const exchange = running.get(key);
    if (exchange === undefined) throw new Error(`exchange ${key} is not open`);
    touch(exchange);
    return exchange;
  }

  function writeRows(exchange: Running, frames: readonly Frame[]): void {
    for (const data of packRows(frames, room)) {
      const columns = [nextRow, exchange.key, exchange.last];
      const { place, hash } = chain.link("frames", columns, data);
      insertRow.run(...columns, place, hash, data);
      exchange.last = nextRow;
      nextRow += 1;
    }
  }

  function applyOpening(opening: Opening): void {
    const { key, operation, decision, frames, process } = opening;
    const row = packRow(frames, room);
    const columns = [
      key,
      opening.sessionId,
      opening.seq,
      opening.connection,
      process?.pid,
      process?.executable,
      process?.startedAt.getTime(),
      opening.startedAt.getTime(),
      opening.requestBytes,
      operation?.provider,
      operation?.action,
      operation?.class,
      operation === null ? null : Number(operation.mintsCredential),
      operation?.method,
      operation?.path,
      operation?.model,
      operation === null ? null : JSON.stringify(operation.tools),
      operation === null ? null : Number(operation.stream),
      decision?.effect,
      decision?.rule,
      decision?.reason,
      decision?.decidedAt.getTime(),
      nextRow,
      decision?.origin?.layer,
      decision?.origin?.file,
      decision?.origin?.hash,
    ].map(storable);
    const { place, hash } = chain.link("exchange", columns, row);
    insertExchange.run(...columns, place, hash, row);
    const exchange: Running = {
      key,
      last: null,
      durable: null,
      waiting: [],
      touched: false,
      requestBytes: packedBytes(frames),
      replyBytes: 0,
      fresh: true,
    };
    touch(exchange);
    if (row === null) writeRows(exchange, frames);
    running.set(key, exchange);
  }

  function applyEnding(key: bigint, ending: Ending): void {
    const exchange = find(key);
    const frames = exchange.waiting;
    const row = packRow(frames, room);
    if (row === null) writeRows(exchange, frames);
    exchange.waiting = [];
    const columns = [
      key,
      ending.status,
      ending.firstByteAt,
      ending.endedAt,
      ending.responseBytes,
      ending.tokens?.input,
      ending.tokens?.output,
      ending.error,
      ending.masked.length === 0 ? null : JSON.stringify(ending.masked),
      exchange.last,
      ending.outcome,
      ending.tokens?.estimated && 1,
    ];
    const { place, hash } = chain.link("ending", columns, row);
    insertEnding.run(...columns.slice(0, -1), place, hash, row, columns.at(-1));
    running.delete(key);
  }

  return {
    transaction: {
      foreign() {
        nextRow = Math.max(nextRow, firstFree.get() ?? 1);
      },
      seal() {
        for (const exchange of touched) {
          if (exchange.waiting.length === 0) continue;
          writeRows(exchange, exchange.waiting);
          exchange.waiting = [];
        }
      },
      committed() {
        for (const exchange of touched) {
          exchange.durable = exchange.last;
          exchange.touched = false;
          exchange.fresh = false;
        }
        touched = [];
      },
      rolledBack() {
        for (const exchange of touched) {
          exchange.last = exchange.durable;
          exchange.waiting = [];
          exchange.touched = false;
          if (exchange.fresh) running.delete(exchange.key);
          else running.set(exchange.key, exchange);
        }
        touched = [];
      },
    },

    log: (group) => ({
      record: (opening, frames, ending) =>
        new Promise((resolve, reject) => {
          group.add({
            apply() {
              applyOpening(opening);
              find(opening.key).waiting = [...frames];
              applyEnding(opening.key, ending);
            },
            size: 2 * rowOverhead + packedBytes(opening.frames) + packedBytes(frames),
            durable(error) {
              if (error !== undefined) return reject(error);
              ended(opening.key, Math.max(packedBytes(opening.frames), packedBytes(frames)));
              resolve();
            },
          });
        }),
      open: (opening) =>
        new Promise((resolve, reject) => {
          group.add({
            apply: () => applyOpening(opening),
            size: rowOverhead + packedBytes(opening.frames),
            durable: (error) => (error === undefined ? resolve() : reject(error)),
          });
        }),
      append(key, frame, durable) {
        goesOn();
        const apply = () => {
          const exchange = find(key);
          exchange.waiting.push(frame);
          exchange.replyBytes += frame.data.length;
        };
        group.add({ apply, size: frame.data.length, joins: true, durable });
      },
      close(key, ending, durable) {
        let larger = 0;
        group.add({
          apply() {
            const { requestBytes, replyBytes } = find(key);
            larger = Math.max(requestBytes, replyBytes);
            applyEnding(key, ending);
          },
          size: rowOverhead,
          durable(error) {
            durable(error);
            if (error === undefined) ended(key, larger);
          },
        });
      },
    }),

    lastRow: (key) => {
      const exchange = running.get(key);
      return exchange === undefined ? undefined : exchange.durable;
    },
    running: () => running.size,
  };
}
