/**
 * Lint: what parses and still is a mistake. Words that name nothing; rules
 * that can never match; rules that a stricter one always overrules. Each is
 * told at its place, and none is told that is not sure.
 */
import type { Action } from "../model/operation.js";
import { mostMistakes } from "../yaml/check-shape.js";
import type { FileProblem } from "../yaml/checked-yaml.js";
import { nearestWord } from "../yaml/nearest-word.js";
import { type Alternative, alternativesOf } from "./alternatives.js";
import { testsOf } from "./condition.js";
import { actionsEffort, comparisonOf, createEffort } from "./effort.js";
import { globOf } from "./glob.js";
import { covers, exclude, impliesAll } from "./implies.js";
import { classes, isClass, isRequest, operationsOf } from "./operation-set.js";
import { layers, type Rule, type Test } from "./rule.js";
import { sizesOf, soughtIn, wordsOf } from "./wants.js";

export interface LintOptions {
  /** All actions that providers have. */
  readonly actions: readonly Action[];
}

/**
 * What is wrong with rules, in their order; no more than a person reads. All lints work in steps:
 * an agent writes its project's rules, as many as there may be.
 */
export function* lintRules(
  rules: readonly Rule[],
  options: LintOptions,
): Generator<void, readonly FileProblem[]> {
  const words: FileProblem[] = [];
  const sound: Rule[] = [];
  for (const rule of rules) {
    const found = words.length < mostMistakes ? yield* wordsIn(rule, options) : [];
    words.push(...found);
    if (found.length === 0) sound.push(rule);
  }
  const never = yield* neverMatching(sound, options);
  const over = yield* overruled(rules, options);
  return [...words, ...never, ...over]
    .sort((one, other) => one.line - other.line || one.column - other.column)
    .slice(0, mostMistakes);
}

/** Words that name nothing: the rule may match by others, but not what was meant. */
function* wordsIn(rule: Rule, { actions }: LintOptions): Generator<void, readonly FileProblem[]> {
  const found: FileProblem[] = [];
  for (const test of testsOf(rule.when)) {
    const words = test.name === "operations" ? (wordsOf(test) ?? []) : [];
    for (const word of words) {
      if (found.length >= mostMistakes) return found;
      found.push(...unknownWord(word, actions).map(at(rule, test)));
      yield;
    }
  }
  return found;
}

/** Rules that can never match: for these a file is refused as one that does not parse is. */
export function* neverMatching(
  rules: readonly Rule[],
  { actions }: LintOptions,
): Generator<void, readonly FileProblem[]> {
  const effort = createEffort();
  const found: FileProblem[] = [];
  for (const rule of rules) {
    if (found.length >= mostMistakes) break;
    yield;
    const ways = alternativesOf(rule.when) ?? [];
    if (!effort.spend(actionsEffort(ways, actions))) continue;
    let first: Conflict | undefined;
    let all = ways.length > 0;
    for (const way of ways) {
      yield;
      const conflict = effort.spend(comparisonOf([way], [way]))
        ? conflictIn(way, actions)
        : undefined;
      all = conflict !== undefined;
      if (!all) break;
      first ??= conflict;
    }
    if (!all || first === undefined) continue;
    const { test, reason, hint } = first;
    const never = `the rule ${rule.name} can never match: ${reason}`;
    found.push(at(rule, test)({ reason: never, hint }));
  }
  return found;
}

/** Rules that a stricter one of the same layer, or of one above it, always overrules. */
function* overruled(
  rules: readonly Rule[],
  { actions }: LintOptions,
): Generator<void, readonly FileProblem[]> {
  const effort = createEffort();
  const found: FileProblem[] = [];
  const ways: (readonly Alternative[] | undefined)[] = [];
  for (const { when } of rules) {
    const of = alternativesOf(when);
    ways.push(of && effort.spend(actionsEffort(of, actions)) ? of : undefined);
    yield;
  }
  for (const [index, rule] of rules.entries()) {
    if (found.length >= mostMistakes) break;
    yield;
    const narrow = ways[index];
    if (rule.effect === "deny" || narrow === undefined) continue;
    const stricter = yield* stricterThan(rule, narrow);
    if (stricter === undefined) continue;
    found.push(
      at(
        rule,
        rule,
      )({
        reason: `the rule ${rule.name} never decides: whatever it matches, ${stricter.name} (${stricter.effect}) matches too, and is stricter`,
        hint: `narrow ${stricter.name}${placeText(rule, stricter)}, or take ${rule.name} away`,
      }),
    );
  }
  return found;

  function* stricterThan(
    rule: Rule,
    narrow: readonly Alternative[],
  ): Generator<void, Rule | undefined> {
    for (const [place, other] of rules.entries()) {
      const wide = ways[place];
      const comparable =
        wide !== undefined &&
        other.about === rule.about &&
        strictness(other) > strictness(rule) &&
        layers.indexOf(other.layer) <= layers.indexOf(rule.layer);
      if (!comparable || !effort.spend(comparisonOf(narrow, wide))) continue;
      if (impliesAll(narrow, wide, actions)) return other;
      yield;
    }
    return undefined;
  }
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

/** A word for operations that is none. */
function unknownWord(word: string, actions: readonly Action[]): readonly Finding[] {
  if (isClass(word) || isRequest(word)) return [];
  const glob = globOf(word);
  if (actions.some(({ name }) => glob.matches(name))) return [];
  const what = /[*?]/.test(word) ? "no operation matches" : "unknown operation";
  const names = actions.map(({ name }) => name);
  return [unknown(`${what} ${word}`, word, [...classes, ...names])];
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
      reason: "no size can be over the one and under the other",
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
    return { test: meant.test, reason, hint: "name an existing operation, or a class" };
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
    .map(({ test, holds }) => ({ test, holds, ...operationsOf(test, actions) }));
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
