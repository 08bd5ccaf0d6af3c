/**
 * Pattern finder: an expression of the user's own, on an engine that is linear
 * whatever it says (RE2). In a stream, text is held while its end may be the
 * beginning of a match; the expression of such beginnings is derived from the
 * pattern. A match of unbounded length is known as one only over its last 4096
 * characters.
 */
import { beginningsOf } from "../../expressions/beginnings.js";
import { literalsOf } from "../../expressions/literal.js";
import { programSizeOf } from "../../expressions/program-size.js";
import type { Finder, Finding } from "../engine/finding.js";

export interface OwnPattern {
  /** The detector's name. */
  readonly name: string;
  /** In RE2's syntax. */
  readonly match: string;
}

/** Compiles one; throws a `PatternError` whose message says why it cannot. */
export type PatternFinders = (pattern: OwnPattern) => Finder;

/** The expression is not one, or is too much; the message says why. */
export class PatternError extends Error {}

/** Instructions a compiled expression may have: its time for each character is bounded by them. */
const programLimit = 4000;
const longestMatch = 4096;
/** Where a pattern's beginnings are not understood, so much of the last line is held. */
const longestLine = 1024;

/** Loads the engine, once for all patterns. */
export async function loadPatternFinders(): Promise<PatternFinders> {
  const { RE2JS } = await import("re2js");

  return function createPatternFinder({ name, match }) {
    const expression = compile(match);
    const literals = literalsOf(match);
    const begun = begunOf(match);

    return {
      reach: begun?.reach ?? longestMatch,
      find(text) {
        if (literals !== undefined) {
          // The one letter beside ASCII's whose capital is ASCII's.
          const low = text.toLowerCase().replaceAll("\u017f", "s");
          if (!literals.some((literal) => low.includes(literal))) return [];
        }
        const findings: Finding[] = [];
        const matcher = expression.matcher(text);
        while (matcher.find()) {
          const [start, end] = [matcher.start(), matcher.end()];
          if (end > start) findings.push({ detector: name, start, end });
        }
        return findings;
      },
      pending(text) {
        if (begun === undefined) return lastLine(text);
        const from = Math.max(0, text.length - begun.reach);
        const matcher = begun.expression.matcher(text.slice(from));
        return matcher.find() && matcher.end() > matcher.start()
          ? from + matcher.start()
          : text.length;
      },
    };
  };

  function compile(source: string): InstanceType<typeof RE2JS> {
    // Before the engine has made it, which holds up all others.
    if (programSizeOf(source) > programLimit) {
      throw new PatternError("it is too large: repeat less");
    }
    let expression: InstanceType<typeof RE2JS>;
    try {
      expression = RE2JS.compile(source);
    } catch (error) {
      throw new PatternError(reasonOf(error));
    }
    if (expression.programSize() > programLimit) {
      throw new PatternError("it is too large: repeat less");
    }
    return expression;
  }

  function begunOf(source: string) {
    const flags = /^\(\?[imsU]+\)/.exec(source)?.[0] ?? "";
    const beginnings = beginningsOf(source.slice(flags.length));
    if (beginnings === undefined) return undefined;
    try {
      return {
        expression: compile(`${flags}(?:${beginnings.pattern})\\z`),
        // One more, for what looks at the character before.
        reach: Math.min(longestMatch, beginnings.longest) + 1,
      };
    } catch {
      // What is too large to be tried at every piece is held by the line.
      return undefined;
    }
  }
}

function lastLine(text: string): number {
  return Math.max(text.lastIndexOf("\n") + 1, text.length - longestLine);
}

/** `error parsing regexp: missing closing ): …`, without what is said already. */
function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const line = (message.split("\n", 1)[0] ?? "").replace(/^error parsing regexp: /, "");
  return `it is not a regular expression (RE2): ${line}`;
}
