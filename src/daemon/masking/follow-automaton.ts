/**
 * Follow automaton: whether what follows a keyword can still become a match of
 * one of its rules. A word such as `token` is a keyword of twenty rules and
 * stands in prose; one table, made as it is needed, says of all of them at once
 * that nothing is there. It takes every look around (`(?<!…)`, `\b`) for true,
 * so it never says no where a rule's expression would say yes.
 */
import { type Atom, parseExpression, type Sequence } from "./expression.js";
import { hasSecret } from "./partial.js";

export interface FollowRule {
  readonly pattern: string;
  readonly anyCase: boolean;
  /** A match is a table's header, and no secret. */
  readonly table: boolean;
}

export interface FollowState {
  /** Places in the list of the rules that may still match; empty where none can. */
  readonly rules: readonly number[];
  /** Here a match may be complete or its secret may have begun: the rules' expressions have to tell. */
  readonly telling: boolean;
}

export interface FollowAutomaton {
  /** After the keyword. */
  readonly start: FollowState;
  /** After one more character, by its code; undefined where there is no room for more states. */
  next(state: FollowState, code: number): FollowState | undefined;
}

/** States of one keyword: a hostile text could ask for as many as it has characters. */
const mostStates = 512;
/** Of all characters beyond ASCII. */
const beyondAscii = 128;

/** One character that may come next, and what comes after it. */
interface Position {
  readonly id: number;
  readonly rule: number;
  /** Of each character: 1 where it may stand here. */
  readonly takes: Uint8Array;
  readonly inSecret: boolean;
  readonly rest: Rest | undefined;
}

/** What is still to come of a pattern, from an atom of a sequence on; undefined is the pattern's end. */
interface Rest {
  readonly id: number;
  readonly sequence: Sequence;
  readonly index: number;
  /** Where a repeat stands there: how often it has to come yet, and how often it may. */
  readonly least: number;
  readonly most: number;
  readonly inSecret: boolean;
  readonly after: Rest | undefined;
}

interface State extends FollowState {
  readonly positions: readonly Position[];
  readonly next: (State | undefined)[];
}

/** Where one character has led to. */
interface Step {
  readonly positions: Map<number, Position>;
  /** Rules that may have a complete match here, or a secret that has begun. */
  readonly telling: Set<number>;
  readonly seen: Set<number>;
}

