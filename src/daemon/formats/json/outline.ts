/**
 * JSON outline: what policies ask of a large JSON body, without a value for
 * each of its parts. The body is read token by token, held to the same rules
 * as a small one (strict.ts), and of its values only those are kept that
 * stand at places whose content matters. The rest is checked and let go, so
 * that millions of tiny values cost no memory.
 */
import { Refusal } from "../../model/refusal.js";
import { pathOf } from "./duplicate-key.js";
import type { GrowingList, ItemEnd } from "./item-ends.js";
import { createNameSet, type NameSet } from "./name-set.js";
import { checkEncoding, depthLimit } from "./strict.js";
import { stringIn } from "./text-pieces.js";
import { JsonError, type JsonToken, openJsonTokens } from "./tokens.js";

/** A kind of place in a JSON text. */
export interface OutlinePlace {
  /** Values here are part of the outline. */
  readonly kept: boolean;
  /** Texts here are listed. */
  readonly noted: boolean;
  /** What a member of this name is, or an item (null), of a value that stands here. */
  below(name: string | null): OutlinePlace;
  /** Where it is there, only an object is kept, and asked once it is whole: does it stay? */
  stays?(item: unknown): boolean;
}

export interface JsonOutline {
  /** The value with what is kept of it: a text is cut, and a list or object that is not kept is empty. */
  readonly value: unknown;
  /** The noted texts, each once. */
  readonly noted: ReadonlySet<string>;
  /** How many values it has. */
  readonly values: number;
  /** The growing list, where there is one. */
  readonly list: GrowingList | undefined;
}

/** Whose items' ends are wanted, and what was read of the body before these bytes. */
export interface GrowingOutline {
  readonly names: ReadonlySet<string>;
  readonly kept?: number;
  readonly noted?: readonly string[];
}

export interface OutlineLimits {
  /** Values that a body may have. */
  readonly jsonValues: number;
}

/** A kept text is cut to this: no name or flag is longer. */
const longestKept = 4096;
/** Kept values, and noted texts: no honest request comes near. */
const mostKept = 20_000;
const mostNoted = 1000;
const longestName = 1 << 16;

interface Level {
  readonly place: OutlinePlace;
  readonly list: boolean;
  readonly value: unknown[] | Record<string, unknown> | undefined;
  /** How much was kept before it. */
  readonly keptBefore: number;
  names: NameSet | undefined;
  name: string;
  index: number;
}

