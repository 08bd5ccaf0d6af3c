/**
 * Lint: what parses and still is a mistake. Words that name nothing; rules
 * that can never match; rules that a stricter one always overrules. Each is
 * told at its place, and none is told that is not sure.
 */
import type { Action } from "../model/operation.js";
import type { FileProblem } from "../yaml/checked-yaml.js";
import { nearestWord } from "../yaml/nearest-word.js";
import { type Alternative, alternativesOf } from "./alternatives.js";
import { testsOf } from "./condition.js";
import { globOf } from "./glob.js";
import { covers, exclude, impliesAll } from "./implies.js";
import { classes, isClass, isRequest, operationSetOf } from "./operation-set.js";
import { layers, type Rule, type Test } from "./rule.js";
import { sizesOf, soughtIn, wordsOf } from "./wants.js";

export interface LintOptions {
  /** All actions that providers have. */
  readonly actions: readonly Action[];
}

/** What is wrong with rules, in their order. */
export function lintRules(rules: readonly Rule[], options: LintOptions): readonly FileProblem[] {
  return [...neverMatching(rules, options), ...overruled(rules, options)].sort(
    (one, other) => one.line - other.line || one.column - other.column,
  );
}

/** Of these alone a file is refused when it is loaded: its words mean nothing, or a rule cannot match. */
export function neverMatching(
  rules: readonly Rule[],
  { actions }: LintOptions,
): readonly FileProblem[] {
  return rules.flatMap((rule) => {
    const tests = testsOf(rule.when);
    const words = tests.flatMap((test) => unknownWords(test, actions).map(at(rule, test)));
    if (words.length > 0) return words;
    const empty = tests.flatMap((test) => emptyTest(test).map(at(rule, test)));
    if (empty.length > 0) return empty;
    const ways = alternativesOf(rule.when);
    if (ways === undefined || ways.length === 0) return [];
    const conflicts = ways.map((way) => conflictIn(way, actions));
    const [first] = conflicts;
    if (first === undefined || conflicts.includes(undefined)) return [];
    return [
      at(
        rule,
        first.test,
      )({
        reason: `the rule ${rule.name} can never match: ${first.reason}`,
        hint: "take one of the two away, or put them into any",
      }),
    ];
  });
}

/** Rules that a stricter one of the same layer, or of one above it, always overrules. */
function overruled(rules: readonly Rule[], { actions }: LintOptions): readonly FileProblem[] {
  const ways = rules.map((rule) => alternativesOf(rule.when));
  return rules.flatMap((rule, index) => {
    const narrow = ways[index];
    if (rule.effect === "deny" || narrow === undefined) return [];
    const stricter = rules.find((other, place) => {
      const wide = ways[place];
      return (
        wide !== undefined &&
        other.about === rule.about &&
        strictness(other) > strictness(rule) &&
        layers.indexOf(other.layer) <= layers.indexOf(rule.layer) &&
        impliesAll(narrow, wide, actions)
      );
    });
    if (stricter === undefined) return [];
    return [
      at(
        rule,
        rule,
      )({
        reason: `the rule ${rule.name} never decides: whatever it matches, ${stricter.name} (${stricter.effect}) matches too, and is stricter`,
        hint: `narrow ${stricter.name}${placeText(rule, stricter)}, or take ${rule.name} away`,
      }),
    ];
  });
}

const strictness = ({ effect }: Rule): number => ["allow", "review", "deny"].indexOf(effect);

function placeText(rule: Rule, { file, line }: Rule): string {
  if (file === null) return "";
  return file === rule.file ? ` in line ${line}` : ` (${file}:${line})`;
}

type Finding = Pick<FileProblem, "reason" | "hint">;

function at({ file }: Rule, { line, column }: { readonly line: number; readonly column: number }) {
  return (finding: Finding): FileProblem => ({
    file: file ?? "built-in",
    line,
    column,
    ...finding,
  });
}

