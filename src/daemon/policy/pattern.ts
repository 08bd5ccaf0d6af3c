/**
 * Pattern: what `contains` and `matches` look for. Regular expressions run on
 * a linear-time engine, behind a look for a literal that every match has; the
 * engine is loaded with the first policy that has one.
 */
import { literalsOf } from "../expressions/literal.js";
import { programSizeOf } from "../expressions/program-size.js";
import type { TextPattern } from "./prompt-text.js";
import { plainText } from "./prompt-text.js";

/** Instructions a compiled expression may have: its time for each character is bounded by them. */
const programLimit = 4000;

/** The same of all expressions of one file: compiling them holds up all others, and an agent can write a project's. */
const fileLimit = 200_000;

/** The expression is not one; the message says why. */
export class PatternError extends Error {}

/** A text to be found in any case. */
export function containsPattern(source: string): TextPattern {
  const wanted = plainText(source).toLowerCase();
  return {
    source,
    kind: "contains",
    anchored: false,
    find: (_text, lowered) => lowered().includes(wanted),
  };
}

/** Compiles regular expressions, of one file. */
export type PatternCompiler = (source: string) => TextPattern;

/** Loads the engine. */
export async function loadPatternCompiler(): Promise<PatternCompiler> {
  const { RE2JS } = await import("re2js");
  let instructions = 0;

  return function compile(source) {
    if (instructions > fileLimit) {
      throw new PatternError("the file's expressions are too large together: repeat less");
    }
    // Before the engine has made it, which holds up all others.
    const size = programSizeOf(source);
    if (size > programLimit) throw new PatternError("it is too large: repeat less");
    instructions += size;
    let expression: InstanceType<typeof RE2JS>;
    try {
      expression = RE2JS.compile(source);
    } catch (error) {
      throw new PatternError(reasonOf(error));
    }
    if (expression.programSize() > programLimit) {
      throw new PatternError("it is too large: repeat less");
    }
    const literals = literalsOf(source);
    return {
      source,
      kind: "matches",
      anchored: /(^|[^\\[])[\^$]|\\[Az]/.test(source),
      find(text, lowered) {
        if (literals !== undefined) {
          const low = lowered();
          if (!literals.some((literal) => low.includes(literal))) return false;
        }
        return expression.test(text);
      },
    };
  };
}

/** `error parsing regexp: missing closing ): …`, without what the file says already. */
function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const line = (message.split("\n", 1)[0] ?? "").replace(/^error parsing regexp: /, "");
  return `it is not a regular expression (RE2): ${line}`;
}