/** Reads a body; throws the refusals of strict JSON. `what` names it in their messages. */
export function* outlineOf(
  bytes: Buffer,
  top: OutlinePlace,
  limits: OutlineLimits,
  what = "the body",
  growing: GrowingOutline = { names: new Set() },
): Generator<void, JsonOutline> {
  checkEncoding(bytes, what);
  const noted = new Set(growing.noted);
  const levels: Level[] = [];
  const tokens = openJsonTokens(bytes, { depth: depthLimit, values: limits.jsonValues });
  const nameAt = (at: number) => stringAt(bytes, at);
  // Of each depth one set of names, used again: most objects are small.
  const sets: NameSet[] = [];
  let root: unknown;
  let kept = growing.kept ?? 0;
  let list: { readonly name: string; readonly ends: ItemEnd[] } | undefined;
  let listLevel: Level | undefined;

  for (;;) {
    const token = nextOf(tokens, what, limits);
    if (token === "end") return { value: root, noted, values: tokens.values, list };
    if (token === "pause") {
      yield;
      continue;
    }
    const level = levels.at(-1);
    if (token === "name") {
      if (tokens.end - tokens.start > longestName) {
        throw unreadable(`${what} has a name of over ${longestName} bytes at byte ${tokens.start}`);
      }
      named(level as Level, stringIn(bytes, tokens.start, tokens.end, tokens.escaped));
    } else if (token === "}" || token === "]") {
      closed(levels.pop() as Level, levels.at(-1));
      if (token === "}" && levels.length === 2 && levels[1] === listLevel) itemEnded();
    } else {
      value(token, level);
    }
  }

  function named(level: Level, name: string): void {
    level.name = name;
    level.names ??= sets[levels.length] ??= createNameSet(nameAt);
    if (!level.names.add(name, tokens.start)) {
      const steps = levels.map(({ list, index, name }) => (list ? index : name));
      throw unreadable(`${what} has the same key twice: ${pathOf(steps)}`);
    }
  }

  function itemEnded(): void {
    const items = (listLevel?.value as unknown[] | undefined)?.length ?? 0;
    list?.ends.push({ at: tokens.end, values: tokens.values, items, kept, noted: noted.size });
  }

  function closed({ place, value, keptBefore }: Level, outer: Level | undefined): void {
    if (value === undefined || place.stays === undefined || place.stays(value)) return;
    if (Array.isArray(outer?.value)) outer.value.pop();
    kept = keptBefore;
  }

  function value(token: JsonToken, level: Level | undefined): void {
    if (level?.list) level.index += 1;
    const place = level === undefined ? top : level.place.below(level.list ? null : level.name);
    const keptBefore = kept;
    const isKept =
      place.kept &&
      (level === undefined || level.value !== undefined) &&
      (token === "{" || place.stays === undefined);
    const made = isKept || place.noted ? madeOf(token) : undefined;
    if (place.noted && typeof made === "string") note(made);
    if (isKept) keep(level, made);
    if (token !== "{" && token !== "[") return;
    sets[levels.length + 1]?.clear();
    const opened: Level = {
      place,
      list: token === "[",
      keptBefore,
      names: undefined,
      name: "",
      index: -1,
      value: isKept ? (made as Level["value"]) : undefined,
    };
    const isMember = levels.length === 1 && level?.list === false;
    levels.push(opened);
    if (!isMember || token !== "[" || list !== undefined || !growing.names.has(level.name)) return;
    list = { name: level.name, ends: [] };
    listLevel = opened;
  }

  function note(text: string): void {
    noted.add(text);
    if (noted.size > mostNoted) throw unreadable(`${what} names over ${mostNoted} models`);
  }

  function keep(level: Level | undefined, made: unknown): void {
    kept += 1;
    if (kept > mostKept) {
      throw unreadable(`${what} says over ${mostKept} things about its tools and settings`);
    }
    if (level === undefined) root = made;
    else if (Array.isArray(level.value)) level.value.push(made);
    else if (level.name === "__proto__") {
      const own = { value: made, enumerable: true, writable: true, configurable: true };
      Object.defineProperty(level.value, "__proto__", own);
    } else (level.value as Record<string, unknown>)[level.name] = made;
  }

  function madeOf(token: JsonToken): unknown {
    if (token === "[") return [];
    if (token === "{") return {};
    const { start, end, escaped } = tokens;
    if (token === "scalar") return JSON.parse(bytes.toString("latin1", start, end));
    // The longest escape has six bytes, the longest character four.
    const most = longestKept * (escaped ? 6 : 4);
    if (end - start <= most) return stringIn(bytes, start, end, escaped).slice(0, longestKept);
    // No text of the API's is this long: what it is need not be known, but that it is no short one.
    return bytes.toString("latin1", start, start + longestKept);
  }
}

/** The noted texts of a value that was parsed. */
export function notedIn(value: unknown, top: OutlinePlace): ReadonlySet<string> {
  const noted = new Set<string>();
  collect(value, top);
  return noted;

  /** Strict JSON is no deeper than this can follow. */
  function collect(value: unknown, place: OutlinePlace): void {
    if (typeof value === "string") {
      if (place.noted) noted.add(value);
    } else if (Array.isArray(value)) {
      const item = place.below(null);
      for (const each of value) if (typeof each === "object" || item.noted) collect(each, item);
    } else if (typeof value === "object" && value !== null) {
      for (const name of Object.keys(value)) {
        const member = (value as Record<string, unknown>)[name];
        if (typeof member === "string" || typeof member === "object") {
          collect(member, place.below(name));
        }
      }
    }
  }
}

function nextOf(
  tokens: ReturnType<typeof openJsonTokens>,
  what: string,
  { jsonValues }: OutlineLimits,
): JsonToken {
  try {
    return tokens.next();
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    if (!error.tooMany) throw unreadable(`${what} is ${error.message}`);
    throw new Refusal("body_too_many_values", `${what} has over ${jsonValues} JSON values`);
  }
}

/** The name that begins behind the quote before this place. */
function stringAt(bytes: Buffer, start: number): string {
  let end = start;
  let escaped = false;
  for (let code = bytes[end]; code !== 0x22; code = bytes[end]) {
    if (code === 0x5c) escaped = true;
    end += code === 0x5c ? 2 : 1;
  }
  return stringIn(bytes, start, end, escaped);
}

const unreadable = (message: string): Refusal => new Refusal("body_unreadable", message);
