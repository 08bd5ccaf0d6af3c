/**
 * Maskings: the detectors that there are, put together as the masking of all
 * sessions. Part of the composition root; `daemon.ts` hands it to policy, path
 * and control API.
 */
import { createMasking } from "./masking/create-masking.js";
import type { Finder } from "./masking/finding.js";
import type { Masking } from "./masking/masking.js";
import { loadPatternFinders, type PatternFinders } from "./masking/own/pattern-finder.js";
import { createWordFinder } from "./masking/own/word-finder.js";
import { personalDetectors, personalFinders, personalNames } from "./masking/personal/catalogue.js";
import { createPrivateKeyFinder } from "./masking/private-key.js";
import { createRuleFinder } from "./masking/rule-finder.js";
import { secretRules } from "./masking/rules/index.js";
import { type MaskingTerms, usualMasking } from "./model/masking-terms.js";

export interface Maskings {
  readonly masking: Masking;
  /** Names of detectors and of groups of them, as a policy may use them. */
  readonly detectors: readonly string[];
  /** What a detector looks for, in words; undefined for the user's own. */
  readonly about: (detector: string) => string | undefined;
  /** Loads what the user's own patterns run on; to be awaited before terms with some are used. */
  readonly prepare: (terms: {
    readonly patterns?: MaskingTerms["patterns"] | undefined;
  }) => Promise<void>;
  /** Compiles what is looked for where no policy says otherwise, before the first request wants it. */
  readonly warm: () => void;
}

const privateKey = "private-key";
const abouts = new Map([
  [privateKey, "private key block, from its first line on"],
  ...[...secretRules].reverse().map(({ detector, about }) => [detector, about] as const),
  ...personalDetectors.map(({ name, about }) => [name, about] as const),
]);

/** Names that a policy may use. */
const detectorNames: readonly string[] = [
  ...new Set(["secrets", privateKey, ...abouts.keys(), ...personalNames]),
].sort();

/** Creates the masking of this daemon. */
export function createMaskings(): Maskings {
  let patternFinders: PatternFinders | undefined;
  let allSecrets: readonly Finder[] | undefined;

  function secretFinders(names: readonly string[]): readonly Finder[] {
    if (names.includes("secrets")) {
      allSecrets ??= [createRuleFinder(secretRules), createPrivateKeyFinder()];
      return allSecrets;
    }
    const rules = secretRules.filter(({ detector }) => names.includes(detector));
    return [
      ...(rules.length === 0 ? [] : [createRuleFinder(rules)]),
      ...(names.includes(privateKey) ? [createPrivateKeyFinder()] : []),
    ];
  }

  const masking = createMasking({
    compile: ({ detectors, patterns, words }) => [
      ...secretFinders(detectors),
      ...personalFinders(detectors),
      ...patterns.map((pattern) => {
        if (patternFinders === undefined) throw new Error("expressions are not loaded yet");
        return patternFinders(pattern);
      }),
      ...words.map(createWordFinder),
    ],
  });
  return {
    masking,
    detectors: detectorNames,
    about: (detector) => abouts.get(detector),
    async prepare({ patterns = [] }) {
      if (patterns.length > 0) patternFinders ??= await loadPatternFinders();
    },
    warm() {
      // Rules are compiled with the first text that is read.
      masking.open("", usualMasking).mask("-");
      masking.forget("");
    },
  };
}
