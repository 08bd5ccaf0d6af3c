/**
 * Rule: a condition and an effect, as parsed from a policy file. A condition
 * is a tree whose leaves are tests; each leaf looks at one fact and names what
 * of it was met, so that a decision and its explanation come from the same
 * look: the fast path asks `hit` and builds no sentence.
 */
import type { Effect, ReviewTerms } from "../model/decision.js";
import type { Operation } from "../model/operation.js";
import type { ToolCall } from "../model/review.js";
import type { PolicyInput } from "./policy.js";
import type { PromptText, TextPattern } from "./prompt-text.js";

/** In the order in which they are asked: the first speaks for all below it. */
export const layers = ["organisation", "user", "project", "built-in"] as const;
export type LayerName = (typeof layers)[number];

/** What a condition may look at. */
export interface Facts {
  readonly input: PolicyInput;
  /** Absent while the request itself is decided. */
  readonly toolCall?: ToolCall;
  /** The prompt as patterns see it, made when first asked for. */
  readonly prompt: () => PromptText;
  /** What the tool call's arguments say, with and without their escapes. */
  readonly arguments?: PromptText;
}

/** One leaf: a key of `when` with what it wants. */
export interface Test {
  readonly kind: "test";
  /** Its key in the file: `groups`, `prompt` … */
  readonly name: string;
  /** What it wants, readable: `groups: engineering or leads`. */
  readonly text: string;
  readonly line: number;
  readonly column: number;
  /** What it looks at: the request, or one of the reply's tool calls. */
  readonly about: "request" | "tool-call";
  /** 0: a fact at hand; 1: has to be asked for; 2: reads the prompt. Cheap ones are asked first. */
  readonly cost: 0 | 1 | 2;
  /** Which of what it wants the facts have; undefined: none, so it does not match. */
  hit(facts: Facts): string | undefined;
  /** It cannot be told whether it matches: a rule that denies or wants a review takes it that it does, one that allows that it does not. */
  unsure?(facts: Facts): boolean;
  /** What the facts have in its place: `groups are sales, ops`. */
  saw(facts: Facts): string;
  /** For tests of text: patterns to be looked for, so that a large prompt can be read in slices. */
  readonly patterns?: readonly TextPattern[];
  /** For `operations`: does it name this operation itself, and not only its class? */
  names?(facts: Facts): boolean;
  /** What it wants, as data, for lints: the words, globs or limits of the file. */
  readonly wants: unknown;
}

export interface AllOf {
  readonly kind: "all" | "any";
  readonly of: readonly Condition[];
}

export interface Not {
  readonly kind: "not";
  readonly of: Condition;
}

export type Condition = Test | AllOf | Not;

export interface Rule {
  readonly name: string;
  readonly layer: LayerName;
  /** Null for the built-in rules. */
  readonly file: string | null;
  readonly line: number;
  readonly column: number;
  /** SHA-256 (hex) of all that it says. */
  readonly hash: string;
  readonly when: Condition;
  readonly effect: Effect;
  /** What the file tells the agent that is stopped; null where it says nothing. */
  readonly message: string | null;
  /** What its decision says: the message, or in words what it matched. */
  readonly reason: (operation: Operation) => string;
  /** For an effect of review. */
  readonly review: ReviewTerms | null;
  readonly onDeny: "error" | "tell-model";
  /** A rule with a test of tool calls speaks of tool calls only, any other of requests only. */
  readonly about: "request" | "tool-call";
}
