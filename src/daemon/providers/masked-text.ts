/**
 * Masked text: what a body is masked by, handed in, since adapters know no
 * detectors; and the count of what was found in it.
 */
import type { FindingCount } from "../model/masking-terms.js";

interface Found {
  readonly detector: string;
  readonly start: number;
  readonly end: number;
  /** What stands there now. */
  readonly mark: string;
}

/** Masks a whole text; the very same string where nothing was found. */
export type MaskText = (text: string) => {
  readonly text: string;
  readonly findings: readonly Found[];
};

/** The same, yielding now and then where the text is long. */
export type MaskSteps = (text: string) => Generator<void, ReturnType<MaskText>>;

/** Masks a text, in steps where there is a way to. */
export function* maskedInSteps(
  text: string,
  mask: MaskText,
  steps: MaskSteps | undefined,
): Generator<void, ReturnType<MaskText>> {
  return steps === undefined ? mask(text) : yield* steps(text);
}

/** Findings by detector, in the order in which the detectors found something first. */
export interface FindingTally {
  add(findings: readonly Pick<Found, "detector" | "mark">[]): void;
  counts(place: "request" | "reply"): readonly FindingCount[];
  /** What stands in their places now, each once. */
  readonly marks: ReadonlySet<string>;
}

/** Creates an empty count. */
export function createFindingTally(): FindingTally {
  const byDetector = new Map<string, number>();
  const marks = new Set<string>();
  return {
    marks,
    add(findings) {
      for (const { detector, mark } of findings) {
        marks.add(mark);
        byDetector.set(detector, (byDetector.get(detector) ?? 0) + 1);
      }
    },
    counts: (place) => [...byDetector].map(([detector, count]) => ({ detector, count, place })),
  };
}

/** A name that makes a secret of whatever is its value. */
const telling = /pass|pwd|secret|token|key|auth|credential|cookie|private/i;
/** Longer values speak for themselves. */
const longestBeside = 512;

/** Masks a value; its name stands before it, where that says what it is. */
export function maskBeside(name: string, value: string, mask: MaskText): ReturnType<MaskText> {
  if (value.length > longestBeside || !telling.test(name)) return mask(value);
  const before = `"${name}": "`;
  const findings = mask(`${before}${value}"`).findings.flatMap((found) => {
    const start = Math.max(0, found.start - before.length);
    const end = Math.min(value.length, found.end - before.length);
    return end > start ? [{ ...found, start, end }] : [];
  });
  let text = "";
  let at = 0;
  for (const { start, end, mark } of findings) {
    text += value.slice(at, start) + mark;
    at = end;
  }
  return { text: at === 0 ? value : text + value.slice(at), findings };
}
