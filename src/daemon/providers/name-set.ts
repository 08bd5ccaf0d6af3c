/**
 * Name set: the names of one JSON object, to find one that stands twice. Few
 * are compared one by one; of many only hashes and places are kept, so that an
 * object of a million names costs 16 bytes for each, whatever their length.
 */
import { randomInt } from "node:crypto";

export interface NameSet {
  /** Adds the name that stands at this place; false where it is there already. */
  add(name: string, at: number): boolean;
  clear(): void;
}

const few = 16;
/** Whoever does not know it cannot choose names that collide. */
const seed = randomInt(2 ** 32);

/** Creates an empty set; `nameAt` reads the name at a place again. */
export function createNameSet(nameAt: (at: number) => string): NameSet {
  let names: string[] = [];
  let places: number[] = [];
  let table: Table | undefined;

  return {
    add(name, at) {
      if (table !== undefined) return table.add(name, at);
      if (names.includes(name)) return false;
      names.push(name);
      places.push(at);
      if (names.length < few) return true;
      table = createTable(nameAt);
      for (const [index, each] of names.entries()) table.add(each, places[index] as number);
      return true;
    },
    clear() {
      names = [];
      places = [];
      table = undefined;
    },
  };
}

interface Table {
  add(name: string, at: number): boolean;
}

/** Open addressing, half full at most; a slot's place is one more than it is, and zero where it is free. */
function createTable(nameAt: (at: number) => string): Table {
  let size = 64;
  let hashes = new Uint32Array(size);
  let places = new Uint32Array(size);
  let count = 0;

  return {
    add(name, at) {
      const hash = hashOf(name);
      let slot = hash & (size - 1);
      for (; places[slot] !== 0; slot = (slot + 1) & (size - 1)) {
        if (hashes[slot] === hash && nameAt((places[slot] as number) - 1) === name) return false;
      }
      hashes[slot] = hash;
      places[slot] = at + 1;
      count += 1;
      if (count * 2 > size) grow();
      return true;
    },
  };

  function grow(): void {
    const [oldHashes, oldPlaces] = [hashes, places];
    size *= 2;
    hashes = new Uint32Array(size);
    places = new Uint32Array(size);
    for (let old = 0; old < oldPlaces.length; old += 1) {
      const place = oldPlaces[old] as number;
      if (place === 0) continue;
      const hash = oldHashes[old] as number;
      let slot = hash & (size - 1);
      while (places[slot] !== 0) slot = (slot + 1) & (size - 1);
      hashes[slot] = hash;
      places[slot] = place;
    }
  }
}

/** MurmurHash3's mixing, a character at a time. */
function hashOf(name: string): number {
  let hash = seed;
  for (let at = 0; at < name.length; at += 1) {
    let block = Math.imul(name.charCodeAt(at), 0xcc9e2d51);
    block = (block << 15) | (block >>> 17);
    hash ^= Math.imul(block, 0x1b873593);
    hash = (hash << 13) | (hash >>> 19);
    hash = (Math.imul(hash, 5) + 0xe6546b64) | 0;
  }
  hash ^= hash >>> 16;
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  return hash >>> 0;
}
