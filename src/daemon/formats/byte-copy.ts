/**
 * Byte copy: a body with some stretches written otherwise. As long as
 * none is, it is the body itself; else a buffer of its own is filled step by
 * step, since taking so much memory at once holds up others.
 */
export interface ByteCopy {
  /** The next stretch stays as it is. */
  keep(start: number, end: number): void;
  /** In place of the next stretch. */
  write(bytes: Buffer): void;
  readonly changed: boolean;
  /** All that was kept and written; the body itself where nothing was. */
  whole(): Generator<void, Buffer>;
}

const stride = 1 << 18;

/** Begins a copy of these bytes. */
export function createByteCopy(body: Buffer): ByteCopy {
  const pieces: Buffer[] = [];
  let changed = false;
  let last: { readonly start: number; end: number } | undefined;

  function settle(): void {
    if (last !== undefined) pieces.push(body.subarray(last.start, last.end));
    last = undefined;
  }

  return {
    get changed() {
      return changed;
    },
    keep(start, end) {
      if (last?.end === start) last.end = end;
      else {
        settle();
        last = { start, end };
      }
    },
    write(bytes) {
      settle();
      changed = true;
      pieces.push(bytes);
    },
    *whole() {
      settle();
      if (!changed) return body;
      return yield* joined(pieces);
    },
  };
}

/** The pieces in one buffer, filled step by step. */
function* joined(pieces: readonly Buffer[]): Generator<void, Buffer> {
  const size = pieces.reduce((sum, { length }) => sum + length, 0);
  const whole = Buffer.allocUnsafeSlow(size);
  let at = 0;
  let rested = 0;
  for (const piece of pieces) {
    for (let from = 0; from < piece.length; from += stride) {
      at += piece.copy(whole, at, from, from + stride);
      if (at - rested < stride) continue;
      rested = at;
      yield;
    }
  }
  return whole;
}
