/**
 * Rule finder: looks for what many rules describe in one pass. The automaton
 * finds keywords; a rule's expression is tried only beside one of its own, at
 * each place once, over a bounded length: linear, whatever the text.
 */
import type { CompiledRule } from "./compiled-rule.js";
import { type CompiledRules, compileSteps, type NumberedRule } from "./compiled-rules.js";
import type { FollowAutomaton, FollowState } from "./follow-automaton.js";
import { type KeywordFollows, keywordFollowsSteps } from "./keyword-follows.js";
import type { Rule } from "./rule.js";
import { ruleScreenSteps } from "./rule-screen.js";
import { type Found, findAll, type Search, type SearchingFinder } from "./search.js";
import { stepwise } from "./steps.js";
import { headerAt, openTableRows, type TableRows } from "./table-rows.js";

export interface RuleFinder extends SearchingFinder {
  /** Does a few milliseconds of what its first use would have to do; whether there is more. */
  prepare(): boolean;
}

/** Creates a finder for rules; throws for a rule that cannot be compiled, at its first use. */
export function createRuleFinder(rules: readonly Rule[]): RuleFinder {
  const compiled = stepwise(() => compileSteps(rules));
  const screen = stepwise(() => ruleScreenSteps(rules));
  const follows = stepwise(() => keywordFollowsSteps(rules, compiled.result()));
  const search = () => openSearch(compiled.result(), follows.ready());
  return {
    get reach() {
      return compiled.result().reach;
    },
    find: (text) => findAll(search(), text),
    pending(text) {
      const looking = search();
      looking.advance(text, 0, false);
      return Math.min(looking.pending(), ...looking.take().map(({ start }) => start));
    },
    holds: (text, part) => screen.result()(text, part),
    keywords: () =>
      compiled
        .result()
        .rules.flatMap(({ keywords, exact, reach }) =>
          keywords.map((text) => ({ text: exact ? text : text.toLowerCase(), exact, reach })),
        ),
    search,
    prepare: () => screen.goOn() || compiled.goOn() || follows.goOn(),
  };
}

/** A keyword that rules may match from: the automaton has not ruled all of them out yet. */
interface Following {
  readonly automaton: FollowAutomaton;
  readonly start: number;
  readonly length: number;
  /** Up to here the text was read. */
  at: number;
  state: FollowState;
}

/** So many characters after a keyword are looked at by the automaton, then by the expressions. */
const longestFollow = 32;

/** A rule to be tried at some places; open until no more text can change its outcome. */
interface Attempt {
  readonly rule: CompiledRule;
  readonly from: number;
  readonly to: number;
}

/** So much of a secret that stands before its keyword may leave before it is held. */
const leastLeading = 8;

/** No digit in it; no capital within, but for names as JavaScript; and not too long. */
function isWord(text: string): boolean {
  return text.length < 20 && !/\d/.test(text) && (text.length < 11 || !/[a-z][A-Z]/.test(text));
}

