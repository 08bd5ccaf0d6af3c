/**
 * Check-shape: a value held to a schema, each mistake told in plain words:
 * where it is, what has to be there, and what mends it. Every file and every
 * request of ours is checked here, so none speaks the schema library's words.
 * No value is repeated, as it may be a secret, except a number where a number belongs.
 */
import type * as z from "zod";
import { nearestWord } from "./nearest-word.js";

/** One mistake in a value. */
export interface Mistake {
  /** Where the value is that is wrong; of an unknown key, the map that it is in. */
  readonly path: readonly PropertyKey[];
  /** The key that does not exist; null where a value is wrong. */
  readonly key: string | null;
  /** What is wrong, to be said after the place: `must be a list, and is text`. */
  readonly says: string;
  /** What mends it, where `says` does not tell already. */
  readonly hint: string | null;
}

export type Checked<Value> =
  | { readonly value: Value; readonly mistakes: readonly [] }
  | { readonly value?: undefined; readonly mistakes: readonly [Mistake, ...Mistake[]] };

/** More mistakes than these are not told: a person mends the first ones. */
export const mostMistakes = 20;

/** Holds a value to a schema. */
export function checkShape<Value>(schema: z.ZodType<Value>, value: unknown): Checked<Value> {
  // With no message of the library's own, what is left are those that a schema of ours gives.
  const parsed = schema.safeParse(value, { error: () => "" });
  if (parsed.success) return { value: parsed.data, mistakes: [] };
  const mistakes = parsed.error.issues
    .slice(0, mostMistakes)
    .flatMap((issue) => mistakesOf(issue, [], { schema, value }))
    .slice(0, mostMistakes);
  return { mistakes: mistakes as unknown as readonly [Mistake, ...Mistake[]] };
}

/** How a place is written, and what a key is called there. */
export interface Wording {
  /** Said of the value as a whole. */
  readonly whole: string;
  /** What a key is: `setting`. */
  readonly key: string;
}

/** The mistake as one clause: `limits.connections must be a whole number, and is text`. */
export function reasonOf({ path, key, says }: Mistake, wording: Wording): string {
  if (key !== null) return `no ${wording.key} ${[...path, key].join(".")}`;
  return `${path.length === 0 ? wording.whole : path.join(".")} ${says}`;
}

/** The mistake as one line, with what mends it. */
export function mistakeLine(mistake: Mistake, wording: Wording): string {
  const { hint } = mistake;
  return `${reasonOf(mistake, wording)}${hint === null ? "" : `; ${hint}`}`;
}

type Issue = z.core.$ZodIssue;

interface Whole {
  readonly schema: unknown;
  readonly value: unknown;
}

function mistakesOf(issue: Issue, outer: readonly PropertyKey[], whole: Whole): readonly Mistake[] {
  const path = [...outer, ...issue.path];
  if (issue.code === "unrecognized_keys") {
    const known = keysAt(whole.schema, path);
    return issue.keys.slice(0, mostMistakes).map((key) => {
      const meant = nearestWord(key, known);
      const all =
        known.length > 0 && known.length <= 12 ? `allowed here: ${known.join(", ")}` : null;
      const hint = meant === undefined ? all : `did you mean ${meant}?`;
      return { path, key, says: "does not exist", hint };
    });
  }
  if (issue.code === "invalid_union") {
    // Of several forms a value may have, the one it nearly has is worth telling about.
    const near = issue.errors.find((issues) =>
      issues.every(({ path: at, code }) => at.length > 0 || code === "unrecognized_keys"),
    );
    if (near !== undefined && near.length > 0) {
      return near.flatMap((inner) => mistakesOf(inner, path, whole));
    }
  }
  const given = valueAt(whole.value, path);
  return [{ path, key: null, says: saysOf(issue, given), hint: hintFor(issue, given) }];
}

function saysOf(issue: Issue, given: unknown): string {
  if (issue.code === "invalid_key") {
    const [inner] = issue.issues;
    return `has a wrong name: it ${inner ? saysOf(inner, undefined) : "is not allowed"}`;
  }
  const own = issue.message !== "" && !issue.message.startsWith(must);
  if (own) return issue.message;
  const wanted = wantedBy(issue);
  if (given === undefined && issue.code !== "too_small") return `is missing: it must be ${wanted}`;
  if (issue.code === "too_small" || issue.code === "too_big") {
    return boundSays(issue, given);
  }
  // A wrong word is told by the words that there are.
  const wordy = typeof given === "string" && wordsOf(issue).length > 0;
  const told = issue.code !== "invalid_format" && !wordy;
  return `${must}${wanted}${told ? `, and is ${kindOf(given, isForNumbers(issue))}` : ""}`;
}

const must = "must be ";

/** What has to be there, to be said after "must be". */
function wantedBy(issue: Issue): string {
  if (issue.message.startsWith(must)) return issue.message.slice(must.length);
  switch (issue.code) {
    case "invalid_type":
      return types[issue.expected] ?? "of another kind";
    case "invalid_value":
      return oneOf(issue.values.map(quoted));
    case "invalid_format":
      return formats[issue.format] ?? "in another form";
    case "invalid_union": {
      const { options } = issue as { readonly options?: readonly unknown[] };
      if (options !== undefined && options.length > 0) return oneOf(options.map(quoted));
      const forms = issue.errors.flatMap(([first]) => (first === undefined ? [] : wantedBy(first)));
      return [...new Set(forms)].join(", or ");
    }
    case "not_multiple_of":
      return `a multiple of ${issue.divisor}`;
    default:
      return "something else";
  }
}

