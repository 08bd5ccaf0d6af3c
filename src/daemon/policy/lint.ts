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
  const words = rules.map((rule) => wordsIn(rule, options));
  const sound = rules.filter((_, index) => words[index]?.length === 0);
  return [...words.flat(), ...neverMatching(sound, options), ...overruled(rules, options)].sort(
    (one, other) => one.line - other.line || one.column - other.column,
  );
}

/** Words that name nothing: the rule may match by others, but not what was meant. */
function wordsIn(rule: Rule, { actions }: LintOptions): readonly FileProblem[] {
  return testsOf(rule.when).flatMap((test) => unknownWords(test, actions).map(at(rule, test)));
}

/** Rules that can never match: for these a file is refused as one that does not parse is. */
export function neverMatching(
  rules: readonly Rule[],
  { actions }: LintOptions,
): readonly FileProblem[] {
  return rules.flatMap((rule) => {
    const ways = alternativesOf(rule.when) ?? [];
    const conflicts = ways.map((way) => conflictIn(way, actions));
    const [first] = conflicts;
    if (first === undefined || conflicts.includes(undefined)) return [];
    const { test, reason, hint } = first;
    return [at(rule, test)({ reason: `the rule ${rule.name} can never match: ${reason}`, hint })];
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

interface Conflict extends Finding {
  readonly test: Test;
}

const apart = "take one of the two away, or put them into any";

/** Why these cannot hold together; undefined where they may. */
function conflictIn(way: Alternative, actions: readonly Action[]): Conflict | undefined {
  for (const [index, { test, holds }] of way.entries()) {
    const alone = holds ? impossible(test) : undefined;
    if (alone !== undefined) return alone;
    for (const other of way.slice(index + 1)) {
      const second = other.test;
      if (test.name !== second.name) continue;
      if (holds && other.holds && exclude(test, second, actions)) {
        return { test: second, reason: `${test.text} excludes ${second.text}`, hint: apart };
      }
      if (holds && !other.holds && covers(second, test, actions)) {
        return { test: second, reason: `${test.text}, and not ${second.text}`, hint: apart };
      }
      if (!holds && other.holds && covers(test, second, actions)) {
        return { test, reason: `${second.text}, and not ${test.text}`, hint: apart };
      }
    }
  }
  return unanswerable(way, actions);
}

/** A test that nothing can meet, whatever stands beside it. */
function impossible(test: Test): Conflict | undefined {
  const sizes = sizesOf(test);
  if (sizes !== undefined && sizes[0] > sizes[1]) {
    return {
      test,
      reason: "no size is over the one and under the other",
      hint: "under has to be at least 2 above over",
    };
  }
  if (soughtIn(test)?.length === 0) {
    return { test, reason: `${test.name} looks for nothing`, hint: "add contains or matches" };
  }
  return undefined;
}

/** Facts that only a request with a body has. */
const ofBodies = new Set(["models", "tools", "hostedTools", "prompt"]);

/** No operation that is left has what the other tests ask about. */
function unanswerable(way: Alternative, actions: readonly Action[]): Conflict | undefined {
  const meant = actionsOf(way, actions);
  if (meant === undefined) return undefined;
  if (meant.actions.length === 0 && !meant.unknown) {
    const reason = `there is no operation with ${meant.text}`;
    return { test: meant.test, reason, hint: "name one that there is, or a class" };
  }
  for (const { test, holds } of way) {
    // `only` is met by a request that declares none.
    const asks = ofBodies.has(test.name) && (wordsOf(test) !== undefined || test.name === "prompt");
    if (!holds || !asks) continue;
    const able = meant.actions.some(
      ({ name, body }) =>
        // A model is also named by the path of what is asked about it.
        body !== "none" || (test.name === "models" && name.startsWith("models.")),
    );
    if (!able) {
      const reason = `what has ${meant.text} has no body, so it has no ${test.name}`;
      return { test, reason, hint: `take ${test.name} away, or name other operations` };
    }
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
  const [first] = held;
  if (first === undefined || byPath) return undefined;
  return {
    test: first.test,
    /** Are unknown ones meant too? */
    unknown: sets.every((set) => set.others.has("unknown") === set.holds),
    text: held.map(({ test }) => test.text).join(" and "),
    actions: actions.filter(({ name }) => sets.every((set) => set.actions.has(name) === set.holds)),
  };
}
