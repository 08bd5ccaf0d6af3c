/**
 * Clean texts: short texts that were looked at and hold nothing. An API says
 * its own names and its models' in every message; they are looked at once.
 */
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
  return {
    has: (text) => text.length <= longest && texts.has(text),
    add(text) {
      if (text.length > longest) return;
      if (texts.size >= most) texts.clear();
      // A piece of a long text would keep all of it.
      texts.add(Buffer.from(text).toString());
    },
  };
}
