/**
 * Link lookup: the hash that the record has at one place of its chain, without
 * reading all of it. Seals are rows of `changes`, found by their place at once;
 * the other tables have no index by place and are read through, which only the
 * head of a record that was lost unsealed needs.
 */
import type { Database } from "better-sqlite3";
import { linkedKinds, tableOf } from "./canonical.js";
import type { ChainHead } from "./chain.js";
import { readPruned } from "./pruned.js";

/** Does the record go on from this head? `trusted`: the key that may have signed what was pruned. */
export type Continues = (head: ChainHead, trusted: Buffer) => "yes" | "cut" | "rewritten";

/** Creates the look-up of a database whose chain ends at the place that `end` gives. */
export function createLinkLookup(database: Database, end: () => number): Continues {
  const kinds = [...linkedKinds].sort((one) => (one === "change" ? -1 : 0));
  const lookups = kinds.map((kind) =>
    database
      .prepare<[number], Buffer>(`SELECT hash FROM ${tableOf[kind].table} WHERE place = ?`)
      .pluck(),
  );

  return function continues({ place, hash }, trusted) {
    if (place > end()) return "cut";
    for (const lookup of lookups) {
      const found = lookup.get(place);
      if (found !== undefined) return found?.toString("hex") === hash ? "yes" : "rewritten";
    }
    return readPruned(database, trusted, []).has(place) ? "yes" : "rewritten";
  };
}
