/**
 * Item ends: where the items of a JSON body's growing list end. An agent sends
 * its whole conversation with each turn, so the list of messages is the one
 * before with some more. Behind each item that is an object stands how far the
 * reading had come: a body that begins with the same bytes is read from there.
 */

/** The end of an item, and what was read up to it. */
export interface ItemEnd {
  /** Bytes of the body up to here. */
  readonly at: number;
  /** JSON values up to here, as limits count them. */
  readonly values: number;
  /** Items that the list as it is kept has up to here. */
  readonly items: number;
  /** Of an outline: kept values and noted texts up to here. */
  readonly kept: number;
  readonly noted: number;
}

/** A list that is a member of the whole, with the ends of its items that are objects. */
export interface GrowingList {
  readonly name: string;
  readonly ends: readonly ItemEnd[];
}

/** How many of the ends stand within the first bytes of the body. */
export function endsWithin(ends: readonly ItemEnd[], bytes: number): number {
  let from = 0;
  let to = ends.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((ends[middle] as ItemEnd).at <= bytes) from = middle + 1;
    else to = middle;
  }
  return from;
}
