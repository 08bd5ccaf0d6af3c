/**
 * Rule screen: whether any of many rules finds something in a text that is
 * whole. Nearly always nothing does, and this says so without keeping
 * anything: the same attempts as the rule finder's, at the same places.
 */
import { accepts } from "./acceptance.js";
import { keywordIndexSteps } from "./keyword-index.js";
import type { Rule } from "./rule.js";
import { isTableHeader, tableHolds } from "./table-rows.js";

interface Screened {
  readonly rule: Rule;
  readonly before: number;
  /** Made at the first attempt: of many rules no text ever has a keyword. */
  expression: RegExp | undefined;
  /** Where it was tried last, so that no place is tried over and over. */
  from: number;
  to: number;
}

/** Says whether a text holds a finding; of a part also where it holds the header of a table. */
export type RuleScreen = (text: string, part?: boolean) => boolean;

/** Makes the screen, in steps. */
export function* ruleScreenSteps(rules: readonly Rule[]): Generator<void, RuleScreen> {
  const numbers = new Map<string, number>();
  const keywords: { readonly text: string; readonly exact: boolean }[] = [];
  const rulesOf: Screened[][] = [];
  const screened: Screened[] = [];
  for (const rule of rules) {
    const one = { rule, before: rule.before ?? 0, expression: undefined, from: 0, to: 0 };
    screened.push(one);
    const exact = rule.exact === true;
    for (const keyword of rule.keywords) {
      const key = `${exact ? "=" : "~"}${keyword}`;
      const number = numbers.get(key) ?? keywords.push({ text: keyword, exact }) - 1;
      numbers.set(key, number);
      const those = rulesOf[number] ?? [];
      those.push(one);
      rulesOf[number] = those;
    }
  }
  const leading = screened.filter(({ before }) => before > 0);
  const index = yield* keywordIndexSteps(keywords);

  return (text, part = false) => {
    for (const one of leading) {
      one.from = 0;
      one.to = 0;
    }
    return index.search(text, (keyword, start) => {
      for (const one of rulesOf[keyword] as readonly Screened[]) {
        if (
          one.before === 0 ? holdsAt(one, text, start, part) : holdsBefore(one, text, start, part)
        ) {
          return true;
        }
      }
      return false;
    });
  };
}

function holdsBefore(one: Screened, text: string, start: number, part: boolean): boolean {
  const first = Math.max(0, start - one.before);
  // Where an earlier keyword is told of later, all of its places are tried again.
  for (let at = start < one.from ? first : Math.max(first, one.to); at <= start; at += 1) {
    if (holdsAt(one, text, at, part)) return true;
  }
  one.from = first;
  one.to = start + 1;
  return false;
}

function holdsAt(one: Screened, text: string, at: number, part: boolean): boolean {
  const { pattern, anyCase } = one.rule;
  one.expression ??= new RegExp(pattern, anyCase ? "iy" : "y");
  one.expression.lastIndex = at;
  const found = one.expression.exec(text);
  if (found === null) return false;
  if (one.rule.table === true) {
    // Where the text goes on, so may the table.
    return (part ? isTableHeader : tableHolds)(text, at, at + found[0].length);
  }
  return accepts(one.rule, found.groups?.secret ?? found[0]);
}