/** Words for operations that are none. */
function unknownWords(test: Test, actions: readonly Action[]): readonly Finding[] {
  const words = test.name === "operations" ? (wordsOf(test) ?? []) : [];
  return words.flatMap((word): readonly Finding[] => {
    if (isClass(word)) return [];
    if (isRequest(word)) return [];
    const glob = globOf(word);
    if (actions.some(({ name }) => glob.matches(name))) return [];
    const what = /[*?]/.test(word) ? "no operation is called" : "there is no operation";
    const names = actions.map(({ name }) => name);
    return [unknown(`${what} ${word}`, word, [...classes, ...names])];
  });
}

function unknown(reason: string, word: string, words: readonly string[]): Finding {
  const meant = nearestWord(word, words);
  return {
    reason,
    hint:
      meant === undefined
        ? 'write a class (read, inference, write, admin, unknown), an action such as files.delete, or "POST /v1/files"'
        : `did you mean ${meant}?`,
  };
}

/** A test that nothing can meet, whatever stands beside it. */
function emptyTest(test: Test): readonly Finding[] {
  const { name } = test;
  const none = (reason: string, hint: string) => [
    { reason: `${name} can never match: ${reason}`, hint },
  ];
  const sizes = sizesOf(test);
  if (sizes !== undefined && sizes[0] > sizes[1]) {
    return none(
      "no size is over the one and under the other",
      "under has to be at least 2 above over",
    );
  }
  if (soughtIn(test)?.length === 0) {
    return none("it looks for nothing", "add contains or matches");
  }
  return [];
}

interface Conflict extends Finding {
  readonly test: Test;
}

/** Why these cannot hold together; undefined where they may. */
function conflictIn(
  way: Alternative,
  actions: readonly Action[],
): Omit<Conflict, "hint"> | undefined {
  for (const [index, { test, holds }] of way.entries()) {
    for (const other of way.slice(index + 1)) {
      const second = other.test;
      if (test.name !== second.name) continue;
      if (holds && other.holds && exclude(test, second, actions)) {
        return { test: second, reason: `${test.text} excludes ${second.text}` };
      }
      if (holds && !other.holds && covers(second, test, actions)) {
        return { test: second, reason: `${test.text}, and not ${second.text}` };
      }
      if (!holds && other.holds && covers(test, second, actions)) {
        return { test, reason: `${second.text}, and not ${test.text}` };
      }
    }
  }
  return bodiless(way, actions);
}

/** Facts that only a request with a body has. */
const ofBodies = new Set(["models", "tools", "hostedTools", "prompt"]);

/** Operations without a body, and something that only a body says. */
function bodiless(
  way: Alternative,
  actions: readonly Action[],
): Omit<Conflict, "hint"> | undefined {
  const meant = actionsOf(way, actions);
  if (meant === undefined) return undefined;
  for (const { test, holds } of way) {
    // `only` is met by a request that declares none.
    const asks = ofBodies.has(test.name) && (wordsOf(test) !== undefined || test.name === "prompt");
    if (!holds || !asks) continue;
    const able = meant.actions.some(
      ({ name, body }) =>
        // A model is also named by the path of what is asked about it.
        body !== "none" || (test.name === "models" && name.startsWith("models.")),
    );
    if (!able) return { test, reason: `${meant.text} has no body, so it has no ${test.name}` };
  }
  return undefined;
}

/** The known actions that are left; undefined where others may be meant too. */
function actionsOf(way: Alternative, actions: readonly Action[]) {
  const sets = way
    .filter(({ test }) => test.name === "operations")
    .map(({ test, holds }) => ({ test, holds, ...operationSetOf(wordsOf(test) ?? [], actions) }));
  const held = sets.filter(({ holds }) => holds);
  const byPath = held.some(({ others }) => [...others].some((word) => word !== "unknown"));
  if (held.length === 0 || byPath) return undefined;
  return {
    text: held.map(({ test }) => test.text).join(" and "),
    actions: actions.filter(({ name }) => sets.every((set) => set.actions.has(name) === set.holds)),
  };
}
