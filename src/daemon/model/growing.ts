/**
 * Growing: bytes that come in chunks, as one buffer in the end. A large one is
 * filled as it comes: joining many MB at once would hold up others, and need
 * them twice.
 */
export interface Growing {
  add(chunk: Uint8Array): void;
  /** All of it. */
  whole(): Buffer;
  /** Forgets it. */
  clear(): void;
  readonly size: number;
}

/** Up to here chunks are kept and joined in the end, bytes. */
const joinedAtEnd = 1 << 18;

/** Begins one of `most` bytes at most. Memory that is not filled yet is only an address: it costs nothing. */
export function createGrowing(most: number): Growing {
  let chunks: Uint8Array[] = [];
  let filled: Buffer | undefined;
  let size = 0;

  return {
    add(chunk) {
      if (filled === undefined && size + chunk.length <= joinedAtEnd) chunks.push(chunk);
      else {
        if (filled === undefined) begin();
        (filled as Buffer).set(chunk, size);
      }
      size += chunk.length;
    },
    whole() {
      if (filled !== undefined) return filled.subarray(0, size);
      const [first] = chunks;
      return chunks.length === 1 && first instanceof Buffer ? first : Buffer.concat(chunks, size);
    },
    clear() {
      chunks = [];
      filled = undefined;
    },
    get size() {
      return size;
    },
  };

  function begin(): void {
    filled = Buffer.allocUnsafeSlow(most);
    let at = 0;
    for (const chunk of chunks) {
      filled.set(chunk, at);
      at += chunk.length;
    }
    chunks = [];
  }
}
