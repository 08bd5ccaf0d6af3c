/**
 * Parse: a policy file's text → rules, or every problem with its file, line,
 * column, reason and what was probably meant. A file with a problem has no
 * rules: half of a policy is another policy.
 */
import { createHash } from "node:crypto";
import type { ReviewTerms } from "../model/decision.js";
import { inTurns } from "../model/turns.js";
import { mostMistakes } from "../yaml/check-shape.js";
import { type FileProblem, readCheckedYamlSteps } from "../yaml/checked-yaml.js";
import { nearestWord } from "../yaml/nearest-word.js";
import { conditionText, costOf, testsOf } from "./condition.js";
import { type PatternReader, patternsOf, promptTest, toolCallTests } from "./content-tests.js";
import type { Place } from "./leaf.js";
import { budgetTest, isTimeZone, requestBytesTest, timeTest } from "./limit-tests.js";
import { checkMasking, type LayerMasking } from "./masking.js";
import { loadPatternCompiler, type PatternCompiler, PatternError } from "./pattern.js";
import type { AllOf, Condition, LayerName, Rule } from "./rule.js";
import { mostRules, policySchema, type RuleInFile, ruleSchema, type When } from "./schema.js";
import { whatTests } from "./what-tests.js";
import { whoTests } from "./who-tests.js";

export interface ParsedPolicy {
  readonly rules: readonly Rule[];
  /** What it says about hiding; undefined where it says nothing. */
  readonly masking: LayerMasking | undefined;
  readonly problems: readonly FileProblem[];
}

type Path = readonly PropertyKey[];

/**
 * Reads a policy file, in turns of the event loop: an agent writes its project's, as large as it
 * may be. `file` is for messages only, `detectors` those that it may name.
 */
export async function parsePolicy(
  file: string,
  text: string,
  layer: LayerName,
  detectors?: readonly string[],
): Promise<ParsedPolicy> {
  const compile: PatternCompiler = /match/.test(text)
    ? await loadPatternCompiler()
    : () => {
        throw new PatternError("no expression was announced");
      };
  return inTurns(parseSteps(text, { file, layer, detectors, compile }));
}

interface PolicyFile {
  readonly file: string;
  readonly layer: LayerName;
  readonly detectors: readonly string[] | undefined;
  readonly compile: PatternCompiler;
}

