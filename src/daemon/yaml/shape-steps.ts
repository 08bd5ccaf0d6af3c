/**
 * Shape steps: a value that may be large held to a schema, a little at a time.
 * An agent writes its project's files, and the schema library takes long over
 * a value with thousands of mistakes. What would make so many is told first.
 */
import type * as z from "zod";
import { checkShape, type Mistake, mostMistakes } from "./check-shape.js";

/** A list that is checked item by item, because it can be long. */
export interface LongList {
  readonly key: string;
  readonly item: z.ZodType<unknown>;
  readonly most: number;
}

/** The value held to the schema, and the items of its long list one by one. */
export function* shapeSteps<Value>(
  plain: unknown,
  schema: z.ZodType<Value>,
  longList: LongList | undefined,
): Generator<void, { value?: Value | undefined; mistakes: readonly Mistake[] }> {
  const whole = plain as Record<string, unknown>;
  const list = longList && whole[longList.key];
  if (longList === undefined || !Array.isArray(list)) return checkShape(schema, plain);
  const { key, item, most } = longList;
  const rest = checkShape(schema, { ...whole, [key]: [] });
  const mistakes: Mistake[] = [...rest.mistakes];
  const items: unknown[] = [];
  if (list.length > most) {
    mistakes.push({ path: [key], key: null, says: `must have at most ${most} items`, hint: null });
  }
  for (const [index, each] of list.entries()) {
    if (mistakes.length >= mostMistakes) break;
    const size = sizeOf(each);
    if (size > mostInItem) {
      const says = `has over ${mostInItem} values`;
      mistakes.push({ path: [key, index], key: null, says, hint: "make several of it" });
      continue;
    }
    const checked = checkShape(item, each);
    if (checked.value === undefined) {
      mistakes.push(
        ...checked.mistakes.map((mistake) => ({
          ...mistake,
          path: [key, index, ...mistake.path],
        })),
      );
    } else items.push(checked.value);
    yield;
  }
  if (mistakes.length > 0) return { mistakes: mistakes.slice(0, mostMistakes) };
  return { value: { ...rest.value, [key]: items } as Value, mistakes };
}

/** Values in one item of a long list. */
const mostInItem = 2000;
/** Maps and lists within each other, in a file that a person writes. */
const deepest = 64;
/** In a list that is longer, what is no text is told at once: the library makes a report of each. */
const shortList = 100;

/** What no settings file has, and would take long to be told of: undefined where there is none. */
export function excessIn(value: unknown, path: readonly PropertyKey[] = []): Mistake | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if (path.length > deepest) {
    const says = `is more than ${deepest} maps and lists deep`;
    return { path: path.slice(0, 1), key: null, says, hint: "write it flatter" };
  }
  const long = Array.isArray(value) && value.length > shortList;
  for (const [name, inner] of Object.entries(value)) {
    const at = [...path, Array.isArray(value) ? Number(name) : name];
    if (long && typeof inner !== "object" && (typeof inner !== "string" || inner === "")) {
      return {
        path: at,
        key: null,
        says: "must be text in so long a list",
        hint: 'put it in quotes: "…"',
      };
    }
    const found = excessIn(inner, at);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Values in a value, itself included. */
function sizeOf(value: unknown): number {
  if (typeof value !== "object" || value === null) return 1;
  return Object.values(value).reduce<number>((sum, inner) => sum + sizeOf(inner), 1);
}
