/**
 * Follow automaton: whether what follows a keyword can still become a match of
 * one of its rules. A word such as `token` is a keyword of twenty rules and
 * stands in prose; one table, made as it is needed, says of all of them at once
 * that nothing is there (Glushkov's construction, 1961). It takes every look
 * around (`(?<!…)`, `\b`) for true and does not count repeats, so it never says
 * no where a rule's expression would say yes.
 */
import { type Atom, alphabetOf, parseExpression, type Sequence } from "./expression.js";
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
  /** Reads a rule, by its place, which takes a millisecond; it has to be read before it is asked for. */
  read(rule: number): void;
  /** After a keyword with which a match of each of these rules begins, by their places. */
  after(keyword: string, rules: readonly number[]): FollowState;
  /** After one more character, by its code; undefined where there is no room for more states. */
  next(state: FollowState, code: number): FollowState | undefined;
}

/** A hostile text could ask for as many states as it has characters. */
const mostStates = 1000;
/** Stands for all characters beyond ASCII. */
const beyondAscii = 128;

/** A character of a pattern. */
interface Position {
  readonly id: number;
  readonly rule: number;
  /** Of each character: 1 where it may stand here. */
  readonly takes: Uint8Array;
  readonly inSecret: boolean;
  /** What may come next, in lists that many positions share. */
  readonly follow: (readonly Position[])[];
  /** A match may end with it. */
  last: boolean;
}

/** A part of a pattern: whether it may be empty, and what it may begin and end with. */
interface Part {
  readonly empty: boolean;
  readonly first: readonly Position[];
  readonly last: readonly Position[];
}

type CharacterAtom = Extract<Atom, { kind: "character" }>;

interface State extends FollowState {
  readonly positions: readonly Position[];
  readonly next: (State | undefined)[];
}

/** Creates the automaton of these rules. */
export function createFollowAutomaton(
  rules: readonly FollowRule[],
  most = mostStates,
): FollowAutomaton {
  const begins = new Map<number, readonly Position[]>();
  const states = new Map<string, State>();
  const characters = new Map<string, Uint8Array>();
  let positionCount = 0;

  return {
    read(rule) {
      const { pattern, table } = rules[rule] as FollowRule;
      const options = parseExpression(pattern);
      // Without a secret the whole match is one; but for a header, which is none.
      const { first, last } = partOf(rule, options, !table && !hasSecret(options));
      for (const position of last) position.last = true;
      begins.set(rule, first);
    },
    after(keyword, theirs) {
      const begin = theirs.flatMap((rule) => begins.get(rule) ?? []);
      let here: ReadonlySet<Position> = new Set(begin);
      const telling = new Set<number>();
      for (const character of keyword) {
        const [lower, upper] = [character.charCodeAt(0), character.toUpperCase().charCodeAt(0)];
        // A match may be shorter than the keyword: what tells within it tells after it.
        here = taken(here, (takes) => takes[lower] === 1 || takes[upper] === 1, telling);
      }
      return stateOf(here, telling);
    },
    next(state, code) {
      const { positions, next } = state as State;
      const symbol = code < beyondAscii ? code : beyondAscii;
      const known = next[symbol];
      if (known !== undefined || states.size > most) return known;
      const telling = new Set<number>();
      const found = stateOf(
        taken(positions, (takes) => takes[symbol] === 1, telling),
        telling,
      );
      next[symbol] = found;
      return found;
    },
  };

  /** What may come after those of the positions that take a character; notes the rules that tell. */
  function taken(
    positions: Iterable<Position>,
    takes: (table: Uint8Array) => boolean,
    telling: Set<number>,
  ): ReadonlySet<Position> {
    const onward = new Set<Position>();
    for (const position of positions) {
      if (!takes(position.takes)) continue;
      if (position.inSecret || position.last) telling.add(position.rule);
      for (const list of position.follow) for (const each of list) onward.add(each);
    }
    return onward;
  }

  function stateOf(positions: ReadonlySet<Position>, telling: ReadonlySet<number>): State {
    const ordered = [...positions].sort((one, other) => one.id - other.id);
    const key = `${ordered.map(({ id }) => id).join()};${[...telling].join()}`;
    const state = states.get(key) ?? newState(ordered, telling);
    states.set(key, state);
    return state;
  }

  function partOf(rule: number, options: readonly Sequence[], inSecret: boolean): Part {
    const some = hasSecret(options);
    const parts = options.map((option) =>
      // Beside alternatives with a secret, one without is hidden as a whole.
      sequencePart(rule, option, inSecret || (some && !hasSecret([option]))),
    );
    return {
      empty: parts.some(({ empty }) => empty),
      first: parts.flatMap(({ first }) => first),
      last: parts.flatMap(({ last }) => last),
    };
  }

  function sequencePart(rule: number, sequence: Sequence, inSecret: boolean): Part {
    let whole = nothing;
    for (const atom of sequence) {
      const part = atomPart(rule, atom, inSecret);
      link(whole.last, part.first);
      whole = {
        empty: whole.empty && part.empty,
        first: whole.empty ? [...whole.first, ...part.first] : whole.first,
        last: part.empty ? [...whole.last, ...part.last] : part.last,
      };
    }
    return whole;
  }

  function atomPart(rule: number, atom: Atom, inSecret: boolean): Part {
    if (atom.kind === "look") return nothing;
    if (atom.kind === "group") return partOf(rule, atom.options, inSecret || atom.secret);
    if (atom.kind === "repeat") {
      if (atom.most === 0) return nothing;
      const part = atomPart(rule, atom.node, inSecret);
      if (atom.most > 1) link(part.last, part.first);
      return { ...part, empty: part.empty || atom.least === 0 };
    }
    const takes = charactersOf(atom, rules[rule]?.anyCase === true);
    const position = { id: positionCount, rule, takes, inSecret, follow: [], last: false };
    positionCount += 1;
    return { empty: false, first: [position], last: [position] };
  }

  /** Which characters it takes. Beyond ASCII a class may take any: its expression tells. */
  function charactersOf(atom: CharacterAtom, anyCase: boolean): Uint8Array {
    const key = `${anyCase} ${atom.source}`;
    const known = characters.get(key);
    if (known !== undefined) return known;
    const takes = new Uint8Array(beyondAscii + 1);
    takes.set(alphabetOf([[atom]], anyCase ? "i" : ""));
    takes[beyondAscii] = atom.literal && takes.includes(1) ? 0 : 1;
    characters.set(key, takes);
    return takes;
  }
}

const nothing: Part = { empty: true, first: [], last: [] };

function link(last: readonly Position[], first: readonly Position[]): void {
  if (first.length > 0) for (const position of last) position.follow.push(first);
}

function newState(positions: readonly Position[], telling: ReadonlySet<number>): State {
  const rules = new Set([...telling, ...positions.map(({ rule }) => rule)]);
  return {
    rules: [...rules].sort((one, other) => one - other),
    telling: telling.size > 0,
    positions,
    next: new Array<State | undefined>(beyondAscii + 1).fill(undefined),
  };
}
