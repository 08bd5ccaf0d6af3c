/**
 * Reply beginning: does a request ask for a reply from its middle? It may then
 * begin in the middle of a secret, where no detector knows it (SECURITY M6).
 */
import { Refusal } from "../model/refusal.js";

/** A stored stream is asked for from an event on: `starting_after`, however it is written. */
export function asksForMiddle(query: string): boolean {
  if (!/after/i.test(query)) return false;
  const names = [...new URLSearchParams(query).keys()];
  return names.some((name) => /^starting_?after\b/i.test(name));
}

/** The refusal of it. */
export const fromTheMiddle = () =>
  new Refusal("reply_from_the_middle", "starting_after asks for a reply from its middle");
