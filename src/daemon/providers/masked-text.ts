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

/**
 * The findings in a text that comes in pieces; yields after each step, so that others can run.
 * `bytes`: the same where each byte is a character.
 */
export type MaskSteps = (
  pieces: Iterable<string>,
  bytes?: Buffer,
) => Generator<void, readonly Found[]>;

/** A text that comes in pieces, with marks in place of what was found in it. */
export function* markedPieces(
  pieces: Iterable<string>,
  findings: readonly Found[],
): Generator<string> {
  let from = 0;
  let next = 0;
  for (const piece of pieces) {
    const end = from + piece.length;
    let text = "";
    let at = from;
    for (; next < findings.length; next += 1) {
      const found = findings[next] as Found;
      if (found.start >= end) break;
      if (found.start > at) text += piece.slice(at - from, found.start - from);
      if (found.start >= from) text += found.mark;
      at = Math.max(at, Math.min(end, found.end));
      if (found.end > end) break;
    }
    yield at === from ? piece : text + piece.slice(at - from);
    from = end;
  }
}

/** Findings by detector, in the order in which the detectors found something first. */
export interface FindingTally {
  add(findings: readonly Pick<Found, "detector" | "mark">[]): void;
  counts(place: "request" | "reply"): readonly FindingCount[];
  /** What stands in their places now, each once. */
  readonly marks: ReadonlySet<string>;
}

const noMarks: ReadonlySet<string> = new Set();

/** Creates an empty count. Most find nothing: the rest is made at the first finding. */
export function createFindingTally(): FindingTally {
  let byDetector: Map<string, number> | undefined;
  let marks: Set<string> | undefined;
  return {
    get marks() {
      return marks ?? noMarks;
    },
    add(findings) {
      for (const { detector, mark } of findings) {
        marks ??= new Set();
        marks.add(mark);
        byDetector ??= new Map();
        byDetector.set(detector, (byDetector.get(detector) ?? 0) + 1);
      }
    },
    counts: (place) =>
      byDetector === undefined
        ? []
        : [...byDetector].map(([detector, count]) => ({ detector, count, place })),
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
  return { text: [...markedPieces([value], findings)].join(""), findings };
}
