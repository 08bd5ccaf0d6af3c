/**
 * Exchanges: the record of requests and replies, as it is read. Nothing here
 * is on the data path.
 */
import type { Database } from "better-sqlite3";
import type { Outcome } from "../../contract/outcome.js";
import type { CallingProcess } from "../model/calling-process.js";
import type { Decision, Effect, RuleOrigin } from "../model/decision.js";
import type { Operation, OperationClass } from "../model/operation.js";
import type { Ending, Frame } from "../model/transcript.js";
import { unpackRows } from "./pack.js";
import type { ExchangeLog, ExchangeRecord } from "./store.js";
import type { StoredChunks } from "./stored-chunks.js";
import type { Transcripts } from "./transcripts.js";

interface ExchangeRow {
  /** As text: a key has more bits than a JavaScript number. */
  readonly key: string;
  readonly session: string | null;
  readonly seq: number;
  readonly connection: string | null;
  readonly pid: number | null;
  readonly executable: string;
  readonly process_started_at: number;
  readonly started_at: number;
  readonly request_bytes: number;
  readonly provider: string | null;
  readonly action: string;
  readonly class: OperationClass;
  readonly mints_credential: number;
  readonly method: string;
  readonly path: string;
  readonly model: string | null;
  readonly tools: string;
  readonly stream: number;
  readonly effect: Effect | null;
  readonly rule: string | null;
  readonly reason: string;
  readonly decided_at: number;
  readonly rule_layer: RuleOrigin["layer"] | null;
  readonly rule_file: string | null;
  readonly rule_hash: string | null;
  readonly status: number | null;
  readonly first_byte_at: number | null;
  readonly ended_at: number | null;
  readonly response_bytes: number;
  readonly input_tokens: number | null;
  readonly output_tokens: number | null;
  readonly error: string | null;
  readonly masked: string | null;
  readonly outcome: Outcome | null;
  readonly estimated: number | null;
  readonly review: string | null;
}

const columns = `
  CAST(exchanges.key AS TEXT) AS key, session, seq, connection, pid, executable,
  process_started_at, started_at, request_bytes,
  provider, action, class, mints_credential, method, path, model, tools, stream,
  effect, rule, reason, decided_at, rule_layer, rule_file, rule_hash,
  status, first_byte_at, ended_at, response_bytes, input_tokens, output_tokens, error, masked,
  outcome, estimated, review
  FROM exchanges LEFT JOIN endings ON endings.key = exchanges.key
    LEFT JOIN exchange_reviews ON exchange_reviews.exchange = exchanges.key`;

/** What is written of an exchange cannot be read: its rows are damaged or missing. */
class FramesDamaged extends Error {
  constructor(key: bigint, cause: unknown) {
    super(`the record of exchange ${key} is damaged`, { cause });
    this.name = "FramesDamaged";
  }
}

