/**
 * Byte search: whether one of a few texts stands in bytes. It looks at two
 * bytes in a row at every so many places: wherever a text that is longer than
 * that begins, two of its bytes are at one of them. A download is mostly bytes
 * that are never looked at.
 */

/** Places between two looks, at most: more of them would make more pairs to be looked for. */
const mostStride = 16;

/** Creates the search for these texts, each byte a character; two characters or more each. */
export function createByteSearch(texts: readonly string[]): (bytes: Uint8Array) => boolean {
  const needles = texts.map((text) => Buffer.from(text, "latin1"));
  const stride = Math.min(mostStride, ...needles.map(({ length }) => length - 1));
  if (stride < 1) throw new Error("a text of one character cannot be looked for by two");
  const pairs = new Uint8Array(1 << 16);
  const byPair = new Map<number, { readonly needle: Buffer; readonly offset: number }[]>();
  for (const needle of needles) {
    for (let offset = 0; offset < stride; offset += 1) {
      const pair = ((needle[offset] as number) << 8) | (needle[offset + 1] as number);
      pairs[pair] = 1;
      byPair.set(pair, [...(byPair.get(pair) ?? []), { needle, offset }]);
    }
  }

  return (bytes) => {
    const last = bytes.length - 1;
    for (let at = 0; at < last; at += stride) {
      const pair = ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
      if (pairs[pair] === 0) continue;
      for (const { needle, offset } of byPair.get(pair) ?? []) {
        if (stands(needle, bytes, at - offset)) return true;
      }
    }
    return false;
  };
}

function stands(needle: Buffer, bytes: Uint8Array, start: number): boolean {
  if (start < 0) return false;
  for (let at = 0; at < needle.length; at += 1) {
    // Behind the end there is no byte, and none that could be equal.
    if (bytes[start + at] !== needle[at]) return false;
  }
  return true;
}