/** Creates the automaton of a keyword, with which a match of each of these rules begins. */
export function createFollowAutomaton(
  keyword: string,
  rules: readonly FollowRule[],
): FollowAutomaton {
  const states = new Map<string, State>();
  const rests = new Map<string, Rest>();
  const positions = new Map<string, Position>();
  const tables = new Map<string, Uint8Array>();
  const numbers = new Map<object, number>();

  return {
    start: afterKeyword(),
    next: (state, code) => after(state as State, code < beyondAscii ? code : beyondAscii),
  };

  function afterKeyword(): State {
    let step = emptyStep();
    for (const [rule, { pattern, table }] of rules.entries()) {
      const options = parseExpression(pattern);
      // Without a secret the whole match is one; but for a header, which is none.
      addOptions(step, rule, options, !table && !hasSecret(options), undefined);
    }
    for (const character of keyword) {
      const codes = [character, character.toUpperCase()].map((each) => each.charCodeAt(0));
      const before = step;
      step = emptyStep();
      // A match may be shorter than the keyword.
      for (const rule of before.telling) step.telling.add(rule);
      for (const position of before.positions.values()) {
        if (codes.some((code) => position.takes[code] === 1)) take(step, position);
      }
    }
    return newState(step);
  }

  function after(state: State, symbol: number): State | undefined {
    const known = state.next[symbol];
    if (known !== undefined) return known;
    const step = emptyStep();
    for (const position of state.positions) {
      if (position.takes[symbol] === 1) take(step, position);
    }
    const key = [...step.positions.keys(), "telling", ...step.telling].join();
    let next = states.get(key);
    if (next === undefined && states.size < mostStates) {
      next = newState(step);
      states.set(key, next);
    }
    state.next[symbol] = next;
    return next;
  }

  function take(step: Step, { rule, inSecret, rest }: Position): void {
    if (inSecret) step.telling.add(rule);
    add(step, rule, rest);
  }

  /** Adds what may be taken next, without taking anything. */
  function add(step: Step, rule: number, rest: Rest | undefined): void {
    if (rest === undefined) {
      step.telling.add(rule);
      return;
    }
    if (step.seen.has(rest.id)) return;
    step.seen.add(rest.id);
    const { sequence, index, least, most, inSecret } = rest;
    const atom = sequence[index] as Atom;
    const onward = restAt(rule, sequence, index + 1, inSecret, rest.after);
    if (atom.kind !== "repeat") {
      addAtom(step, rule, atom, inSecret, onward);
      return;
    }
    if (least === 0) add(step, rule, onward);
    if (most === 0) return;
    const again = intern(rule, { ...rest, least: Math.max(0, least - 1), most: most - 1 });
    addAtom(step, rule, atom.node, inSecret, again);
  }

  function addAtom(
    step: Step,
    rule: number,
    atom: Atom,
    inSecret: boolean,
    onward: Rest | undefined,
  ): void {
    if (atom.kind === "look") add(step, rule, onward);
    else if (atom.kind === "group") {
      addOptions(step, rule, atom.options, inSecret || atom.secret, onward);
    } else {
      const position = positionOf(rule, atom, inSecret, onward);
      step.positions.set(position.id, position);
    }
  }

  function addOptions(
    step: Step,
    rule: number,
    options: readonly Sequence[],
    inSecret: boolean,
    onward: Rest | undefined,
  ): void {
    const some = hasSecret(options);
    for (const option of options) {
      // Beside alternatives with a secret, one without is hidden as a whole.
      const hidden = inSecret || (some && !hasSecret([option]));
      add(step, rule, restAt(rule, option, 0, hidden, onward));
    }
  }

  function restAt(
    rule: number,
    sequence: Sequence,
    index: number,
    inSecret: boolean,
    after: Rest | undefined,
  ): Rest | undefined {
    const atom = sequence[index];
    if (atom === undefined) return after;
    const [least, most] = atom.kind === "repeat" ? [atom.least, atom.most] : [1, 1];
    return intern(rule, { sequence, index, least, most, inSecret, after });
  }

  function intern(rule: number, rest: Omit<Rest, "id">): Rest {
    const { sequence, index, least, most, inSecret, after } = rest;
    const place = `${rule} ${numberOf(sequence)} ${index}`;
    const key = `${place} ${least} ${most} ${inSecret} ${after?.id}`;
    const known = rests.get(key) ?? { ...rest, id: rests.size };
    rests.set(key, known);
    return known;
  }

  function positionOf(
    rule: number,
    atom: Atom,
    inSecret: boolean,
    rest: Rest | undefined,
  ): Position {
    const key = `${rule} ${numberOf(atom)} ${inSecret} ${rest?.id}`;
    const takes = tableOf(atom.source, rules[rule]?.anyCase === true);
    const known = positions.get(key) ?? { id: positions.size, rule, takes, inSecret, rest };
    positions.set(key, known);
    return known;
  }

  function numberOf(part: object): number {
    const number = numbers.get(part) ?? numbers.size;
    numbers.set(part, number);
    return number;
  }

  function tableOf(source: string, anyCase: boolean): Uint8Array {
    const key = `${anyCase} ${source}`;
    const table = tables.get(key) ?? charactersOf(source, anyCase);
    tables.set(key, table);
    return table;
  }
}

function emptyStep(): Step {
  return { positions: new Map(), telling: new Set(), seen: new Set() };
}

function newState({ positions, telling }: Step): State {
  const rules = new Set([...telling, ...[...positions.values()].map(({ rule }) => rule)]);
  return {
    rules: [...rules].sort((one, other) => one - other),
    telling: telling.size > 0,
    positions: [...positions.values()],
    next: new Array<State | undefined>(beyondAscii + 1).fill(undefined),
  };
}

/** Which characters an atom of a pattern takes. Beyond ASCII any may be one: its expression tells. */
function charactersOf(source: string, anyCase: boolean): Uint8Array {
  const expression = new RegExp(`^(?:${source})$`, anyCase ? "i" : "");
  const table = new Uint8Array(beyondAscii + 1).fill(1);
  for (let code = 0; code < beyondAscii; code += 1) {
    if (!expression.test(String.fromCharCode(code))) table[code] = 0;
  }
  return table;
}
