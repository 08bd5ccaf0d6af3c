/**
 * JSON reading: a JSON body as what policies ask of it, small or large, read on
 * from where another body was read that begins with the same bytes. What comes
 * of it is what reading all of it would say; where that is not certain (another
 * kind of reading, a mistake, a limit, a name that may stand twice), all of it
 * is read.
 */
import { Refusal } from "../../model/refusal.js";
import { endsWithin, type GrowingList, type ItemEnd } from "./item-ends.js";
import { type OutlineLimits, type OutlinePlace, outlineOf } from "./outline.js";
import { parsedAtOnce, readStrictJson } from "./strict.js";

export interface JsonReading {
  /** Of a small body its value, of a large one its outline. */
  readonly value: unknown;
  /** Of a large body the noted texts, in their order. */
  readonly noted: readonly string[];
  readonly large: boolean;
  /** How many values it has. */
  readonly values: number;
  /** What a body that goes on with this one is read on from; undefined where none can be. */
  readonly list: GrowingList | undefined;
  /** Of how many of the list's ends it was not read again what stands before them. */
  readonly resumed: number;
}

/** A reading of a body with which another one has its first bytes in common. */
export interface BegunReading {
  readonly reading: JsonReading;
  readonly shared: number;
}

export interface JsonReadingOptions {
  /** Names the body in messages. */
  readonly what: string;
  readonly place: OutlinePlace;
  /** Names of the lists that grow from request to request. Values there, and in the whole, are kept. */
  readonly growing: ReadonlySet<string>;
  readonly limits: OutlineLimits;
  readonly begun?: BegunReading | undefined;
}

/** Reads a body; throws the refusals of strict JSON. */
export function* readJson(
  bytes: Buffer,
  options: JsonReadingOptions,
): Generator<void, JsonReading> {
  return (yield* readOn(bytes, options)) ?? (yield* readWhole(bytes, options));
}

function* readWhole(
  bytes: Buffer,
  { what, place, growing, limits }: JsonReadingOptions,
): Generator<void, JsonReading> {
  if (bytes.length > parsedAtOnce) {
    const read = yield* outlineOf(bytes, place, limits, what, { names: growing });
    return readingOf({ ...read, noted: [...read.noted], large: true, resumed: 0 });
  }
  const read = readStrictJson(bytes, what, limits.jsonValues, growing);
  return readingOf({ ...read, noted: [], large: false, resumed: 0 });
}

/** Names that do not stay in their order in an object, or are no member of it. */
const oddName = /^(?:\d+|__proto__)$/;

function readingOf(reading: JsonReading): JsonReading {
  const { value, list } = reading;
  if (list === undefined) return reading;
  const names = Object.keys(value as object);
  return names.some((name) => oddName.test(name)) ? { ...reading, list: undefined } : reading;
}

function* readOn(
  bytes: Buffer,
  { what, place, growing, limits, begun }: JsonReadingOptions,
): Generator<void, JsonReading | undefined> {
  const { list, large } = begun?.reading ?? {};
  if (begun === undefined || list === undefined) return undefined;
  if (large !== bytes.length > parsedAtOnce) return undefined;
  const count = endsWithin(list.ends, begun.shared);
  if (count === 0) return undefined;
  const end = list.ends[count - 1] as ItemEnd;
  // The rest as a body of its own: an empty object stands for all items before.
  const opening = Buffer.from(`{${JSON.stringify(list.name)}:[{}`);
  const rest = Buffer.concat([opening, bytes.subarray(end.at)]);
  const most = { jsonValues: limits.jsonValues - end.values + openingValues };
  try {
    if (large) {
      const noted = begun.reading.noted.slice(0, end.noted);
      const outline = { names: growing, kept: end.kept - openingKept, noted };
      const more = yield* outlineOf(rest, place, most, what, outline);
      return joined(begun.reading, count, opening.length, { ...more, noted: [...more.noted] });
    }
    const more = readStrictJson(rest, what, most.jsonValues, growing);
    return joined(begun.reading, count, opening.length, { ...more, noted: [] });
  } catch (error) {
    // What is wrong, and where, is said of the whole.
    if (!(error instanceof Refusal)) throw error;
    return undefined;
  }
}

/** What the opening counts for: the text's first value and three brackets; of what is kept the whole and the list. */
const openingValues = 4;
const openingKept = 2;

/** Both parts as one reading; undefined where a name may stand in both. */
function joined(
  before: JsonReading,
  count: number,
  openingBytes: number,
  rest: Pick<JsonReading, "value" | "noted" | "list" | "values">,
): JsonReading | undefined {
  const { name, ends } = before.list as GrowingList;
  const end = ends[count - 1] as ItemEnd;
  const [first, ...more] = rest.list?.ends ?? [];
  if (first?.at !== openingBytes) return undefined;
  const members = before.value as Readonly<Record<string, unknown>>;
  const after = rest.value as Readonly<Record<string, unknown>>;
  const [items, newItems] = [members[name], after[name]];
  if (!Array.isArray(items) || !Array.isArray(newItems)) return undefined;
  const value: Record<string, unknown> = {};
  for (const each of Object.keys(members)) {
    if (each === name) break;
    value[each] = members[each];
  }
  value[name] = [...items.slice(0, end.items), ...newItems.slice(first.items)];
  for (const each of Object.keys(after)) {
    if (each === name) continue;
    if (Object.hasOwn(value, each) || oddName.test(each)) return undefined;
    value[each] = after[each];
  }
  const newEnds = more.map((each) => ({
    ...each,
    at: each.at - first.at + end.at,
    values: each.values - first.values + end.values,
    items: each.items - first.items + end.items,
  }));
  const list = { name, ends: [...ends.slice(0, count), ...newEnds] };
  const values = rest.values - first.values + end.values;
  return { value, noted: rest.noted, large: before.large, values, list, resumed: count };
}
