/**
 * Masking: what a policy's files together say about hiding. Detectors,
 * patterns and words of all of them look; of what they say about requests the
 * strictest holds. A project's file lies where an agent can write, so it can
 * add, and make stricter; what it would take away is left out, and said.
 */
import {
  type MaskingTerms,
  type RequestMasking,
  requestMaskings,
  usualMasking,
} from "../model/masking-terms.js";
import type { FileProblem } from "../yaml/checked-yaml.js";
import { nearestWord } from "../yaml/nearest-word.js";
import { type PatternCompiler, PatternError } from "./pattern.js";
import type { LayerName } from "./rule.js";
import type { MaskingInFile } from "./schema.js";

/** What one file says; absent keys say nothing. */
export interface LayerMasking extends MaskingInFile {
  /** Where it stands. */
  readonly line: number;
  readonly column: number;
}

interface MaskingLayer {
  readonly name: LayerName;
  readonly file: string;
  readonly masking: LayerMasking | undefined;
}

/** The terms that hold under these files. */
export function maskingOf(layers: readonly MaskingLayer[]): MaskingTerms {
  const said = layers.flatMap(({ name, masking }) =>
    masking === undefined ? [] : [{ ...masking, own: name !== "project" }],
  );
  const own = said.filter((each) => each.own);
  const named = own.filter(({ detectors }) => detectors !== undefined);
  const chosen = named.length === 0 ? usualMasking.detectors : [];
  const stated = own.flatMap(({ requests }) => requests ?? []);
  const requests = strictest(stated.length === 0 ? [usualMasking.requests] : stated);
  const restoring = own.flatMap(({ restore }) => restore ?? []);
  return {
    detectors: [...new Set([...chosen, ...said.flatMap(({ detectors }) => detectors ?? [])])],
    patterns: said.flatMap(({ patterns }) => patterns ?? []),
    words: said.flatMap(({ words }) => words ?? []),
    requests: strictest([requests, ...said.flatMap((each) => each.requests ?? [])]),
    restore:
      restoring.length > 0 &&
      restoring.every((restore) => restore) &&
      said.every(({ restore }) => restore !== false),
  };
}

/** What a project's file would allow besides, and does not. */
export function maskingLeftOut(layers: readonly MaskingLayer[]): readonly FileProblem[] {
  const own = maskingOf(layers.filter(({ name }) => name !== "project"));
  return layers.flatMap(({ name, file, masking }) => {
    if (name !== "project" || masking === undefined) return [];
    const { line, column, requests, restore } = masking;
    const hint = "move it to policy.yaml in hoopx's config folder";
    const left = (what: string): FileProblem => ({
      file,
      line,
      column,
      reason: `masking.${what} masks less, and a project's policy can only narrow: it is left out`,
      hint,
    });
    return [
      ...(requests !== undefined && isLess(requests, own.requests)
        ? [left(`requests: ${requests}`)]
        : []),
      ...(restore === true && !own.restore ? [left("restore: true")] : []),
    ];
  });
}

export interface MaskingCheck {
  /** Detectors and groups that there are; undefined: any name will do. */
  readonly known: readonly string[] | undefined;
  readonly compile: PatternCompiler;
  readonly problem: (path: readonly PropertyKey[], reason: string, hint?: string) => void;
}

/** What a file's `masking` says that cannot be meant, in steps. */
export function* checkMasking(masking: MaskingInFile, check: MaskingCheck): Generator<void, void> {
  const { known, problem } = check;
  const own = new Set<string>();
  const name = (at: readonly PropertyKey[], text: string) => {
    if (known?.includes(text)) problem(at, `${text} is a detector already`, "use another name");
    else if (own.has(text)) problem(at, `two detectors have the name ${text}`);
    own.add(text);
  };
  for (const [index, pattern] of (masking.patterns ?? []).entries()) {
    yield;
    name(["masking", "patterns", index, "name"], pattern.name);
    const at = ["masking", "patterns", index, "match"];
    try {
      const compiled = check.compile(pattern.match);
      if (compiled.find("", () => "")) {
        problem(
          at,
          "it matches the empty text, so it would match everywhere",
          "repeat once or more",
        );
      }
    } catch (error) {
      if (!(error instanceof PatternError)) throw error;
      problem(at, error.message);
    }
  }
  masking.words?.forEach((list, index) => {
    name(["masking", "words", index, "name"], list.name);
  });
  for (const [index, detector] of (masking.detectors ?? []).entries()) {
    if (known === undefined || known.includes(detector)) continue;
    yield;
    const path = ["masking", "detectors", index];
    if (own.has(detector)) {
      problem(path, `${detector} is a pattern or word list of this file, which looks anyway`);
      continue;
    }
    const meant = nearestWord(detector, known);
    problem(
      path,
      `no detector ${detector}`,
      meant === undefined ? "docs/masking.md lists them" : `did you mean ${meant}?`,
    );
  }
}

function strictest(of: readonly RequestMasking[]): RequestMasking {
  return of.reduce((one, other) => (isLess(one, other) ? other : one), "off");
}

function isLess(one: RequestMasking, other: RequestMasking): boolean {
  return requestMaskings.indexOf(one) < requestMaskings.indexOf(other);
}
