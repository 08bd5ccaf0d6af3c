/**
 * Missing rows: names for the gaps of the chain. A gap says that something was
 * taken out; what is left says what it was: an exchange without its ending, an
 * ending without its exchange, a row of frames that another one names.
 */
import type { Database } from "better-sqlite3";
import type { LinkedKind } from "./canonical.js";
import { labelOf, type RecordProblem } from "./record-report.js";

const searches: readonly (readonly [LinkedKind, string])[] = [
  [
    "ending",
    // One that may still run has none yet.
    `SELECT CAST(key AS TEXT), session FROM exchanges
     WHERE (key <= (SELECT through FROM ended)
         OR session IN (SELECT id FROM sessions WHERE status <> 'active'))
       AND NOT EXISTS (SELECT 1 FROM endings WHERE endings.key = exchanges.key)`,
  ],
  [
    "exchange",
    `SELECT CAST(key AS TEXT), NULL FROM endings
     WHERE NOT EXISTS (SELECT 1 FROM exchanges WHERE exchanges.key = endings.key)`,
  ],
  [
    "frames",
    `SELECT CAST(named.id AS TEXT), session FROM
       (SELECT last_frame AS id, key FROM endings WHERE last_frame IS NOT NULL
        UNION SELECT previous, exchange FROM frames WHERE previous IS NOT NULL) AS named
       LEFT JOIN exchanges ON exchanges.key = named.key
     WHERE NOT EXISTS (SELECT 1 FROM frames WHERE frames.id = named.id)`,
  ],
];

/** A problem for each record that is known to be missing, and for the gaps that none of them fills. */
export function missingRows(
  database: Database,
  gaps: readonly (readonly [first: number, last: number])[],
): readonly RecordProblem[] {
  if (gaps.length === 0) return [];
  const missing = gaps.reduce((sum, [first, last]) => sum + last - first + 1, 0);
  const named = searches.flatMap(([record, sql]) =>
    database
      .prepare<[], readonly [string, string | null]>(sql)
      .raw()
      .all()
      .map(([id, session]): RecordProblem => {
        const message = `${labelOf(record, id)} is missing: it was taken out`;
        return { kind: "deleted", record, id, session, message };
      }),
  );
  if (named.length >= missing) return named;
  return [
    ...named,
    ...gaps.map(([first, last]): RecordProblem => {
      const which =
        first === last
          ? `the record at place ${first} is`
          : `the records at places ${first} to ${last} are`;
      const message = `${which} missing: something was taken out`;
      return { kind: "deleted", record: "place", id: String(first), session: null, message };
    }),
  ];
}