/** The same in steps: each reads a few words, a rule, or an expression. */
export function* parseSteps(
  text: string,
  { file, layer, detectors, compile }: PolicyFile,
): Generator<void, ParsedPolicy> {
  const read = yield* readCheckedYamlSteps(text, {
    file,
    schema: policySchema,
    keyNoun: "key",
    longList: { key: "rules", item: ruleSchema, most: mostRules },
  });
  const { problems: found } = read;
  if (read.value === undefined) return { rules: [], masking: undefined, problems: found };
  const problems: FileProblem[] = [];
  const problem = (path: Path, reason: string, hint: string | null = null) =>
    problems.push({ file, ...read.placeOf(path), reason, hint });
  const reader: PatternReader = {
    compile,
    invalid(path, error) {
      if (!(error instanceof PatternError)) throw error;
      problem(path, error.message);
    },
  };

  const names = new Set<string>();
  const rules: Rule[] = [];
  for (const [index, rule] of read.value.rules.entries()) {
    yield;
    const at: Path = ["rules", index];
    if (names.has(rule.name)) problem([...at, "name"], `two rules have the name ${rule.name}`);
    names.add(rule.name);
    const when = yield* conditionOf(rule.when, [...at, "when"]);
    const about = testsOf(when).some((test) => test.about === "tool-call")
      ? "tool-call"
      : "request";
    checkEffect(rule, about, when, at);
    rules.push({
      name: rule.name,
      layer,
      file,
      ...read.placeOf(at),
      hash: createHash("sha256").update(JSON.stringify(rule)).digest("hex"),
      when,
      effect: rule.effect,
      message: rule.message ?? null,
      reason: reasonOf(rule.message, when),
      review: rule.effect === "review" ? termsOf(rule.review ?? {}) : null,
      onDeny: rule.onDeny ?? "error",
      about,
    });
    if (problems.length >= mostMistakes) break;
  }
  const { masking: said } = read.value;
  if (said !== undefined) yield* checkMasking(said, { known: detectors, compile, problem });
  if (problems.length > 0) {
    return { rules: [], masking: undefined, problems: problems.slice(0, mostMistakes) };
  }
  return { rules, masking: said && { ...said, ...read.placeOf(["masking"]) }, problems };

  function* conditionOf(when: When, at: Path): Generator<void, AllOf> {
    const place = (key: keyof When): Place => read.placeOf([...at, key]);
    const of: Condition[] = whoTests.flatMap((make) => make(when, place) ?? []);
    of.push(...whatTests(when, place));
    checkOperations(when, at);
    const { requestBytes, time, budget, prompt, toolCall } = when;
    if (requestBytes !== undefined) of.push(requestBytesTest(requestBytes, place("requestBytes")));
    if (time !== undefined) of.push(...timeTests(time, at, place("time")));
    if (budget !== undefined) of.push(...budgetTests(budget, at, place("budget")));
    if (prompt !== undefined) {
      const patterns = yield* patternsOf(prompt, [...at, "prompt"], reader);
      if (prompt.contains === undefined && prompt.matches === undefined) {
        problem([...at, "prompt"], "prompt needs contains or matches");
      }
      of.push(promptTest(prompt, patterns, place("prompt")));
    }
    if (toolCall !== undefined) {
      const patterns = yield* patternsOf(
        toolCall.arguments ?? {},
        [...at, "toolCall", "arguments"],
        reader,
      );
      of.push(...toolCallTests(toolCall, patterns, place("toolCall")));
    }
    of.push(...(yield* conditionsOf(when.all ?? [], [...at, "all"])));
    if (when.any !== undefined) {
      of.push({ kind: "any", of: cheapFirst(yield* conditionsOf(when.any, [...at, "any"])) });
    }
    if (when.not !== undefined) {
      of.push({ kind: "not", of: yield* conditionOf(when.not, [...at, "not"]) });
    }
    return { kind: "all", of: cheapFirst(of) };
  }

  function* conditionsOf(parts: readonly When[], at: Path): Generator<void, readonly AllOf[]> {
    const conditions: AllOf[] = [];
    for (const [index, part] of parts.entries()) {
      yield;
      conditions.push(yield* conditionOf(part, [...at, index]));
    }
    return conditions;
  }

  function timeTests(time: NonNullable<When["time"]>, at: Path, place: Place) {
    if (time.zone === undefined || isTimeZone(time.zone)) return [timeTest(time, place)];
    const meant = nearestWord(time.zone, Intl.supportedValuesOf("timeZone"));
    const hint =
      meant === undefined ? "use a name such as Europe/Berlin" : `did you mean ${meant}?`;
    problem([...at, "time", "zone"], `no time zone ${time.zone}`, hint);
    return [];
  }

  function budgetTests(budget: NonNullable<When["budget"]>, at: Path, place: Place) {
    if (budget.requests ?? budget.tokens ?? budget.cost) return [budgetTest(budget, place)];
    if (budget.requests === 0 || budget.tokens === 0 || budget.cost === 0) {
      return [budgetTest(budget, place)];
    }
    problem([...at, "budget"], "budget has no limit", "say requests, tokens or cost");
    return [];
  }

  /** What looks like a class or a request, and is none, would match nothing in silence. */
  function checkOperations({ operations = [] }: When, at: Path): void {
    operations.forEach((word, index) => {
      const path = [...at, "operations", index];
      if (/^\S+ \//.test(word)) {
        const method = word.split(" ", 1)[0] as string;
        if (/[*?]/.test(method) || methods.includes(method.toUpperCase())) return;
        const meant = nearestWord(method, methods);
        problem(path, `no method ${method}`, meant === undefined ? null : `did you mean ${meant}?`);
      } else if (/[\s/]/.test(word)) {
        problem(path, `${word} is not an operation`, 'write "METHOD /path"');
      } else if (!/[.*?]/.test(word) && !classes.includes(word)) {
        const meant = nearestWord(word, classes);
        const hint = meant === undefined ? `classes are ${classes.join(", ")}` : undefined;
        problem(path, `no class of operations ${word}`, hint ?? `did you mean ${meant}?`);
      }
    });
  }

  function checkEffect(rule: RuleInFile, about: Rule["about"], when: Condition, at: Path): void {
    if (rule.review !== undefined && rule.effect !== "review") {
      problem([...at, "review"], `terms of a review, where the effect is ${rule.effect}`);
    }
    if (rule.onDeny !== undefined && about === "request") {
      problem(
        [...at, "onDeny"],
        "onDeny is for rules with a toolCall: a denied request is an error",
      );
    }
    if (rule.effect !== "allow") return;
    // Both would let through more than they say.
    if (testsOf(when).some(({ patterns = [] }) => patterns.some(({ anchored }) => anchored))) {
      problem([...at, "when"], "an expression with ^ or $ cannot allow", "leave out the anchors");
    }
    if (allowsSpent(when)) {
      problem(
        [...at, "when"],
        "a budget matches once it is used up, so this allows only what is over it",
        "put it inside not, or into a rule that denies",
      );
    }
  }
}

function reasonOf(message: string | undefined, when: Condition): () => string {
  const reason = message ?? `it matches ${conditionText(when)}`;
  return () => reason;
}

const classes = ["read", "inference", "write", "admin", "unknown"];
const methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];

/** A stable order: what is written first is asked first, among what costs the same. */
function cheapFirst(conditions: readonly Condition[]): readonly Condition[] {
  return [...conditions].sort((one, other) => costOf(one) - costOf(other));
}

function allowsSpent(condition: Condition): boolean {
  if (condition.kind === "test") return condition.name === "budget";
  return condition.kind !== "not" && condition.of.some(allowsSpent);
}

/** What a review is like where a rule says nothing of it. */
export const usualTerms: ReviewTerms = {
  by: null,
  self: true,
  timeoutMs: 10 * 60_000,
  remember: { kind: "once" },
  approvals: 1,
};

function termsOf(said: NonNullable<RuleInFile["review"]>): ReviewTerms {
  const { by, self, timeout, remember, approvals } = said;
  return {
    by:
      by === undefined
        ? null
        : { groups: by.groups ?? [], subjects: by.subjects ?? [], emails: by.emails ?? [] },
    self: self ?? usualTerms.self,
    timeoutMs: timeout === undefined ? usualTerms.timeoutMs : millisecondsOf(timeout),
    remember:
      remember === undefined || remember === "once" || remember === "session"
        ? { kind: remember ?? "once" }
        : { kind: "time", ms: millisecondsOf(remember) },
    approvals: approvals ?? usualTerms.approvals,
  };
}

const units = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

function millisecondsOf(duration: string): number {
  return Number(duration.slice(0, -1)) * units[duration.at(-1) as keyof typeof units];
}