/** Creates the reading side of a database's exchanges. */
export function createExchangeLog(
  database: Database,
  transcripts: Transcripts,
  chunks: Pick<StoredChunks, "expand">,
): ExchangeLog {
  const byKey = database.prepare<[bigint], ExchangeRow>(
    `SELECT ${columns} WHERE exchanges.key = ?`,
  );
  const bySession = database.prepare<[string], ExchangeRow>(
    `SELECT ${columns} WHERE session = ? ORDER BY seq, exchanges.key`,
  );
  const withoutSession = database.prepare<[number], ExchangeRow>(
    `SELECT ${columns} WHERE session IS NULL ORDER BY exchanges.key DESC LIMIT ?`,
  );
  const byAge = database.prepare<[bigint, number], ExchangeRow>(
    `SELECT ${columns} WHERE exchanges.key > ? ORDER BY exchanges.key LIMIT ?`,
  );
  const opening = database
    .prepare<[bigint], Buffer | null>("SELECT frames FROM exchanges WHERE key = ?")
    .pluck();
  const greatestSeq = database
    .prepare<[string], number | null>("SELECT max(seq) FROM exchanges WHERE session = ?")
    .pluck();
  const ends = database.prepare<
    [bigint],
    { readonly first: Buffer | null; readonly last: Buffer | null; readonly row: number | null }
  >(
    `SELECT exchanges.frames AS first, endings.frames AS last, last_frame AS row
     FROM exchanges LEFT JOIN endings ON endings.key = exchanges.key WHERE exchanges.key = ?`,
  );
  const between = database.prepare<
    [number],
    { readonly previous: number | null; readonly data: Buffer }
  >("SELECT previous, data FROM frames WHERE id = ?");

  /** One that is damaged is an error of its own, so that others of its session can still be read. */
  async function frames(key: bigint): Promise<readonly Frame[]> {
    try {
      return readFrames(key);
    } catch (error) {
      throw new FramesDamaged(key, error);
    }
  }

  function readFrames(key: bigint): readonly Frame[] {
    const found = ends.get(key);
    if (found === undefined) return [];
    const rows: Buffer[] = [];
    if (found.last !== null) rows.push(found.last);
    let id = transcripts.lastRow(key) ?? found.row;
    while (id !== null) {
      const row = between.get(id);
      if (row === undefined) throw new Error(`frames of exchange ${key} are missing in the record`);
      rows.push(row.data);
      id = row.previous;
    }
    if (found.first !== null) rows.push(found.first);
    return unpackRows(rows.reverse().map(chunks.expand));
  }

  function unpacked(key: bigint, row: Buffer): readonly Frame[] {
    try {
      return unpackRows([chunks.expand(row)]);
    } catch (error) {
      throw new FramesDamaged(key, error);
    }
  }

  return {
    frames,

    async find(key) {
      const row = byKey.get(key);
      return row === undefined ? undefined : recordOf(row);
    },

    async ofSession(id) {
      return bySession.all(id).map(recordOf);
    },

    async ofNoSession(limit) {
      return withoutSession.all(limit).map(recordOf);
    },

    async lastSeq(id) {
      return greatestSeq.get(id) ?? 0;
    },

    async requestFrames(key) {
      const first = opening.get(key);
      // What was too much for the exchange's own row went to rows of its own.
      const all = first ? unpacked(key, first) : await frames(key);
      return all.filter(({ kind }) => kind === "request-head" || kind === "request-body");
    },

    async after(key, limit) {
      return byAge.all(key, limit).map(recordOf);
    },
  };
}

function recordOf(row: ExchangeRow): ExchangeRecord {
  return {
    key: BigInt(row.key),
    sessionId: row.session,
    seq: row.seq,
    connection: row.connection,
    process: processOf(row),
    startedAt: new Date(row.started_at),
    operation: operationOf(row),
    decision: decisionOf(row),
    requestBytes: row.request_bytes,
    review: row.review,
    ending: endingOf(row),
  };
}

function processOf({ pid, executable, process_started_at }: ExchangeRow): CallingProcess | null {
  return pid === null ? null : { pid, executable, startedAt: new Date(process_started_at) };
}

function operationOf(row: ExchangeRow): Operation | null {
  if (row.provider === null) return null;
  return {
    provider: row.provider,
    action: row.action,
    class: row.class,
    mintsCredential: row.mints_credential === 1,
    method: row.method,
    path: row.path,
    model: row.model,
    tools: JSON.parse(row.tools),
    stream: row.stream === 1,
  };
}

function decisionOf(row: ExchangeRow): Decision | null {
  const {
    effect,
    rule,
    reason,
    decided_at,
    rule_layer: layer,
    rule_file: file,
    rule_hash: hash,
  } = row;
  if (effect === null) return null;
  const origin = layer === null ? {} : { origin: { layer, file, hash: hash ?? "" } };
  return { effect, rule, ...origin, reason, decidedAt: new Date(decided_at) };
}

function endingOf(row: ExchangeRow): Ending | null {
  if (row.ended_at === null) return null;
  const { input_tokens: input, output_tokens: output, estimated, outcome } = row;
  return {
    status: row.status,
    firstByteAt: row.first_byte_at,
    endedAt: row.ended_at,
    responseBytes: row.response_bytes,
    tokens:
      input === null || output === null
        ? null
        : { input, output, ...(estimated === 1 && { estimated: true }) },
    error: row.error,
    masked: row.masked === null ? [] : JSON.parse(row.masked),
    ...(outcome !== null && { outcome }),
  };
}
