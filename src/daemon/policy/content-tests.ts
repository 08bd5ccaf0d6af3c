/**
 * Content tests: what the model will read, and what it wants a tool to be
 * given. The prompt is walked only where such a test is asked.
 */
import type { ToolCall } from "../model/review.js";
import { globHit, globOf } from "./glob.js";
import { leaf, oneOf, type Place } from "./leaf.js";
import { containsPattern, type PatternCompiler } from "./pattern.js";
import type { PromptText, TextPattern } from "./prompt-text.js";
import type { Test } from "./rule.js";
import type { When } from "./schema.js";

type TextWants = NonNullable<When["prompt"]>;

/** Makes patterns; where an expression is none, tells `invalid` and leaves it out. */
export interface PatternReader {
  readonly compile: PatternCompiler;
  readonly invalid: (place: readonly PropertyKey[], error: unknown) => void;
}

/** The patterns of a text's `contains` and `matches`; to make one is a step. */
export function* patternsOf(
  wants: TextWants,
  at: readonly PropertyKey[],
  reader: PatternReader,
): Generator<void, readonly TextPattern[]> {
  const patterns = (wants.contains ?? []).map(containsPattern);
  for (const [index, source] of (wants.matches ?? []).entries()) {
    try {
      patterns.push(reader.compile(source));
    } catch (error) {
      reader.invalid([...at, "matches", index], error);
    }
    yield;
  }
  return patterns;
}

/** One of the patterns is in what the model will read. */
export function promptTest(wants: TextWants, patterns: readonly TextPattern[], place: Place): Test {
  return leaf(place, {
    name: "prompt",
    text: `prompt: ${patternText(patterns)}`,
    wants,
    cost: 2,
    patterns,
    hit: (facts) => patternHit(patterns, facts.prompt()),
    saw: (facts) => `the prompt has ${facts.prompt().size}`,
  });
}

/** A tool call's name, kind and arguments. */
export function toolCallTests(
  wants: NonNullable<When["toolCall"]>,
  patterns: readonly TextPattern[],
  place: Place,
): readonly Test[] {
  const about = "tool-call" as const;
  const tests: Test[] = [];
  const saw = (toolCall: ToolCall | undefined) =>
    toolCall === undefined
      ? "this is a request, and no tool call"
      : `the tool call is ${toolCall.name} (${toolCall.kind})`;
  const { names, kinds } = wants;
  if (names !== undefined) {
    const globs = names.map((name) => globOf(name));
    tests.push(
      leaf(place, {
        name: "toolCall",
        about,
        text: `toolCall: ${oneOf(names)}`,
        wants,
        hit: ({ toolCall }) => (toolCall ? globHit(globs, [toolCall.name]) : undefined),
        saw: ({ toolCall }) => saw(toolCall),
      }),
    );
  }
  if (kinds !== undefined) {
    tests.push(
      leaf(place, {
        name: "toolCall",
        about,
        text: `toolCall of kind ${oneOf(kinds)}`,
        wants,
        hit: ({ toolCall }) => kinds.find((kind) => kind === toolCall?.kind),
        saw: ({ toolCall }) => saw(toolCall),
      }),
    );
  }
  if (wants.arguments !== undefined) {
    tests.push(
      leaf(place, {
        name: "toolCall",
        about,
        cost: 1,
        patterns,
        text: `toolCall arguments: ${patternText(patterns)}`,
        wants,
        hit: ({ arguments: text }) => text && patternHit(patterns, text),
        saw: ({ toolCall }) => saw(toolCall),
      }),
    );
  }
  if (tests.length === 0) {
    tests.push(
      leaf(place, {
        name: "toolCall",
        about,
        text: "toolCall: any",
        wants,
        hit: ({ toolCall }) => toolCall?.name,
        saw: ({ toolCall }) => saw(toolCall),
      }),
    );
  }
  return tests;
}

function patternHit(patterns: readonly TextPattern[], text: PromptText): string | undefined {
  return patterns.find((pattern) => text.has(pattern))?.source;
}

function patternText(patterns: readonly TextPattern[]): string {
  return oneOf(
    patterns.map(({ kind, source }) =>
      kind === "contains" ? JSON.stringify(source) : `/${source}/`,
    ),
  );
}
