/**
 * JSON: values as they are compared. Two are the same where their canonical
 * texts are: keys in order, no space.
 */
export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [name: string]: Json };

/** One text for one value, whatever the order of its keys. */
export function canonicalText(value: Json): string {
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (isList(value)) return `[${value.map(canonicalText).join(",")}]`;
  const parts = Object.keys(value)
    .sort()
    .map((name) => `${JSON.stringify(name)}:${canonicalText(value[name] as Json)}`);
  return `{${parts.join(",")}}`;
}

/** The same value with its texts changed; the names in it stay. */
export function withTexts(value: Json, change: (text: string) => string): Json {
  if (typeof value === "string") return change(value);
  if (value === null || typeof value !== "object") return value;
  if (isList(value)) return value.map((item) => withTexts(item, change));
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, withTexts(inner, change)]),
  );
}

/** Array.isArray does not tell a readonly array from an object. */
export function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
