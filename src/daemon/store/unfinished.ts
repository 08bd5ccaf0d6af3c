/**
 * Unfinished: exchanges the daemon died in. Each is ended as `truncated`, with
 * what its frames say of it; nothing else is touched. A mark remembers up to
 * where all are ended, so that a start looks only at what came after.
 */
import type { Database } from "better-sqlite3";
import { callOutcome, type Outcome } from "../../contract/outcome.js";
import type { Effect } from "../model/decision.js";
import { endedOutcome, strictest } from "../model/outcome.js";
import type { Frame, StoredCall } from "../model/transcript.js";
import type { Chain, Link } from "./chain.js";
import { unpackRows } from "./pack.js";

/** An exchange key's low bits are a counter; what is above them is milliseconds. */
const counterBits = 22n;

interface Unfinished {
  readonly key: bigint;
  readonly next_frame: bigint;
  readonly effect: Effect | null;
  readonly frames: Buffer | null;
}

const cutShort = { status: null, error: "truncated" };

/** Ends what has no ending, linked into the chain, inside a transaction of the caller; while nothing runs. */
export function endUnfinished(database: Database, chain: Pick<Chain, "link">): void {
  const unfinished = database
    .prepare<[], Unfinished>(
      `SELECT key, next_frame, effect, frames FROM exchanges WHERE key > (SELECT through FROM ended)
       AND NOT EXISTS (SELECT 1 FROM endings WHERE endings.key = exchanges.key) ORDER BY key`,
    )
    .safeIntegers()
    .all();
  if (unfinished.length > 0) endEach(database, chain, unfinished);
}

/** Remembers that every exchange so far has its ending, and which link is the last. */
export function markEnded(database: Database, now: number, { place, hash }: Link): void {
  // Not past this moment: where the clock was set back, keys to come are below the greatest.
  database
    .prepare(
      `UPDATE ended SET through = min(ifnull((SELECT max(key) FROM exchanges), 0), ?),
         place = ?, hash = ?`,
    )
    .run(BigInt(now) << counterBits, place, hash);
}

function endEach(
  database: Database,
  chain: Pick<Chain, "link">,
  unfinished: readonly Unfinished[],
): void {
  const rows = rowsOf(database, unfinished);
  const read = database.prepare<[number], Buffer>("SELECT data FROM frames WHERE id = ?").pluck();
  const insert = database.prepare(`INSERT INTO endings VALUES (${Array(15).fill("?").join(",")})`);
  for (const { key, effect, frames: first } of unfinished) {
    const ids = rows.get(key) ?? [];
    const found: Buffer[] = first === null ? [] : [first];
    for (const id of ids) found.push(read.get(id) ?? Buffer.alloc(0));
    const frames = unpackRows(found);
    const reply = frames.filter(({ kind }) => kind === "reply-head" || kind === "reply-body");
    let bytes = 0;
    for (const { kind, data } of reply) if (kind === "reply-body") bytes += data.length;
    const [from, to] = [reply[0]?.at, frames.at(-1)?.at ?? 0];
    const columns = [
      ...[key, null, from, to, bytes, null, null, cutShort.error, null, ids.at(-1)],
      endedOutcome({
        ...cutShort,
        decision: effect === null ? null : { effect },
        calls: callsIn(frames),
      }),
    ];
    const { place, hash } = chain.link("ending", columns);
    insert.run(...columns, place, hash, null, null);
  }
}

/** Of the tool calls that were ruled on before, the outcome that says most. */
function callsIn(frames: readonly Frame[]): Outcome | undefined {
  let most: Outcome | undefined;
  for (const { kind, data } of frames) {
    if (kind !== "tool-call") continue;
    const outcome = callOutcome(JSON.parse(Buffer.from(data).toString()) as StoredCall);
    most = most === undefined ? outcome : strictest(most, outcome);
  }
  return most;
}

/** Which rows of `frames` belong to which of them: one look over all that was written since the first. */
function rowsOf(database: Database, unfinished: readonly Unfinished[]): Map<bigint, number[]> {
  const rows = new Map<bigint, number[]>(unfinished.map(({ key }) => [key, []]));
  const from = unfinished.reduce(
    (least, { next_frame: frame }) => (frame < least ? frame : least),
    unfinished[0]?.next_frame ?? 0n,
  );
  const written = database
    .prepare<[bigint], { readonly id: bigint; readonly exchange: bigint }>(
      "SELECT id, exchange FROM frames WHERE id >= ? ORDER BY id",
    )
    .safeIntegers()
    .iterate(from);
  for (const { id, exchange } of written) rows.get(exchange)?.push(Number(id));
  return rows;
}
