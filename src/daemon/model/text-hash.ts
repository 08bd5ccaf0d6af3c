/**
 * Text hash: a number for a text. Its seed is drawn once in each process: a
 * client that does not know it cannot choose texts whose numbers collide.
 */
import { randomInt } from "node:crypto";

const seed = randomInt(2 ** 32);

/** MurmurHash3's mixing, a character at a time: 32 bits. */
export function hashOf(text: string): number {
  let hash = seed;
  for (let at = 0; at < text.length; at += 1) {
    let block = Math.imul(text.charCodeAt(at), 0xcc9e2d51);
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
