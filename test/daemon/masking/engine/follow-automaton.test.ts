/** The automaton may say yes too often; where a rule's expression says yes, it never says no. */
import { expect, test } from "vitest";
import { compileRule } from "../../../../src/daemon/masking/engine/compiled-rule.js";
import {
  type Atom,
  parseExpression,
  type Sequence,
} from "../../../../src/daemon/masking/engine/expression.js";
import {
  createFollowAutomaton,
  type FollowAutomaton,
  type FollowState,
} from "../../../../src/daemon/masking/engine/follow-automaton.js";
import type { Rule } from "../../../../src/daemon/masking/engine/rule.js";
import { secretRules } from "../../../../src/daemon/masking/rules/index.js";
import { numbersFrom } from "../../../support/masked-cuts.js";

const printable = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index));

function automatonOf(keyword: string, rules: readonly Rule[], room?: number): Followed {
  const written = rules.map(({ pattern, anyCase = false, table = false }) => ({
    pattern,
    anyCase,
    table,
  }));
  const automaton = createFollowAutomaton(written, room);
  for (const place of rules.keys()) automaton.read(place);
  return { automaton, start: automaton.after(keyword, [...rules.keys()]) };
}

interface Followed {
  readonly automaton: FollowAutomaton;
  readonly start: FollowState;
}

function stateAfter({ automaton, start }: Followed, following: string): FollowState | undefined {
  let state: FollowState | undefined = start;
  for (let at = 0; at < following.length && state !== undefined; at += 1) {
    state = automaton.next(state, following.charCodeAt(at));
  }
  return state;
}

const fromKeyword = secretRules.filter(({ before = 0 }) => before === 0);

test("whatever a rule matches, leaves open or holds, the automaton has not ruled out", () => {
  const next = numbersFrom(7);
  let matched = 0;
  const missed: string[] = [];
  for (const rule of fromKeyword) {
    const compiled = compileRule(rule);
    const options = parseExpression(rule.pattern);
    for (let round = 0; round < 2; round += 1) {
      const whole = invented(options, rule, next);
      const keyword = rule.keywords.find((each) => whole.toLowerCase().startsWith(each));
      if (keyword === undefined) continue;
      const automaton = automatonOf(keyword, [rule]);
      for (const text of [whole, mutated(whole, next), `${whole}. And more`]) {
        for (
          let length = keyword.length;
          length <= Math.min(text.length, 90);
          length += 1 + Math.floor(next() * 6)
        ) {
          const part = text.slice(0, length);
          if (!part.toLowerCase().startsWith(keyword)) continue;
          const state = stateAfter(automaton, part.slice(keyword.length));
          // No room for more states: all is left to the expressions.
          if (state === undefined) continue;
          const told = reachedTelling(automaton, part.slice(keyword.length));
          const match = compiled.match(part, 0);
          if (match !== undefined) matched += 1;
          if (match !== undefined && !told) missed.push(`${rule.detector} match ${part}`);
          if (compiled.hasBegun(part, 0) && !told) missed.push(`${rule.detector} begun ${part}`);
          if (compiled.isOpen(part, 0) && state.rules.length === 0 && !told) {
            missed.push(`${rule.detector} open ${part}`);
          }
        }
      }
    }
  }
  expect(missed).toEqual([]);
  expect(matched).toBeGreaterThan(fromKeyword.length / 2);
});

test("prose behind a word that many rules begin with is ruled out within a few characters", () => {
  const rules = fromKeyword.filter(({ keywords }) => keywords.includes("token"));
  expect(rules.length).toBeGreaterThan(10);
  const automaton = automatonOf("token", rules);
  for (const following of [" is used by the client", " token token", "s are counted", ", then"]) {
    expect(stateAfter(automaton, following)?.telling, following).toBe(false);
  }
  expect(stateAfter(automaton, ". The next one")?.rules).toEqual([]);
});

test("a text that asks for more states than there may be is left to the expressions", () => {
  const pattern = "keyabcde=(?<secret>[a-z]{8})";
  const rule: Rule = { detector: "d", about: "", keywords: ["key"], pattern };
  const few = automatonOf("key", [rule], 3);
  expect(stateAfter(few, "ab")).toBeDefined();
  expect(stateAfter(few, "abcde=")).toBeUndefined();
  expect(stateAfter(automatonOf("key", [rule]), "abcde=")?.rules).toEqual([0]);
});

function reachedTelling(automaton: Followed, following: string): boolean {
  for (let length = 0; length <= following.length; length += 1) {
    if (stateAfter(automaton, following.slice(0, length))?.telling !== false) return true;
  }
  return false;
}

/** A text that the pattern takes, as far as it does not look around. */
function invented(
  options: readonly Sequence[],
  rule: Pick<Rule, "anyCase">,
  next: () => number,
): string {
  const option = options[Math.floor(next() * options.length)] as Sequence;
  return option.map((atom) => inventedAtom(atom, rule, next)).join("");
}

function inventedAtom(atom: Atom, rule: Pick<Rule, "anyCase">, next: () => number): string {
  if (atom.kind === "look") return "";
  if (atom.kind === "group") return invented(atom.options, rule, next);
  if (atom.kind === "repeat") {
    const times = atom.least + Math.floor(next() * Math.min(4, atom.most - atom.least + 1));
    return Array.from({ length: times }, () => inventedAtom(atom.node, rule, next)).join("");
  }
  const one = new RegExp(`^(?:${atom.source})$`, rule.anyCase ? "i" : "");
  const fitting = [...printable, "\n", "\t"].filter((character) => one.test(character));
  return fitting[Math.floor(next() * fitting.length)] ?? "";
}

function mutated(text: string, next: () => number): string {
  const at = Math.floor(next() * text.length);
  const character = printable[Math.floor(next() * printable.length)] as string;
  return text.slice(0, at) + character + text.slice(at + (next() < 0.5 ? 0 : 1));
}
