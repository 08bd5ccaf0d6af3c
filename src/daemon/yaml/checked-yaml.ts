/**
 * Checked YAML: a file's text held to a schema, each problem told with the
 * line and column it stands at and, for a key or a word that does not exist,
 * the one that was probably meant.
 */
import { isMap, isNode, LineCounter, parseDocument } from "yaml";
import type * as z from "zod";
import { nearestWord } from "./nearest-word.js";

/** What is wrong with a file, and where. */
export interface FileProblem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** One sentence, lower case, no full stop. */
  readonly reason: string;
  /** What mends it; null where the reason says all. */
  readonly hint: string | null;
}

export interface CheckedYaml<Value> {
  /** Undefined where there are problems. */
  readonly value: Value | undefined;
  readonly problems: readonly FileProblem[];
  /** Where a value stands; where it is missing, the nearest thing around it. */
  placeOf(path: readonly PropertyKey[]): { readonly line: number; readonly column: number };
}

/** `file:line:column: reason; hint`, as people read it. */
export function problemLine({ file, line, column, reason, hint }: FileProblem): string {
  return `${file}:${line}:${column}: ${reason}${hint === null ? "" : `; ${hint}`}`;
}

/** Reads a file's text as a value of the schema; an empty file is an empty map. */
export function readCheckedYaml<Value>(
  file: string,
  text: string,
  schema: z.ZodType<Value>,
  keyNoun = "setting",
): CheckedYaml<Value> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const placeAt = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  const placeOf = (path: readonly PropertyKey[]) => placeAt(offsetOf(path));
  const failed = (problems: readonly FileProblem[]) => ({ value: undefined, problems, placeOf });

  if (document.errors.length > 0) {
    return failed(
      document.errors.map(({ pos, message }) => ({
        file,
        ...placeAt(pos[0]),
        reason: firstLine(message),
        hint: null,
      })),
    );
  }

  let plain: unknown;
  try {
    plain = document.toJS({ maxAliasCount: 10 }) ?? {};
  } catch (error) {
    const reason = firstLine(error instanceof Error ? error.message : String(error));
    return failed([{ file, line: 1, column: 1, reason, hint: null }]);
  }
  const parsed = schema.safeParse(plain);
  if (parsed.success) return { value: parsed.data, problems: [], placeOf };
  return failed(parsed.error.issues.flatMap((issue) => problemsOf(issue, [])));

  function problemsOf(
    issue: z.core.$ZodIssue,
    outer: readonly PropertyKey[],
  ): readonly FileProblem[] {
    const path = [...outer, ...issue.path];
    if (issue.code === "unrecognized_keys") {
      return issue.keys.map((key) => {
        const meant = nearestWord(key, keysAt(schema, path));
        return {
          file,
          ...placeAt(offsetOfKey(path, key)),
          reason: `no ${keyNoun} ${[...path, key].join(".")}`,
          hint: meant === undefined ? null : `did you mean ${meant}?`,
        };
      });
    }
    // Of several shapes a value may have, the one it was nearly is worth telling about.
    if (issue.code === "invalid_union") {
      const near = issue.errors.find((issues) =>
        issues.every(({ path: at, code }) => at.length > 0 || code !== "invalid_type"),
      );
      if (near !== undefined && near.length > 0) {
        return near.flatMap((inner) => problemsOf(inner, path));
      }
    }
    const name = path.length === 0 ? "the file" : path.join(".");
    return [
      {
        file,
        ...placeOf(path),
        reason: `${name}: ${issue.message.toLowerCase()}`,
        hint: wordHint(issue, valueAt(plain, path)),
      },
    ];
  }

  function offsetOf(path: readonly PropertyKey[]): number {
    for (let length = path.length; length > 0; length -= 1) {
      const node = document.getIn(path.slice(0, length), true);
      if (isNode(node) && node.range) return node.range[0];
    }
    return document.contents?.range?.[0] ?? 0;
  }

  function offsetOfKey(path: readonly PropertyKey[], key: string): number {
    const map = path.length === 0 ? document.contents : document.getIn(path, true);
    const pair = isMap(map)
      ? map.items.find((item) => isNode(item.key) && String(item.key) === key)
      : undefined;
    return isNode(pair?.key) && pair.key.range ? pair.key.range[0] : offsetOf(path);
  }
}

function firstLine(text: string): string {
  const line = text.split("\n", 1)[0] ?? "";
  return line.charAt(0).toLowerCase() + line.slice(1);
}

function wordHint(issue: z.core.$ZodIssue, given: unknown): string | null {
  if (issue.code !== "invalid_value" || typeof given !== "string") return null;
  const meant = nearestWord(given, issue.values.map(String));
  return meant === undefined ? null : `did you mean ${meant}?`;
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
  readonly options?: readonly unknown[];
  readonly def?: { readonly getter?: () => unknown };
  unwrap?(): unknown;
}

/** The keys an object has at a place of the schema. */
function keysAt(schema: unknown, path: readonly PropertyKey[]): readonly string[] {
  let within = shapesIn(schema);
  for (const part of path) {
    within = within.flatMap((at) =>
      shapesIn(typeof part === "number" ? at.element : at.shape?.[String(part)]),
    );
  }
  return within.flatMap((at) => Object.keys(at.shape ?? {}));
}

/** The objects and lists that a schema may be, without what is wrapped around them. */
function shapesIn(schema: unknown): readonly Shaped[] {
  const at = schema as Shaped | undefined;
  if (at === undefined) return [];
  if (at.shape !== undefined || at.element !== undefined) return [at];
  if (at.options !== undefined) return at.options.flatMap(shapesIn);
  if (at.def?.getter !== undefined) return shapesIn(at.def.getter());
  return at.unwrap === undefined ? [] : shapesIn(at.unwrap());
}
