/**
 * Maskings: the detectors that there are, put together as the masking of all
 * sessions. Part of the composition root; `daemon.ts` hands it to policy, path
 * and control API.
 */
import { createMasking } from "./masking/create-masking.js";
import type { Masking } from "./masking/masking.js";

export interface Maskings {
  readonly masking: Masking;
  /** Names of detectors and of groups of them, as a policy may use them. */
  readonly detectors: readonly string[];
  /** What a detector looks for, in words; undefined for the user's own. */
  readonly about: (detector: string) => string | undefined;
}

/** Creates the masking of this daemon. */
export function createMaskings(): Maskings {
  return {
    masking: createMasking({ compile: () => [] }),
    detectors: ["secrets"],
    about: () => undefined,
  };
}
