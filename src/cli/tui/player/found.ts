/**
 * Found: where a session has a text, whatever its case: said of the text, not
 * of the lines it is wrapped to, so that a resize moves nothing.
 */
import type { Script } from "./script.js";

export interface Match {
  readonly block: number;
  readonly from: number;
  readonly to: number;
  /** Counted from 0. */
  readonly number: number;
}

export interface Found {
  readonly wanted: string;
  readonly matches: readonly Match[];
  readonly byBlock: ReadonlyMap<number, readonly Match[]>;
}

export const nothingFound: Found = { wanted: "", matches: [], byBlock: new Map() };

/** Every place where the script has the text. */
export function findAll({ blocks }: Script, wanted: string): Found {
  if (wanted === "") return nothingFound;
  const searched = lower(wanted);
  const matches: Match[] = [];
  const byBlock = new Map<number, readonly Match[]>();
  for (const [block, { title, text }] of blocks.entries()) {
    const whole = lower(text);
    const here: Match[] = [];
    // A tool's name stands in its box's border: the block itself is the place.
    if (lower(title).includes(searched)) {
      here.push({ block, from: 0, to: 0, number: matches.length });
    }
    let from = whole.indexOf(searched);
    while (from !== -1) {
      const to = from + searched.length;
      here.push({ block, from, to, number: matches.length + here.length });
      from = whole.indexOf(searched, to);
    }
    if (here.length === 0) continue;
    matches.push(...here);
    byBlock.set(block, here);
  }
  return { wanted, matches, byBlock };
}

/** In lower case, every character where it was. */
function lower(text: string): string {
  const simple = text.toLowerCase();
  if (simple.length === text.length) return simple;
  return text.replace(/./gsu, (character) => {
    const small = character.toLowerCase();
    return small.length === character.length ? small : character;
  });
}
