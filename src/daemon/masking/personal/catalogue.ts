/**
 * Catalogue: which detectors of personal data there are, and by what names a
 * policy switches them on: each by its own, and groups of them. `personal` is
 * all but dates, web and private addresses, which are asked for by name.
 */
import type { Finder } from "../engine/finding.js";
import { americanShapes } from "./americas.js";
import { asianShapes } from "./asian.js";
import { britishShapes } from "./british.js";
import { addressShapes, contactShapes, dateShapes } from "./contact.js";
import { europeanShapes } from "./european.js";
import { germanShapes } from "./german.js";
import { indianShapes } from "./indian.js";
import { networkShapes } from "./network.js";
import { paymentShapes } from "./payment.js";
import type { Shape } from "./shape.js";
import { createShapeFinder } from "./shape-finder.js";
import { southernShapes } from "./southern.js";

export interface PersonalDetector {
  readonly name: string;
  readonly groups: readonly string[];
  /** What it finds, for `--explain`. */
  readonly about: string;
}

const shapes: readonly Shape[] = [
  ...contactShapes,
  ...paymentShapes,
  ...networkShapes,
  ...dateShapes,
  ...addressShapes,
  ...americanShapes,
  ...britishShapes,
  ...germanShapes,
  ...europeanShapes,
  ...indianShapes,
  ...asianShapes,
  ...southernShapes,
];

const ungrouped: readonly string[] = ["date", "url", "private-ip"];
const single: Readonly<Record<string, readonly string[]>> = {
  email: ["personal"],
  card: ["personal"],
  iban: ["personal"],
  phone: ["personal"],
  "tr-phone": ["phone", "personal"],
  "ph-mobile": ["phone", "personal"],
  ip: ["personal"],
  mac: ["personal"],
  "crypto-wallet": ["personal"],
  "date-of-birth": ["personal"],
};

const groupsOf = (name: string): readonly string[] =>
  ungrouped.includes(name) ? [] : (single[name] ?? ["national-id", "personal"]);

/** Every detector of personal data, by name. */
export const personalDetectors: readonly PersonalDetector[] = [
  ...new Map(
    [...shapes]
      .reverse()
      .map(({ detector, about }) => [
        detector,
        { name: detector, groups: groupsOf(detector), about },
      ]),
  ).values(),
].sort((one, other) => (one.name < other.name ? -1 : 1));

/** What a policy may name: detectors and groups. */
export const personalNames: readonly string[] = [
  ...new Set(personalDetectors.flatMap(({ name, groups }) => [name, ...groups])),
].sort();

/** The finder of those named; none where no name is one of ours. */
export function personalFinders(names: readonly string[]): readonly Finder[] {
  const chosen = new Set(
    personalDetectors
      .filter(({ name, groups }) => [name, ...groups].some((one) => names.includes(one)))
      .map(({ name }) => name),
  );
  const some = shapes.filter(({ detector }) => chosen.has(detector));
  return some.length === 0 ? [] : [createShapeFinder(some)];
}
