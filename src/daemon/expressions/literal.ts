/**
 * Literal: texts; one of them must stand in whatever a regular expression
 * matches. A look for these (`indexOf`) spares nearly every prompt the
 * expression itself. Where the pattern is not plainly understood there is none,
 * and the expression is always asked: a wrong literal would be a hole.
 *
 * ASCII only, lower case, and held against a lower-cased text: after NFKC no
 * other letter folds to one of ASCII, so that holds with `(?i)` and without.
 */

const shortest = 3;

/** One of these, lower case, is in every match; undefined: nothing is known. */
export function literalsOf(pattern: string): readonly string[] | undefined {
  const body = pattern.replace(/^\(\?[ims]+\)/, "");
  // Flags, classes of their own and lookarounds inside are not worth understanding.
  if (body.includes("(?") && !/^(?:[^(]|\((?!\?)|\(\?:)*$/.test(body)) return undefined;
  if (/\\[QEpPxCU]|\\\d/.test(body)) return undefined;
  const literals: string[] = [];
  for (const branch of branchesOf(body)) {
    const longest = longestRun(branch);
    if (longest.length < shortest) return undefined;
    literals.push(longest);
  }
  return literals;
}

/** Splits at the alternations that stand outside of groups and classes. */
function branchesOf(pattern: string): readonly string[] {
  const branches: string[] = [];
  let from = 0;
  for (const { at, char, depth } of plainCharacters(pattern)) {
    if (char !== "|" || depth > 0) continue;
    branches.push(pattern.slice(from, at));
    from = at + 1;
  }
  return [...branches, pattern.slice(from)];
}

/** The longest run of literal characters outside of groups; each must occur, side by side. */
function longestRun(branch: string): string {
  let longest = "";
  let run = "";
  const end = () => {
    if (run.length > longest.length) longest = run;
    run = "";
  };
  let next = 0;
  for (const { at, char, depth, escaped, after } of plainCharacters(branch)) {
    if (at > next) end();
    next = after;
    const literal = depth === 0 && isLiteral(char, escaped);
    if (!literal) {
      end();
      continue;
    }
    const quantifier = branch[after];
    if (quantifier === "?" || quantifier === "*" || quantifier === "{") {
      end();
      continue;
    }
    run += char.toLowerCase();
    if (quantifier === "+") end();
  }
  end();
  return longest;
}

function isLiteral(char: string, escaped: boolean): boolean {
  if (char < " " || char > "~") return false;
  // `\d`, `\b`, `\n` mean something; `\.` is a dot.
  return escaped ? /[^a-zA-Z0-9]/.test(char) : !/[.^$*+?()[\]{}|\\]/.test(char);
}

interface PlainCharacter {
  readonly at: number;
  /** The character, without its backslash; `[` for a whole class. */
  readonly char: string;
  readonly escaped: boolean;
  /** Groups around it; a group's own brackets count as inside. */
  readonly depth: number;
  /** Where the next begins. */
  readonly after: number;
}

function* plainCharacters(pattern: string): Generator<PlainCharacter> {
  let depth = 0;
  for (let at = 0; at < pattern.length; ) {
    const char = pattern[at] as string;
    if (char === "\\") {
      yield { at, char: pattern[at + 1] ?? "\\", escaped: true, depth, after: at + 2 };
      at += 2;
      continue;
    }
    let after = at + 1;
    if (char === "[") after = endOfClass(pattern, at);
    // A brace that repeats nothing is a brace.
    if (char === "{") after = at + (/^\{\d+(?:,\d*)?\}/.exec(pattern.slice(at))?.[0].length ?? 1);
    if (char === "(") depth += 1;
    yield { at, char, escaped: false, depth, after };
    if (char === ")") depth -= 1;
    at = after;
  }
}

function endOfClass(pattern: string, start: number): number {
  let at = start + 1;
  if (pattern[at] === "^") at += 1;
  if (pattern[at] === "]") at += 1;
  while (at < pattern.length && pattern[at] !== "]") {
    if (pattern[at] === "\\") at += 2;
    else if (pattern.startsWith("[:", at)) at = pattern.indexOf(":]", at) + 2 || pattern.length;
    else at += 1;
  }
  return at + 1;
}
