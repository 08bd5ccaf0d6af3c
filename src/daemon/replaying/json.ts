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

/** Characters of a piece: a longer text is a piece by itself. */
const pieceLength = 1 << 16;

/** That text in pieces that join to it. */
export function* canonicalPieces(value: Json): Generator<string> {
  let piece = "";
  yield* add(value);
  yield piece;

  function* add(value: Json): Generator<string> {
    if (piece.length > pieceLength) {
      yield piece;
      piece = "";
    }
    if (value === null || typeof value !== "object") piece += JSON.stringify(value);
    else if (isList(value)) {
      piece += "[";
      for (const [at, item] of value.entries()) {
        if (at > 0) piece += ",";
        yield* add(item);
      }
      piece += "]";
    } else {
      piece += "{";
      for (const [at, name] of Object.keys(value).sort().entries()) {
        piece += `${at > 0 ? "," : ""}${JSON.stringify(name)}:`;
        yield* add(value[name] as Json);
      }
      piece += "}";
    }
  }
}

/** The same value with its texts changed, in steps; the names in it stay. */
export function* withTexts(value: Json, change: (text: string) => string): Generator<void, Json> {
  if (typeof value === "string") {
    yield;
    return change(value);
  }
  if (value === null || typeof value !== "object") return value;
  if (isList(value)) {
    const items: Json[] = [];
    for (const item of value) items.push(yield* withTexts(item, change));
    return items;
  }
  const members: [name: string, inner: Json][] = [];
  for (const [name, inner] of Object.entries(value)) {
    members.push([name, yield* withTexts(inner, change)]);
  }
  return Object.fromEntries(members);
}

/** Array.isArray does not tell a readonly array from an object. */
export function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
