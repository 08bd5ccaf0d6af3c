/**
 * Glob sets: what two globs have to do with each other, for lints. A text that
 * both match exists or it does not; one matches all that the other does.
 */
import { globOf } from "./glob.js";

/** Is there a text that both match? */
export function globsMeet(one: string, other: string): boolean {
  // Which ends of `other` are reachable once so much of `one` is used up.
  let reachable = closed(other, [true, ...Array<boolean>(other.length).fill(false)]);
  for (const wanted of one) {
    const next = Array<boolean>(other.length + 1).fill(false);
    for (let at = 0; at <= other.length; at += 1) {
      if (!reachable[at]) continue;
      if (wanted === "*") {
        // Any run: from here to wherever `other` goes.
        next.fill(true, at);
        break;
      }
      if (other[at] === "*") next[at] = true;
      else if (at < other.length && (wanted === "?" || other[at] === "?" || other[at] === wanted)) {
        next[at + 1] = true;
      }
    }
    reachable = closed(other, next);
  }
  return reachable[other.length] === true;
}

/** A star may stand for nothing. */
function closed(glob: string, reachable: boolean[]): boolean[] {
  for (let at = 0; at < glob.length; at += 1) {
    if (reachable[at] && glob[at] === "*") reachable[at + 1] = true;
  }
  return reachable;
}

/** Characters that no name has: only a wildcard matches them. */
const one = "\u0001";
const many = "\u0002";

/**
 * Does the first match all that the second does? May say no where it does, so
 * that a lint that asks says nothing; never yes where it does not.
 */
export function globCovers(general: string, special: string): boolean {
  if (general === special) return true;
  const glob = globOf(general);
  // What stands for a star is longer than any run of `?` in the other.
  return ["", many.repeat(general.length + 1)].every((run) =>
    glob.matches(special.replaceAll("?", one).replaceAll("*", run)),
  );
}
