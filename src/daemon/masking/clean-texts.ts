/**
 * Clean texts: short texts that were looked at and hold nothing. An API says
 * its own names and its models' in every message: they are looked at twice. A
 * text is remembered the second time only. A large body may have a million
 * names that never come again, and to remember each would fill the heap.
 */
import { hashOf } from "../model/text-hash.js";

export interface CleanTexts {
  has(text: string): boolean;
  add(text: string): void;
}

/** Longer ones do not come again as they are. */
const longest = 64;
/** When there are more, all are forgotten. */
const most = 4096;

/** Creates an empty memory of them. */
export function createCleanTexts(): CleanTexts {
  const texts = new Set<string>();
  /** Hashes of texts that came once, each in the slot of its lower bits; a later one takes the slot. */
  const once = new Uint32Array(most);
  return {
    has: (text) => text.length <= longest && texts.has(text),
    add(text) {
      if (text.length > longest) return;
      const hash = hashOf(text);
      if (once[hash % most] !== hash) {
        once[hash % most] = hash;
        return;
      }
      if (texts.size >= most) texts.clear();
      // A piece of a long text would keep all of it.
      texts.add(Buffer.from(text).toString());
    },
  };
}
