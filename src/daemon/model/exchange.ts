/**
 * Exchange: one request and its reply, and the id that names it everywhere.
 *
 * The id is a number, 41 bits of milliseconds and 22 bits of a counter that
 * starts at random, so that ids sort by time and the store needs no second
 * index to find one; people see it as `exc_` and 13 letters.
 */
import { randomInt } from "node:crypto";

/** `exc_` and 13 letters of Crockford's base 32, lower case. */
export type ExchangeId = string;

const alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
const counterBits = 22n;
const counterLimit = 1n << counterBits;

/** Makes exchange keys: unique, and each greater than the one before. */
export function createExchangeKeys(now: () => number): () => bigint {
  let last = 0n;
  return function nextKey() {
    const base = BigInt(now()) << counterBits;
    // Half of the counter is left for this millisecond's later exchanges.
    const fresh = base + BigInt(randomInt(Number(counterLimit / 2n)));
    last = fresh > last ? fresh : last + 1n;
    return last;
  };
}

/** The id that people and scripts see. */
export function exchangeIdOf(key: bigint): ExchangeId {
  // Two numbers of 35 and 30 bits: plain arithmetic is far cheaper than BigInt's.
  let high = Number(key >> 30n);
  let low = Number(key & 0x3fffffffn);
  let text = "";
  for (let place = 0; place < 6; place += 1) {
    text = alphabet[low % 32] + text;
    low = Math.floor(low / 32);
  }
  for (let place = 0; place < 7; place += 1) {
    text = alphabet[high % 32] + text;
    high = Math.floor(high / 32);
  }
  return `exc_${text}`;
}

/** The key of an id; undefined for a text that is none. */
export function exchangeKeyOf(id: ExchangeId): bigint | undefined {
  if (!/^exc_[0-9a-hjkmnp-tv-z]{13}$/.test(id)) return undefined;
  let key = 0n;
  for (const letter of id.slice(4)) key = key * 32n + BigInt(alphabet.indexOf(letter));
  return key < 1n << 63n ? key : undefined;
}
