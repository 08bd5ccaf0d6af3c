/**
 * Base64: runs of it, decoded as they come. What is found in one is hidden in
 * whole groups of four characters, so that the rest stays what it was. Short
 * runs are words, and are nothing; but one that decodes to the beginning of a
 * secret is held while it may still grow.
 */

import type { Found } from "./search.js";
import type { Reading, View } from "./view.js";

/** A run shorter than this hides nothing that is one. */
export const leastRun = 24;
/** As soon as this much is at a text's end, it is looked at: three characters decoded. */
const leastTail = 4;
/** Text for people has so many printable characters in a row; decoded words have not. */
const leastReadable = 8;
/** As many at a text's end may be the beginning of it. */
const leastBegun = 3;
/** Whatever is longer than this is decoded in any case, and not kept. */
const longestWord = 256;

const inAlphabet = new Uint8Array(128);
for (const character of "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_") {
  inAlphabet[character.charCodeAt(0)] = 1;
}

interface Run {
  readonly start: number;
  /** How far it goes as yet, and how far it was decoded. */
  end: number;
  decodedTo: number;
  reading: Reading | undefined;
  /** Words have capitals or none, digests have none: what is neither may be base64. */
  upper: boolean;
  lower: boolean;
  /** Printable characters in a row: at its end, and at most. */
  readable: number;
  mostReadable: number;
  found: Found[];
}

/** Opens the view; `open` opens the reading of a decoded run. */
export function openBase64(open: () => Reading): View & { busy(): boolean } {
  let run: Run | undefined;
  let found: Found[] = [];
  let seen = 0;

  return {
    busy() {
      return run?.reading !== undefined && run.end - run.start >= leastRun;
    },
    pending() {
      if (run === undefined) return Number.POSITIVE_INFINITY;
      const { start, decodedTo, reading } = run;
      const pending = Math.min(...run.found.map((finding) => finding.start));
      if (reading === undefined || reading.pending() >= ((decodedTo - start) / 4) * 3)
        return pending;
      return Math.min(pending, groupStart(run, reading.pending()));
    },
    begun() {
      const begun = run?.reading?.begun();
      if (run === undefined || begun === undefined || !counts(run)) return undefined;
      return { ...begun, start: groupStart(run, begun.start) };
    },
    keepFrom() {
      return run?.decodedTo ?? seen;
    },
    take() {
      const taken = found;
      found = [];
      return taken;
    },
    append(text, from, whole) {
      const end = from + text.length;
      if (run !== undefined) {
        const to = runEnd(text, run.end - from) + from;
        extend(run, text, from, to, whole || to < end);
        seen = to;
        if (to === end && !whole) return;
        run = undefined;
      }
      scan(text, from, whole);
      seen = end;
    },
  };

  /** Finds runs that are long enough, in steps of that length; and what the text ends in. */
  function scan(text: string, from: number, whole: boolean): void {
    let at = seen - from;
    const length = text.length;
    while (at + leastRun <= length) {
      const probe = at + leastRun - 1;
      if (!isIn(text, probe)) {
        at = probe + 1;
        continue;
      }
      const start = runStart(text, probe, at);
      const end = runEnd(text, probe);
      if (end === length && !whole) break;
      if (end - start >= leastRun) {
        const complete = newRun(start + from);
        extend(complete, text, from, end + from, true);
      }
      at = end;
    }
    if (whole) return;
    const start = runStart(text, length, at);
    if (start === length) return;
    run = newRun(start + from);
    extend(run, text, from, from + length, false);
  }

  function newRun(start: number): Run {
    return {
      start,
      end: start,
      decodedTo: start,
      reading: undefined,
      upper: false,
      lower: false,
      readable: 0,
      mostReadable: 0,
      found: [],
    };
  }

  function extend(run: Run, text: string, from: number, end: number, whole: boolean): void {
    const added = text.slice(run.end - from, end - from);
    run.upper ||= /[A-Z]/.test(added);
    run.lower ||= /[a-z]/.test(added);
    run.end = end;
    const length = end - run.start;
    if (length < (whole ? leastRun : leastTail)) return;
    if ((!run.upper || !run.lower) && length < longestWord) return;
    const to = whole ? end : end - (length % 4);
    if (to === run.decodedTo && !whole) return;
    const decoded = Buffer.from(text.slice(run.decodedTo - from, to - from), "base64");
    // As long as nothing is taken of it, all of it is here again.
    if (run.reading === undefined) run.readable = 0;
    read(run, decoded);
    if (run.reading === undefined && length < longestWord && run.mostReadable < leastReadable) {
      if (whole || run.readable < leastBegun) return;
    }
    run.reading ??= open();
    run.decodedTo = to;
    run.reading.append(decoded.toString("latin1"), whole);
    for (const finding of run.reading.take()) {
      run.found.push({
        ...finding,
        start: groupStart(run, finding.start),
        end: Math.min(run.start + Math.ceil(finding.end / 3) * 4, end),
      });
    }
    if (counts(run)) {
      found.push(...run.found);
      run.found = [];
    }
  }
}

/**
 * Whether one of the runs in a text that is whole decodes to what `holds` says so of; runs of
 * words, digests and pictures are not asked for.
 */
export function base64Runs(text: string, holds: (decoded: string) => boolean): boolean {
  const length = text.length;
  let at = 0;
  while (at + leastRun <= length) {
    const probe = at + leastRun - 1;
    if (!isIn(text, probe)) {
      at = probe + 1;
      continue;
    }
    const start = runStart(text, probe, at);
    at = runEnd(text, probe);
    if (at - start < leastRun || !hasBothCases(text, start, at)) continue;
    const decoded = Buffer.from(text.slice(start, at), "base64");
    if (isReadable(decoded) && holds(decoded.toString("latin1"))) return true;
  }
  return false;
}

function hasBothCases(text: string, start: number, end: number): boolean {
  let cases = 0;
  for (let at = start; at < end && cases < 3; at += 1) {
    const code = text.charCodeAt(at);
    if (code >= 0x61 && code <= 0x7a) cases |= 1;
    else if (code >= 0x41 && code <= 0x5a) cases |= 2;
  }
  return cases === 3;
}

function isReadable(decoded: Buffer): boolean {
  let row = 0;
  for (let at = 0; at < decoded.length && row < leastReadable; at += 1) {
    row = isPrintable(decoded[at] as number) ? row + 1 : 0;
  }
  return row >= leastReadable;
}

const isPrintable = (code: number) =>
  (code >= 0x20 && code < 0x7f) || code === 9 || code === 10 || code === 13;

function counts({ start, end, upper, lower, mostReadable }: Run): boolean {
  return end - start >= leastRun && upper && lower && mostReadable >= leastReadable;
}

function read(run: Run, decoded: Buffer): void {
  for (const code of decoded) {
    run.readable = isPrintable(code) ? run.readable + 1 : 0;
    if (run.readable > run.mostReadable) run.mostReadable = run.readable;
  }
}

function groupStart({ start }: Run, decoded: number): number {
  return start + Math.floor(decoded / 3) * 4;
}

function isIn(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code < 128 && inAlphabet[code] === 1;
}

function runStart(text: string, at: number, least: number): number {
  let start = at;
  while (start > least && isIn(text, start - 1)) start -= 1;
  return start;
}

function runEnd(text: string, at: number): number {
  let end = at;
  while (end < text.length && isIn(text, end)) end += 1;
  return end;
}
