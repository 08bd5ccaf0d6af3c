/**
 * Glob: `*` stands for any run of characters, slashes included, `?` for one.
 * Matched in time linear in the text for each star, without recursion and
 * without a regular expression.
 */
export interface Glob {
  readonly source: string;
  matches(text: string): boolean;
}

/** Makes a glob; `anyCase` for what has no case of its own: hosts, e-mail addresses. */
export function globOf(source: string, anyCase = false): Glob {
  const pattern = anyCase ? source.toLowerCase() : source;
  const plain = !/[*?]/.test(pattern);
  return {
    source,
    matches(given) {
      const text = anyCase ? given.toLowerCase() : given;
      return plain ? text === pattern : wild(pattern, text);
    },
  };
}

/** Greedy, going back to the last star only: that is enough for globs. */
function wild(pattern: string, text: string): boolean {
  let at = 0;
  let place = 0;
  let star = -1;
  let resume = 0;
  while (place < text.length) {
    const wanted = pattern[at];
    if (wanted === "*") {
      star = at;
      resume = place;
      at += 1;
    } else if (wanted === "?" || wanted === text[place]) {
      at += 1;
      place += 1;
    } else if (star !== -1) {
      at = star + 1;
      resume += 1;
      place = resume;
    } else {
      return false;
    }
  }
  while (pattern[at] === "*") at += 1;
  return at === pattern.length;
}

/** Which of the globs matches which of the texts first; undefined: none. */
export function globHit(globs: readonly Glob[], texts: readonly string[]): string | undefined {
  for (const text of texts) {
    for (const glob of globs) {
      if (glob.matches(text)) return glob.source === text ? text : `${text} is a ${glob.source}`;
    }
  }
  return undefined;
}
