/**
 * Shape finder: looks for all chosen shapes in one pass. Expressions run only
 * around what every match has, a digit for the most part, so that prose costs
 * a look for digits and nothing more; each is bounded, so the work is linear.
 */
import { beginningsOf } from "../../expressions/beginnings.js";
import { leastDigits } from "../../expressions/digits.js";
import { begins, isPartOfNumber, notBefore, shorterEnds } from "../engine/edges.js";
import type { Finder, Finding } from "../engine/finding.js";
import type { Shape } from "./shape.js";
import {
  isAlone,
  isNear,
  lineReach,
  surroundingsOf,
  type Verdict,
  wordsPattern,
} from "./surroundings.js";

interface Compiled {
  readonly shape: Shape;
  readonly expression: RegExp;
  /** The same where a text begins, to its end. */
  readonly here: RegExp;
  readonly words: RegExp | undefined;
  readonly unless: RegExp | undefined;
  readonly digits: number;
}

/** Characters around a mark in which a match may begin and end. */
const around = {
  digit: [40, 48],
  "@": [72, 260],
  ".": [72, 260],
  ":": [48, 260],
  "-": [8, 48],
} as const;
type Mark = keyof typeof around;

/** The longest end of a text that may be a beginning. */
const longestBeginning = 330;

/** Creates a finder of these shapes. */
export function createShapeFinder(shapes: readonly Shape[]): Finder {
  const compiled = shapes.map(compile);
  const marks = [...new Set(shapes.map(({ mark }): Mark => mark ?? "digit"))];
  const groups = marks.map((mark) => ({
    mark,
    members: compiled.filter(({ shape }) => (shape.mark ?? "digit") === mark),
  }));
  const tails = shapes.map(tailOf);

  return {
    reach: longestBeginning + lineReach,
    find(text) {
      const findings: Finding[] = [];
      look(text, true, (finding, verdict) => verdict === "yes" && findings.push(finding));
      return findings.sort((one, other) => one.start - other.start || other.end - one.end);
    },
    pending(text) {
      let first = text.length;
      const from = Math.max(0, text.length - longestBeginning);
      const tail = text.slice(from);
      for (const expression of tails) {
        const found = expression.exec(tail);
        if (found !== null) first = Math.min(first, from + found.index);
      }
      // A value whose line or whose next words decide, and they are not there yet.
      const near = Math.max(0, text.length - longestBeginning - lineReach);
      look(text.slice(near), false, (finding, verdict) => {
        if (verdict === "open") first = Math.min(first, near + finding.start);
      });
      return first;
    },
  };

  function look(text: string, whole: boolean, tell: (found: Finding, verdict: string) => void) {
    for (const { mark, members } of groups) {
      for (const [from, to, signs] of regions(text, mark)) {
        const region = text.slice(from, to);
        for (const one of members) {
          if (mark === "digit" && one.digits > signs) continue;
          one.expression.lastIndex = 0;
          for (
            let found = one.expression.exec(region);
            found;
            found = one.expression.exec(region)
          ) {
            const [start, end] = [from + found.index, from + found.index + found[0].length];
            // What begins at a region's cut may have begun before it.
            if (found.index === 0 && from > 0) continue;
            const [verdict, shorter] = judgeEnds(one, text, start, end, whole);
            if (verdict === "no") {
              // A shorter match inside of one that is none may be one.
              one.expression.lastIndex = found.index + 1;
            } else {
              tell({ detector: one.shape.detector, start, end: shorter }, verdict);
              one.expression.lastIndex = shorter - from;
            }
          }
        }
      }
    }
  }
}

function compile(shape: Shape): Compiled {
  const end = shape.open ? "" : notBefore("A-Za-z0-9_");
  return {
    shape,
    digits: leastDigits(shape.pattern),
    expression: new RegExp(`${before(shape)}(?:${shape.pattern})${end}`, shape.exact ? "g" : "gi"),
    here: new RegExp(`^(?:${shape.pattern})$`, shape.exact ? "" : "i"),
    words: shape.words === undefined ? undefined : wordsPattern(shape.words),
    unless:
      shape.unless === undefined
        ? undefined
        : new RegExp(`(?<![a-z])(?:${shape.unless})[ /:=-]{0,3}$`, "i"),
  };
}

const before = (shape: Shape) => (shape.open ? "" : begins);

/** Matches the end of a text that may be the beginning of a match. */
function tailOf(shape: Shape): RegExp {
  const pattern = `${before(shape)}(?:${shape.pattern})`;
  const beginnings = beginningsOf(pattern);
  if (beginnings === undefined) throw new Error(`a shape that cannot be read: ${shape.detector}`);
  const flags = shape.exact ? "" : "i";
  return new RegExp(`(?:${beginnings.pattern}|${pattern}[-./: ])$`, flags);
}

/** A match with the end that makes one of it: what stands behind may be another number. */
function judgeEnds(
  one: Compiled,
  text: string,
  start: number,
  end: number,
  whole: boolean,
): readonly [Verdict, number] {
  const verdict = judge(one, text, start, end, whole);
  if (verdict !== "no") return [verdict, end];
  for (const shorter of shorterEnds(text, start, end)) {
    if (!one.here.test(text.slice(start, shorter))) continue;
    const other = judge(one, text, start, shorter, whole);
    if (other !== "no") return [other, shorter];
  }
  return ["no", end];
}

function judge(
  { shape, words, unless }: Compiled,
  text: string,
  start: number,
  end: number,
  whole: boolean,
): Verdict {
  const written = text.slice(start, end);
  if (shape.beside !== true && isPartOfNumber(text, start, end)) return "no";
  const compact = written.replace(/[^A-Za-z0-9]/g, "").toUpperCase();
  if (shape.accept !== undefined && !shape.accept(compact, written)) return "no";
  if (unless?.test(text.slice(Math.max(0, start - 16), start))) return "no";
  if (shape.within !== undefined) {
    const verdict = shape.within(surroundingsOf(text, start, end, whole));
    if (verdict !== "yes") return verdict;
  }
  if (shape.needs === undefined) return "yes";
  const near = words === undefined ? "no" : isNear(words, text, start, end, whole);
  if (near === "yes" || shape.needs === "words") return near;
  const alone = isAlone(text, start, end, whole);
  return alone === "no" ? near : alone;
}

/** Where marks are, with what is around them, and how many there are. */
function* regions(text: string, mark: Mark): Generator<readonly [number, number, number]> {
  const [ahead, behind] = around[mark];
  const next = mark === "digit" ? nextDigit : nextOf(mark);
  let open: [number, number, number] | undefined;
  for (let at = next(text, 0); at !== -1; at = next(text, at + 1)) {
    if (open !== undefined && at - ahead <= open[1]) {
      open[1] = at + behind;
      open[2] += 1;
      continue;
    }
    if (open !== undefined) yield open;
    open = [Math.max(0, at - ahead), at + behind, 1];
  }
  if (open !== undefined) yield open;
}

const nextOf = (mark: string) => (text: string, from: number) => text.indexOf(mark, from);

function nextDigit(text: string, from: number): number {
  for (let at = from; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code >= 0x30 && code <= 0x39) return at;
  }
  return -1;
}
