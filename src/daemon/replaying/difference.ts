/**
 * Difference: what is other in a request than in the recorded one, as places
 * that were added, removed or changed. Short enough to be read in an error
 * message: texts are cut around where they part, and shown escaped (X1).
 */
import { shortened } from "../model/text-cut.js";
import { canonicalText, isList, type Json } from "./json.js";
import { type Place, placeText } from "./place.js";

export interface Difference {
  /** `$.input[0].content`. */
  readonly place: string;
  readonly kind: "added" | "removed" | "changed";
  /** As it was recorded, as JSON, cut; null where it was not there. */
  readonly recorded: string | null;
  /** As it came now; null where it is not there. */
  readonly now: string | null;
}

/** More than these are counted only. */
const mostListed = 50;
/** Letters of a value that are shown. */
const mostShown = 80;
/** Letters before the place where two texts part. */
const lead = 20;

/** All differences, in the order of their places. `same`: are two texts to be taken for one? */
export function differencesOf(
  recorded: Json,
  now: Json,
  same: (recorded: string, now: string) => boolean = (one, other) => one === other,
): readonly Difference[] {
  const found: Difference[] = [];
  compare(recorded, now, []);
  return found;

  function compare(was: Json, is: Json, path: Place): void {
    if (found.length >= mostListed) return;
    if (typeof was === "string" && typeof is === "string") {
      if (!same(was, is))
        found.push({ place: placeText(path), kind: "changed", ...parted(was, is) });
      return;
    }
    if (was === null || is === null || typeof was !== "object" || typeof is !== "object") {
      if (was !== is)
        found.push({ place: placeText(path), kind: "changed", ...shownPair(was, is) });
      return;
    }
    if (isList(was) && isList(is)) {
      compareLists(was, is, path);
      return;
    }
    if (isList(was) || isList(is)) {
      found.push({ place: placeText(path), kind: "changed", ...shownPair(was, is) });
      return;
    }
    for (const name of [...new Set([...Object.keys(was), ...Object.keys(is)])].sort()) {
      side(was[name], is[name], [...path, name]);
    }
  }

  /** What is equal at the end is set against the end: one message more does not change all after it. */
  function compareLists(was: readonly Json[], is: readonly Json[], path: Place): void {
    let tail = 0;
    if (was.length !== is.length) {
      const shorter = Math.min(was.length, is.length);
      let head = 0;
      while (head < shorter && alike(was[head], is[head])) head += 1;
      while (tail < shorter - head && alike(was.at(-1 - tail), is.at(-1 - tail))) tail += 1;
    }
    const length = Math.max(was.length, is.length) - tail;
    for (let at = 0; at < length; at += 1) {
      side(
        at < was.length - tail ? was[at] : undefined,
        at < is.length - tail ? is[at] : undefined,
        [...path, at],
      );
    }
  }

  function side(was: Json | undefined, is: Json | undefined, path: Place): void {
    if (found.length >= mostListed) return;
    const place = placeText(path);
    if (was === undefined && is === undefined) return;
    if (was === undefined)
      found.push({ place, kind: "added", recorded: null, now: shown(is as Json) });
    else if (is === undefined)
      found.push({ place, kind: "removed", recorded: shown(was), now: null });
    else compare(was, is, path);
  }
}

/** By their texts: to compare them place by place again would be thrice the work at each level. */
function alike(one: Json | undefined, other: Json | undefined): boolean {
  return one !== undefined && other !== undefined && canonicalText(one) === canonicalText(other);
}

/** One line: `$.model changed from "gpt-a" to "gpt-b"`. */
export function differenceLine({ place, kind, recorded, now }: Difference): string {
  if (kind === "added") return `${place} added: ${now}`;
  if (kind === "removed") return `${place} removed: ${recorded}`;
  return `${place} changed from ${recorded} to ${now}`;
}

function shownPair(recorded: Json, now: Json) {
  return { recorded: shown(recorded), now: shown(now) };
}

/** Two texts from a little before where they part. */
function parted(recorded: string, now: string) {
  let at = 0;
  while (at < recorded.length && recorded[at] === now[at]) at += 1;
  const fits = Math.max(recorded.length, now.length) <= mostShown;
  const from = fits || at <= lead ? 0 : at - lead;
  const piece = (text: string) => `${from > 0 ? "…" : ""}${text.slice(from)}`;
  return { recorded: shown(piece(recorded)), now: shown(piece(now)) };
}

function shown(value: Json): string {
  const text = typeof value === "string" ? value : canonicalText(value);
  const cut = shortened(text, mostShown);
  return escaped(typeof value === "string" ? JSON.stringify(cut) : cut);
}

/** Controls, invisible and bidirectional characters, halves of pairs: never as themselves. */
function escaped(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, (character) => {
    const hex = (character.codePointAt(0) ?? 0).toString(16);
    return `\\u{${hex}}`;
  });
}
