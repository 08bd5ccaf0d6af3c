/** Diff document: what `hoopx replay A --diff B --json` prints. Add keys freely, change none. */

import type { ArgumentChange } from "./argument-changes.js";
import { type ExchangeChange, type FactChange, type RunTurn, saidBy } from "./compare.js";
import type { RunTotals } from "./run-totals.js";

interface DiffTurn {
  readonly change: "equal" | "changed" | "added" | "removed";
  readonly side: "prompt" | "reply";
  readonly kind: "message" | "tool-call" | "tool-result" | "note";
  readonly role: string | null;
  /** Of a tool call. */
  readonly name: string | null;
  /** Text or arguments in each run; null where it is not there, and in equal turns. */
  readonly a: string | null;
  readonly b: string | null;
  /** Of a changed tool call whose arguments are JSON in both. */
  readonly arguments: readonly ArgumentChange[] | null;
}

interface DiffExchange {
  /** Place in each session; null where the run has none like it. */
  readonly a: number | null;
  readonly b: number | null;
  readonly facts: readonly FactChange[];
  readonly turns: readonly DiffTurn[];
}

interface DiffSum {
  readonly equal: number;
  readonly changed: number;
  readonly added: number;
  readonly removed: number;
  /** Models, decisions, statuses and the like that differ. */
  readonly facts: number;
}

export interface DiffDocument {
  readonly equal: boolean;
  readonly a: RunTotals;
  readonly b: RunTotals;
  readonly turns: DiffSum;
  readonly exchanges: readonly DiffExchange[];
}

/** The document. */
export function diffDocument(
  a: RunTotals,
  b: RunTotals,
  changes: readonly ExchangeChange[],
): DiffDocument {
  return {
    equal: !differs(changes),
    a,
    b,
    turns: sumOf(changes),
    exchanges: changes.map((change) => ({
      a: change.a?.seq ?? null,
      b: change.b?.seq ?? null,
      facts: change.facts,
      turns: change.turns.flatMap((turn): readonly DiffTurn[] => {
        const some = turn.a ?? turn.b;
        if (some === null) return [];
        const said = (side: RunTurn | null) =>
          side === null || turn.change === "equal" ? null : saidBy(side.turn);
        return [
          {
            change: turn.change,
            side: some.side,
            kind: some.turn.kind,
            role: some.turn.kind === "message" ? some.turn.role : null,
            name: some.turn.kind === "tool-call" ? some.turn.name : null,
            a: said(turn.a),
            b: said(turn.b),
            arguments: turn.arguments,
          },
        ];
      }),
    })),
  };
}

/** How many turns and facts there are of each. */
export function sumOf(changes: readonly ExchangeChange[]): DiffSum {
  const turns = changes.flatMap((change) => change.turns);
  const count = (wanted: string) => turns.filter(({ change }) => change === wanted).length;
  return {
    equal: count("equal"),
    changed: count("changed"),
    added: count("added"),
    removed: count("removed"),
    facts: changes.reduce((sum, { facts }) => sum + facts.length, 0),
  };
}

/** Is there any difference that counts? */
export function differs(changes: readonly ExchangeChange[]): boolean {
  return changes.some(
    ({ a, b, facts, turns }) =>
      a === null ||
      b === null ||
      facts.length > 0 ||
      turns.some(({ change }) => change !== "equal"),
  );
}
