/**
 * Name set: the names of one JSON object, to find one that stands twice. Few
 * are compared one by one; of many only hashes and places are kept, so that an
 * object of a million names costs 11 to 16 bytes for each, whatever their
 * length. Very many are spread over small tables: to make one large table
 * larger would hold up others, and need it twice.
 */
import { hashOf } from "../../model/text-hash.js";

export interface NameSet {
  /** Adds the name that stands at this place; false where it is there already. */
  add(name: string, at: number): boolean;
  clear(): void;
}

const few = 16;
/** Names of one table, before they are spread over many. */
const mostInTable = 1 << 12;
const tables = 1 << 8;

/** Creates an empty set; `nameAt` reads the name at a place again. */
export function createNameSet(nameAt: (at: number) => string): NameSet {
  let names: string[] = [];
  let places: number[] = [];
  let table: Table | undefined;
  let spread: Table[] | undefined;

  return {
    add(name, at) {
      if (table === undefined) {
        if (names.includes(name)) return false;
        names.push(name);
        places.push(at);
        if (names.length === few) begin();
        return true;
      }
      const hash = hashOf(name);
      const own = spread?.[hash % tables] ?? table;
      if (own.has(name, hash)) return false;
      own.add(hash, at);
      if (spread === undefined && table.size > mostInTable) spreadOut(table);
      return true;
    },
    clear() {
      names = [];
      places = [];
      table = undefined;
      spread = undefined;
    },
  };

  function begin(): void {
    table = createTable(nameAt);
    for (const [index, each] of names.entries()) table.add(hashOf(each), places[index] as number);
    names = [];
    places = [];
  }

  function spreadOut(from: Table): void {
    const made = Array.from({ length: tables }, () => createTable(nameAt));
    from.each((hash, at) => (made[hash % tables] as Table).add(hash, at));
    spread = made;
  }
}

interface Table {
  has(name: string, hash: number): boolean;
  /** Adds what is not there yet. */
  add(hash: number, at: number): void;
  each(tell: (hash: number, at: number) => void): void;
  readonly size: number;
}

/** Open addressing, three quarters full at most; a slot's place is one more than it is, and zero where it is free. */
function createTable(nameAt: (at: number) => string): Table {
  let hashes = new Uint32Array(2 * few);
  let places = new Uint32Array(2 * few);
  let size = 0;

  return {
    has(name, hash) {
      for (let slot = firstOf(hash); places[slot] !== 0; slot = after(slot)) {
        if (hashes[slot] === hash && nameAt((places[slot] as number) - 1) === name) return true;
      }
      return false;
    },
    add(hash, at) {
      if ((size + 1) * 4 > places.length * 3) grow();
      put(hash, at + 1);
      size += 1;
    },
    each: (tell) => eachOf(hashes, places, tell),
    get size() {
      return size;
    },
  };

  /** By the hash's upper bits: its lower ones choose the table. */
  function firstOf(hash: number): number {
    return Math.floor((hash / 2 ** 32) * places.length);
  }

  function after(slot: number): number {
    return slot + 1 === places.length ? 0 : slot + 1;
  }

  function put(hash: number, place: number): void {
    let slot = firstOf(hash);
    while (places[slot] !== 0) slot = after(slot);
    hashes[slot] = hash;
    places[slot] = place;
  }

  function grow(): void {
    const [oldHashes, oldPlaces] = [hashes, places];
    const length = places.length + (places.length >> 1);
    hashes = new Uint32Array(length);
    places = new Uint32Array(length);
    eachOf(oldHashes, oldPlaces, (hash, at) => put(hash, at + 1));
  }
}

function eachOf(
  hashes: Uint32Array,
  places: Uint32Array,
  tell: (hash: number, at: number) => void,
) {
  for (let slot = 0; slot < places.length; slot += 1) {
    const place = places[slot] as number;
    if (place !== 0) tell(hashes[slot] as number, place - 1);
  }
}
