/**
 * Kept bodies: what waits for a review, byte for byte, in memory alone. The
 * record has it masked, and a client's retry may have cut its own in other
 * places; so where the approved bytes have something to mask, they are here or
 * nowhere. Bounded: the oldest make room.
 */
export interface KeptBody {
  readonly body: Buffer;
  readonly contentType: string;
}

export interface KeptBodies {
  keep(exchange: bigint, kept: KeptBody): void;
  find(exchange: bigint): KeptBody | undefined;
  drop(exchange: bigint): void;
}

/** Keeps bodies of so many bytes together, at most; one that is larger is not kept. */
export function createKeptBodies(limit: number): KeptBodies {
  const byExchange = new Map<bigint, KeptBody>();
  let bytes = 0;

  function drop(exchange: bigint): void {
    bytes -= byExchange.get(exchange)?.body.length ?? 0;
    byExchange.delete(exchange);
  }

  return {
    keep(exchange, kept) {
      if (kept.body.length > limit) return;
      drop(exchange);
      byExchange.set(exchange, kept);
      bytes += kept.body.length;
      for (const oldest of byExchange.keys()) {
        if (bytes <= limit) break;
        drop(oldest);
      }
    },
    find: (exchange) => byExchange.get(exchange),
    drop,
  };
}
