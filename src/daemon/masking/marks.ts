/**
 * Marks: what stands where a secret stood. In one session the same secret has
 * the same mark, `[masked:github-token]#1`, and each has a number of its own.
 * They are in memory only, and gone with the session.
 */
export interface Marks {
  /**
   * The mark of a secret. `identity` is what it is recognised by, where that is less than all of
   * it; the secret itself is absent where it is not known, or not yet.
   */
  markOf(detector: string, secret: string | undefined, identity?: string): string;
  /** This text is not to be hidden. */
  permit(text: string): void;
  permits(text: string): boolean;
  /** An object for these finders: another one once what they find is not marked the same any more. */
  basis(finders: object): object;
  /** What a mark stands for; absent where only its beginning was seen. */
  secretOf(mark: string): string | undefined;
}

/** Addresses of reviewers and what rules say: few in any session. */
const mostPermitted = 256;

/** Creates the marks of one session. */
export function createMarks(): Marks {
  const marks = new Map<string, string>();
  const secrets = new Map<string, string>();
  const permitted = new Set<string>();
  let bases = new WeakMap<object, object>();
  let count = 0;
  return {
    permit(text) {
      if (permitted.size >= mostPermitted || permitted.has(text)) return;
      permitted.add(text);
      bases = new WeakMap();
    },
    permits: (text) => permitted.has(text),
    basis(finders) {
      const basis = bases.get(finders) ?? {};
      bases.set(finders, basis);
      return basis;
    },
    markOf(detector, secret, identity = secret) {
      // What is not recognised has another mark each time.
      if (identity === undefined) bases = new WeakMap();
      const known = identity === undefined ? undefined : marks.get(identity);
      const mark = known ?? `[masked:${detector}]#${++count}`;
      if (known === undefined && identity !== undefined) marks.set(identity, mark);
      if (secret !== undefined && !secrets.has(mark)) secrets.set(mark, secret);
      return mark;
    },
    secretOf: (mark) => secrets.get(mark),
  };
}
