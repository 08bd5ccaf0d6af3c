/**
 * Marks: what stands where a secret stood. In one session the same secret has
 * the same mark, `[masked:github-token]#1`, and each has a number of its own.
 * They are in memory only, and gone with the session.
 */
export interface Marks {
  /** The mark of a secret; `identity` is what it is recognised by, where that is less than all. */
  markOf(detector: string, secret: string, identity?: string): string;
  /** What a mark stands for; absent where only its beginning was seen. */
  secretOf(mark: string): string | undefined;
}

/** Creates the marks of one session. */
export function createMarks(): Marks {
  const marks = new Map<string, string>();
  const secrets = new Map<string, string>();
  return {
    markOf(detector, secret, identity = secret) {
      const known = marks.get(identity);
      const mark = known ?? `[masked:${detector}]#${marks.size + 1}`;
      if (known === undefined) marks.set(identity, mark);
      if (secret !== "" && !secrets.has(mark)) secrets.set(mark, secret);
      return mark;
    },
    secretOf: (mark) => secrets.get(mark),
  };
}
