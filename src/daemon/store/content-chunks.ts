/**
 * Content chunks: bytes cut at places that the bytes themselves choose, so that
 * what two texts have in common is cut alike wherever it stands: a body that
 * grew by a message shares all its chunks but the last few with the one before
 * (content-defined chunking with a gear hash, as FastCDC has it).
 */

/** Bytes of a chunk. A boundary is one place in 2048, from the least on. */
const least = 512;
const most = 8192;
const boundary = 0x7ff << 16;

/** 256 numbers that look random and are the same everywhere (a linear congruential generator). */
const gear: Uint32Array = (() => {
  const table = new Uint32Array(256);
  let state = 0x9e3779b9;
  for (let at = 0; at < table.length; at += 1) {
    for (let round = 0; round < 4; round += 1)
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    table[at] = state;
  }
  return table;
})();

/** The chunks of these bytes, in order; joined they are the bytes. */
export function* chunksOf(bytes: Buffer): Generator<Buffer, void> {
  let from = 0;
  while (from < bytes.length) {
    const end = boundaryAfter(bytes, from);
    yield bytes.subarray(from, end);
    from = end;
  }
}

function boundaryAfter(bytes: Buffer, from: number): number {
  const last = Math.min(bytes.length, from + most);
  let hash = 0;
  // The hash looks back 32 bytes: it begins to count before a boundary may be.
  for (let at = from + least - 32; at < last; at += 1) {
    hash = ((hash << 1) + (gear[bytes[at] as number] as number)) | 0;
    if ((hash & boundary) === 0 && at >= from + least) return at + 1;
  }
  return last;
}
