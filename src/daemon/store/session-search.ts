/**
 * Session search: which sessions a filter means, newest first. Facts are asked
 * of the index's tables; each term is looked for in a session's own words (id,
 * title, command, labels) and in what was said, anywhere in the session.
 *
 * A term that few exchanges have is looked up once. Of one that many have only
 * the newest are; sessions before those are asked one by one, and a list is
 * full long before that.
 */
import { setImmediate as turn } from "node:timers/promises";
import type { Database, Statement } from "better-sqlite3";
import { type SearchTerm, searchTerms } from "./search-terms.js";
import type { SessionFilter } from "./store.js";

type Row = readonly [
  id: string,
  startedAt: number,
  endedAt: number | null,
  row: number,
  ...number[],
];

interface OpenTerm {
  readonly text: string;
  /** Exchanges that were looked up. */
  readonly common: number;
  /** All sessions in which it was said, as JSON; undefined where there are too many. */
  readonly known: string | undefined;
  /** Was it said in this one? */
  has(row: Row): boolean;
}

type Parameters = Record<string, unknown>;

/** Exchanges of one term that are looked up. */
const mostStreamed = 5_000;
/** Sessions that are read before others may run. */
const page = 2_000;
const ascii = /^[\u0000-\u007f]*$/;

/** Creates the search over a database; gives ids. */
export function createSessionSearch(database: Database) {
  const prepared = new Map<string, Statement<[Parameters], Row>>();
  // SQLite's own lower() knows only ASCII.
  database.function("folded", { deterministic: true }, (text) =>
    typeof text === "string" ? text.toLowerCase() : null,
  );
  const newestWith = database
    .prepare<[string], readonly [session: string, at: number]>(
      `SELECT session, said.rowid >> 22 FROM said CROSS JOIN indexed ON exchange = said.rowid
       WHERE said MATCH ? ORDER BY said.rowid DESC LIMIT ${mostStreamed}`,
    )
    .raw();
  const within = database
    .prepare<[string, bigint, bigint, string], number>(
      `SELECT 1 FROM said CROSS JOIN indexed ON exchange = said.rowid
       WHERE said MATCH ? AND said.rowid BETWEEN ? AND ? AND session = ? LIMIT 1`,
    )
    .pluck();
  const usage = database
    .prepare<[], readonly [session: string, model: string, input: number, output: number]>(
      "SELECT session, value, input, output FROM session_facts WHERE kind = 'model'",
    )
    .raw();

  function statement(sql: string): Statement<[Parameters], Row> {
    const known = prepared.get(sql);
    if (known !== undefined) return known;
    const fresh = database.prepare<[Parameters], Row>(sql).raw() as Statement<[Parameters], Row>;
    prepared.set(sql, fresh);
    return fresh;
  }

  /** Says of a session whether an exchange of it has the term. */
  function openTerm({ text, match }: SearchTerm): OpenTerm {
    const rows = newestWith.all(match);
    const sessions = new Set(rows.map(([session]) => session));
    const all = rows.length < mostStreamed;
    const since = rows.at(-1)?.[1] ?? 0;
    const has = ([id, startedAt, endedAt]: Row): boolean => {
      if (sessions.has(id)) return true;
      // An exchange's key begins with its milliseconds (model/exchange.ts).
      if (all || startedAt > since) return false;
      const until = endedAt === null ? 2n ** 63n - 1n : BigInt(endedAt + 1) << 22n;
      return within.get(match, BigInt(startedAt) << 22n, until, id) !== undefined;
    };
    const known = all ? JSON.stringify([...sessions]) : undefined;
    return { text, common: rows.length, known, has };
  }

  /** Sessions that cost more, as far as prices are known. */
  function costing({ usd, costOf }: NonNullable<SessionFilter["costOver"]>): ReadonlySet<string> {
    const costs = new Map<string, number>();
    for (const [session, model, input, output] of usage.all()) {
      const cost = costOf(model === "" ? null : model, { input, output }) ?? 0;
      costs.set(session, (costs.get(session) ?? 0) + cost);
    }
    return new Set([...costs].filter(([, cost]) => cost > usd).map(([session]) => session));
  }

  return async function search(filter: SessionFilter): Promise<readonly string[]> {
    const terms = searchTerms(filter.search ?? "");
    const costly = filter.costOver && costing(filter.costOver);
    // The rarest first: what others leave is little to ask.
    const said = terms.map(openTerm).sort((one, other) => one.common - other.common);
    const { sql, parameters } = queryOf(filter, said);
    const query = statement(sql);
    const found: string[] = [];
    const plain = said.every(({ known }) => known !== undefined) && costly === undefined;
    let size = plain ? filter.limit : Math.min(page, 4 * filter.limit);
    let at = Number.MAX_SAFE_INTEGER;
    let row = 0;
    for (;;) {
      const rows = query.all({ ...parameters, at, row, page: size });
      for (const each of rows) {
        [, at, , row] = each;
        if (costly !== undefined && !costly.has(each[0])) continue;
        if (!said.every(({ has }, place) => each[4 + place] === 1 || has(each))) continue;
        found.push(each[0]);
        if (found.length === filter.limit) return found;
      }
      if (rows.length < size) return found;
      size = Math.min(page, 2 * size);
      await turn();
    }
  };
}

