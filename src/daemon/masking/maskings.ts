/**
 * Maskings: all detectors, put together as the masking of every session. The
 * policy, the path and the control API use the one that the daemon makes.
 */

import { createLruCache } from "../model/lru-cache.js";
import type { MaskingTerms } from "../model/masking-terms.js";
import { inTurns } from "../model/turns.js";
import { createMasking } from "./create-masking.js";
import type { Finder } from "./engine/finding.js";
import { createPrivateKeyFinder } from "./engine/private-key.js";
import { createRuleFinder } from "./engine/rule-finder.js";
import type { Masking } from "./masking.js";
import { loadPatternFinders, type OwnPattern, type PatternFinders } from "./own/pattern-finder.js";
import { createWordFinder, type WordList } from "./own/word-finder.js";
import { personalDetectors, personalFinders, personalNames } from "./personal/catalogue.js";
import { secretRules } from "./rules/index.js";

export interface Maskings {
  readonly masking: Masking;
  /** Names of detectors and of groups of them, as a policy may use them. */
  readonly detectors: readonly string[];
  /** What a detector looks for, in words; undefined for the user's own. */
  readonly about: (detector: string) => string | undefined;
  /**
   * Compiles the user's own patterns and words, a little in each turn of the event loop; to be
   * awaited before terms with some are used.
   */
  readonly prepare: (terms: {
    readonly patterns?: MaskingTerms["patterns"] | undefined;
    readonly words?: MaskingTerms["words"] | undefined;
  }) => Promise<void>;
  /**
   * Compiles what is looked for where no policy says otherwise, before the first request wants it:
   * a little in each turn of the event loop.
   */
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

/** Finders of the user's own that are remembered: of one file's patterns and lists, for each of several files. */
const mostOwnFinders = 2000;

/** Creates the masking of this daemon. */
export function createMaskings(): Maskings {
  let patternFinders: PatternFinders | undefined;
  const own = createLruCache<string, Finder>(mostOwnFinders);
  const ruleFinder = createRuleFinder(secretRules);
  const allSecrets: readonly Finder[] = [ruleFinder, createPrivateKeyFinder()];

  function secretFinders(names: readonly string[]): readonly Finder[] {
    if (names.includes("secrets")) {
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
      ...patterns.map(patternFinder),
      ...words.map(wordFinder),
    ],
  });

  function patternFinder(pattern: OwnPattern): Finder {
    const make = patternFinders;
    if (make === undefined) throw new Error("expressions are not loaded yet");
    return own.get(JSON.stringify(pattern), () => make(pattern));
  }

  function wordFinder(list: WordList): Finder {
    return own.get(JSON.stringify(list), () => createWordFinder(list));
  }

  function* prepareSteps(patterns: readonly OwnPattern[], words: readonly WordList[]) {
    for (const pattern of patterns) {
      patternFinder(pattern);
      yield;
    }
    for (const list of words) {
      wordFinder(list);
      yield;
    }
  }

  return {
    masking,
    detectors: detectorNames,
    about: (detector) => abouts.get(detector),
    async prepare({ patterns = [], words = [] }) {
      if (patterns.length > 0) patternFinders ??= await loadPatternFinders();
      await inTurns(prepareSteps(patterns, words));
    },
    warm() {
      const step = () => {
        if (ruleFinder.prepare()) setImmediate(step);
      };
      step();
    },
  };
}
