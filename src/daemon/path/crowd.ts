/**
 * Crowd: things that come and go all the time, in no order. A Set would do,
 * were it not for V8's collector: each time a Set is rebuilt it leaves
 * the old table behind with a pointer to the new one, and once one of them has
 * grown old, all that ever was in those after it stays until the next full
 * collection, whole exchanges with their bodies (docs/decisions/0003-http-library.md).
 */
export interface Crowd<Item> {
  /** Lets it in; returns its way out, to be called once. */
  enter(item: Item): () => void;
  size(): number;
  /** Those who are in now: who enters or leaves meanwhile changes nothing. */
  all(): readonly Item[];
}

interface Seat<Item> {
  readonly item: Item;
  at: number;
}

/** Creates an empty one. */
export function createCrowd<Item>(): Crowd<Item> {
  const seats: Seat<Item>[] = [];
  return {
    enter(item) {
      const seat = { item, at: seats.length };
      seats.push(seat);
      return () => {
        // The last one takes the free seat.
        const last = seats.pop();
        if (last === undefined || last === seat) return;
        last.at = seat.at;
        seats[seat.at] = last;
      };
    },
    size: () => seats.length,
    all: () => seats.map(({ item }) => item),
  };
}