/**
 * The sessions that facts, fields and terms leave, with a column for each term that says whether
 * it has been settled: not where it was said in more exchanges than were looked up.
 */
function queryOf(filter: SessionFilter, terms: readonly OpenTerm[]) {
  const { since, status, identity, model, tool } = filter;
  const parameters: Parameters = {};
  const wheres = ["(started_at, rowid) < (@at, @row)"];
  const where = (sql: string, name?: string, value?: unknown) => {
    wheres.push(sql);
    if (name !== undefined) parameters[name] = value;
  };
  const fact = (kind: string, test = "") =>
    `id IN (SELECT session FROM session_facts WHERE kind = '${kind}'${test})`;
  const within = (value: string, name: string) =>
    `instr(${ascii.test(String(parameters[name])) ? "lower" : "folded"}(${value}), @${name}) > 0`;
  if (since !== undefined) where("started_at >= @since", "since", since.getTime());
  if (status !== undefined) where("status = @status", "status", status);
  if (identity !== undefined) {
    parameters.identity = identity.toLowerCase();
    where(`(${within("subject", "identity")} OR ${within("ifnull(email, '')", "identity")})`);
  }
  if (model !== undefined) {
    where(fact("model", " AND lower(value) GLOB @model"), "model", model.toLowerCase());
  }
  if (tool !== undefined) where(fact("tool", " AND value = @tool"), "tool", tool);
  if (filter.outcomes !== undefined) {
    // Words of a closed list, which quotes cannot leave.
    const words = filter.outcomes.map((outcome) => `'${outcome}'`).join(", ");
    where(fact("outcome", ` AND value IN (${words})`));
  }
  if (filter.masked === true) where(fact("masked"));
  const own = terms.map(({ text, known }, place) => {
    const name = `term${place}`;
    parameters[name] = text;
    const label = within("json_each.key || '=' || json_each.value", name);
    // What needs no unpacking to be seen is not unpacked.
    const likely = /^[^=\\"\u0000-\u001f]*$/.test(text) ? within("labels", name) : "labels <> '{}'";
    const has = `${within("id", name)} OR ${within("ifnull(title, '')", name)}
      OR ${within("command", name)}
      OR ${likely} AND EXISTS (SELECT 1 FROM json_each(labels) WHERE ${label})`;
    if (known === undefined) return `(${has})`;
    where(
      `(id IN (SELECT value FROM json_each(@known${place})) OR ${has})`,
      `known${place}`,
      known,
    );
    return "1";
  });
  const sql = `SELECT ${["id", "started_at", "ended_at", "rowid", ...own].join(", ")} FROM sessions
    WHERE ${wheres.join(" AND ")} ORDER BY started_at DESC, rowid DESC LIMIT @page`;
  return { sql, parameters };
}
