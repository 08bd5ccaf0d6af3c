/**
 * Shapes of parsed JSON, as far as readers of foreign bodies may rely on them:
 * not at all, until they looked.
 */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Is it an object, and no list? */
export function isRecord(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The objects in a list; none where it is no list. */
export function recordsIn(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

/** A text, or "" for anything else. */
export function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
