/**
 * Unordered list: items that come and go all the time, in no order. A Set would do,
 * were it not for V8's collector: each time a Set is rebuilt it leaves
 * the old table behind with a pointer to the new one, and once one of them has
 * grown old, all that ever was in those after it stays until the next full
 * collection, whole exchanges with their bodies (docs/decisions/0003-http-library.md).
 */
export interface UnorderedList<Item> {
  /** Adds an item; returns what takes it out, to be called once. */
  enter(item: Item): () => void;
  size(): number;
  /** The items of now: one that enters or leaves meanwhile changes nothing. */
  all(): readonly Item[];
}

interface Slot<Item> {
  readonly item: Item;
  at: number;
}

/** Creates an empty one. */
export function createUnorderedList<Item>(): UnorderedList<Item> {
  const slots: Slot<Item>[] = [];
  return {
    enter(item) {
      const slot = { item, at: slots.length };
      slots.push(slot);
      return () => {
        // The last one takes the free slot.
        const last = slots.pop();
        if (last === undefined || last === slot) return;
        last.at = slot.at;
        slots[slot.at] = last;
      };
    },
    size: () => slots.length,
    all: () => slots.map(({ item }) => item),
  };
}
