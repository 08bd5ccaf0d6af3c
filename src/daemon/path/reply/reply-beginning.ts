/**
 * Reply beginning: does a request ask for a reply from its middle? It may then
 * begin in the middle of a secret, where no detector knows it (SECURITY M6).
 */
import { Refusal } from "../../model/refusal.js";

/** A stored stream is asked for from an event on: `starting_after`, however it is written. */
export function asksForMiddle(query: string): boolean {
  if (query === "") return false;
  const names = [...new URLSearchParams(query).keys()];
  return names.some((name) => /^starting_?after\b/i.test(name));
}

/** A reply to such a request is held up to so many bytes, until it is known to be whole. */
export const mostHeldFromMiddle = 1 << 20;

/** Is it one JSON value from its first byte to its last? Lines of JSON may be the end of a stream. */
export function isOneJson(body: Uint8Array): boolean {
  try {
    JSON.parse(new TextDecoder().decode(body));
    return true;
  } catch {
    return false;
  }
}

/** The refusal of it. */
export const fromTheMiddle = () =>
  new Refusal("reply_from_the_middle", "starting_after asks for a reply from its middle");