function openSearch(compiled: CompiledRules, follows: KeywordFollows | undefined): Search {
  const { automaton, keywords, rulesOf, rules, leading, reach } = compiled;
  /** Of each rule: up to where it was tried, so that no place is tried twice. */
  let triedTo: Int32Array | undefined;
  let state = 0;
  let seen = 0;
  let pending = 0;
  let attempts: Attempt[] = [];
  let followings: Following[] = [];
  let found: Found[] = [];
  let tables: readonly TableRows[] = [];

  return {
    reach,
    pending() {
      return pending;
    },
    begun: () => undefined,
    take() {
      const taken = found;
      found = [];
      return taken;
    },
    advance(text, from, whole) {
      pending = from + text.length;
      attempts = attempts.filter((attempt) => isOpen(attempt, text, from, whole));
      if (followings.length > 0) {
        followings = followings.filter((following) => goesOn(following, text, from, whole));
      }
      state = automaton.run(text, seen - from, state, (keyword, end) => {
        hit(text, from, whole, keyword, from + end);
      });
      seen = from + text.length;
      if (tables.length > 0) readTables(text, from, whole);
      if (!whole) {
        holdBegun(text, from);
        holdLeading(text, from);
      }
    },
  };

  function readTables(text: string, from: number, whole: boolean): void {
    tables = tables.filter((table) => {
      const goesOn = table.advance(text, from, whole);
      found.push(...table.take());
      if (goesOn) pending = Math.min(pending, table.pending());
      return goesOn;
    });
  }

  function hit(text: string, from: number, whole: boolean, number: number, end: number): void {
    const { length } = keywords[number] as string;
    const start = end - length;
    const state = follows?.after[number];
    if (follows !== undefined && state !== undefined) {
      const { automaton } = follows;
      const following = { automaton, start, length, at: end, state };
      if (goesOn(following, text, from, whole)) followings.push(following);
      return;
    }
    for (const rule of rulesOf[number] as readonly NumberedRule[]) {
      attempt(rule, start, text, from, whole);
    }
  }

  /** Whether the automaton cannot tell yet; where it has told, the rules that it left are tried. */
  function goesOn(following: Following, text: string, from: number, whole: boolean): boolean {
    const { automaton, start, length } = following;
    const furthest = start + length + longestFollow;
    const last = Math.min(from + text.length, furthest);
    let { at, state } = following;
    let room = true;
    while (room && !state.telling && at < last && state.rules.length > 0) {
      const next = automaton.next(state, text.charCodeAt(at - from));
      room = next !== undefined;
      state = next ?? state;
      at += 1;
    }
    if (room && !state.telling && at < furthest) {
      following.at = at;
      following.state = state;
      return !whole && state.rules.length > 0;
    }
    for (const place of state.rules) {
      attempt(rules[place] as NumberedRule, start, text, from, whole);
    }
    return false;
  }

  function attempt(
    rule: NumberedRule,
    start: number,
    text: string,
    from: number,
    whole: boolean,
  ): void {
    if (rule.exact && !rule.keywords.some((own) => text.startsWith(own, start - from))) return;
    // Most texts are short and have no keyword: they cost no table.
    triedTo ??= new Int32Array(rules.length);
    const tried = triedTo[rule.number] as number;
    // A rule without room before its keyword is tried there only, and may be told of late.
    const first = rule.before === 0 ? start : Math.max(start - rule.before, tried);
    if (first > start || tried === start + 1) return;
    triedTo[rule.number] = start + 1;
    const open = { rule, from: first, to: start };
    if (isOpen(open, text, from, whole)) attempts.push(open);
  }

  function isOpen({ rule, from: first, to }: Attempt, text: string, from: number, whole: boolean) {
    const end = from + text.length;
    let open = false;
    for (let at = first; at <= to; at += 1) {
      // Nothing of a secret can be there: one look is enough, when there is more.
      if (!whole && end - at <= rule.leastBefore) {
        open = true;
        continue;
      }
      const match = end - at < rule.least ? undefined : rule.match(text, at - from);
      const openHere = !whole && at + rule.most >= end && rule.isOpen(text, at - from);
      if (match !== undefined && !rule.table && (openHere || open)) {
        pending = Math.min(pending, match.start + from);
      }
      if (openHere) {
        open = true;
        if (rule.hasBegun(text, at - from)) pending = Math.min(pending, at + rule.leastBefore);
      } else if (match?.accepted) {
        if (open) break;
        const { detector } = rule;
        if (rule.table) {
          const header = headerAt(text, at - from, match.end);
          const table = openTableRows(detector, header, match.end + from);
          if (table !== undefined) tables = [...tables, table];
          return false;
        }
        found.push({ detector, start: match.start + from, end: match.end + from });
        return false;
      }
    }
    return open;
  }

  /** The text may end in the beginning of a keyword that is in the secret itself. */
  function holdBegun(text: string, from: number): void {
    for (const { keyword, length } of automaton.begun(state)) {
      for (const rule of rulesOf[keyword] as readonly CompiledRule[]) {
        const to = text.length - length;
        for (let at = Math.max(0, to - rule.before); at <= to; at += 1) {
          if (!rule.hasBegun(text, at)) continue;
          pending = Math.min(pending, from + at + rule.leastBefore);
          break;
        }
      }
    }
  }

  /**
   * A secret before its keyword is not known as one yet. What could be one is held as soon as it
   * is no word.
   */
  function holdLeading(text: string, from: number): void {
    if (leading.length === 0 || !/\S{8}$/.test(text.slice(-leastLeading))) return;
    for (const rule of leading) {
      const tail = rule.tail(text, rule.leading);
      // Where the longest that could be one is a word, all of them are.
      if (tail < leastLeading || isWord(text.slice(text.length - tail))) continue;
      const last = text.length - leastLeading - rule.leastBefore;
      for (let at = text.length - tail; at <= last; at += 1) {
        if (!rule.hasBegun(text, at)) continue;
        const secret = text.slice(at + rule.leastBefore);
        if (isWord(secret)) continue;
        pending = Math.min(pending, from + at + rule.leastBefore);
        break;
      }
    }
  }
}