type Bound = Extract<Issue, { code: "too_small" | "too_big" }>;

function boundSays(issue: Bound, given: unknown): string {
  const small = issue.code === "too_small";
  const bound = Number(small ? issue.minimum : issue.maximum);
  const unit = units[issue.origin];
  const least = small ? "at least" : "at most";
  if (unit === undefined) {
    const strictly = issue.inclusive === false ? (small ? "more than" : "less than") : least;
    return `${must}${strictly} ${bound}, and is ${kindOf(given, true)}`;
  }
  if (small && bound === 1) return "must not be empty";
  return `must have ${least} ${bound} ${unit}${bound === 1 ? "" : "s"}`;
}

const units: Readonly<Record<string, string>> = { string: "character", array: "item" };

const types: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  object: "a map of keys and values",
  record: "a map of keys and values",
  array: "a list",
  null: "null",
};

const formats: Readonly<Record<string, string>> = {
  url: "a URL such as https://example.com/path",
  datetime: "a time such as 2026-01-31T09:00:00Z",
  base64: "text in base64",
  safeint: "a whole number",
};

/** Does a number belong there, and no text? An all-digit secret is written where text belongs. */
function isForNumbers(issue: Issue): boolean {
  const wanted = expectedBy(issue);
  const number = wanted.includes("number") || wanted.includes("int");
  return issue.code === "not_multiple_of" || (number && !wanted.includes("string"));
}

/** What a value is; a number itself only where one belongs. */
function kindOf(value: unknown, forNumbers: boolean): string {
  if (value === null) return "empty (null)";
  if (Array.isArray(value)) return "a list";
  switch (typeof value) {
    case "string":
      return value === "" ? "empty" : "text";
    case "number":
    case "bigint":
      return forNumbers ? String(value) : "a number";
    case "boolean":
      return String(value);
    case "object":
      return "a map";
    default:
      return "missing";
  }
}

const quoted = (value: unknown) => (typeof value === "string" ? `"${value}"` : String(value));

function oneOf(words: readonly string[]): string {
  if (words.length < 2) return words.join("");
  return `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
}

function hintFor(issue: Issue, given: unknown): string | null {
  if (typeof given === "string") {
    const words = wordsOf(issue);
    const meant = nearestWord(given, words.map(String));
    if (meant !== undefined) return `did you mean ${meant}?`;
  }
  const wanted = expectedBy(issue);
  const scalar = typeof given === "string" || typeof given === "number";
  if (wanted.includes("array") && scalar) return "put it in brackets: [ … ]";
  if (wanted.includes("string") && (typeof given === "number" || typeof given === "boolean")) {
    return 'put it in quotes: "…"';
  }
  const number = wanted.includes("number") || wanted.includes("int");
  if (number && typeof given === "string" && /^-?\d+(\.\d+)?$/.test(given)) {
    return "write it without quotes";
  }
  return null;
}

/** The words that a value may be. */
function wordsOf(issue: Issue): readonly unknown[] {
  if (issue.code === "invalid_value") return issue.values;
  if (issue.code !== "invalid_union") return [];
  const { options = [] } = issue as { readonly options?: readonly unknown[] };
  return [...options, ...issue.errors.flatMap(([first]) => (first ? wordsOf(first) : []))];
}

/** The types that a value may be of. */
function expectedBy(issue: Issue): readonly string[] {
  if (issue.code === "invalid_type") return [issue.expected];
  if (issue.code !== "invalid_union") return [];
  return issue.errors.flatMap(([first]) => (first ? expectedBy(first) : []));
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (at, key) =>
      typeof at === "object" && at !== null ? (at as Record<PropertyKey, unknown>)[key] : undefined,
    value,
  );
}

interface Shaped {
  readonly shape?: Readonly<Record<string, unknown>>;
  readonly element?: unknown;
  readonly valueType?: unknown;
  readonly options?: readonly unknown[];
  readonly def?: { readonly getter?: () => unknown };
  unwrap?(): unknown;
}

/** The keys an object has at a place of the schema. */
function keysAt(schema: unknown, path: readonly PropertyKey[]): readonly string[] {
  let within = shapesIn(schema);
  for (const part of path) {
    within = within.flatMap((at) =>
      shapesIn(typeof part === "number" ? at.element : (at.shape?.[String(part)] ?? at.valueType)),
    );
  }
  return [...new Set(within.flatMap((at) => Object.keys(at.shape ?? {})))];
}

/** The objects, lists and records that a schema may be, without what is wrapped around them. */
function shapesIn(schema: unknown): readonly Shaped[] {
  const at = schema as Shaped | undefined;
  if (at === undefined) return [];
  if (at.shape !== undefined || at.element !== undefined || at.valueType !== undefined) return [at];
  if (at.options !== undefined) return at.options.flatMap(shapesIn);
  if (at.def?.getter !== undefined) return shapesIn(at.def.getter());
  return at.unwrap === undefined ? [] : shapesIn(at.unwrap());
}
