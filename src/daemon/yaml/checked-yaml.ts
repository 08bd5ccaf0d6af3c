/**
 * Checked YAML: a file's text held to a schema, each problem told with its
 * line and column and what mends it.
 */
import { isMap, isNode } from "yaml";
import type * as z from "zod";
import { atOnce } from "../model/turns.js";
import { reasonOf } from "./check-shape.js";
import { excessIn, type LongList, shapeSteps } from "./shape-steps.js";
import {
  aliasMistake,
  type ParsedYaml,
  parseYaml,
  parseYamlSteps,
  type SyntaxMistake,
} from "./syntax-mistake.js";

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

/** Reads a short file's text as a value of the schema; an empty file is an empty map. */
export function readCheckedYaml<Value>(
  file: string,
  text: string,
  schema: z.ZodType<Value>,
): CheckedYaml<Value> {
  return atOnce(checkedSteps({ file, schema, keyNoun: "setting" }, parseYaml(text)));
}

/** Reads a text that may be long, in steps. */
export function* readCheckedYamlSteps<Value>(
  text: string,
  how: CheckedFile<Value>,
): Generator<void, CheckedYaml<Value>> {
  return yield* checkedSteps(how, yield* parseYamlSteps(text));
}

export interface CheckedFile<Value> {
  readonly file: string;
  readonly schema: z.ZodType<Value>;
  /** What a key is called in messages. */
  readonly keyNoun: string;
  readonly longList?: LongList;
}

function* checkedSteps<Value>(
  { file, schema, keyNoun, longList }: CheckedFile<Value>,
  { document, lines, mistakes: unreadable }: ParsedYaml,
): Generator<void, CheckedYaml<Value>> {
  const placeAt = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  const placeOf = (path: readonly PropertyKey[]) => placeAt(offsetOf(path));
  const failed = (problems: readonly FileProblem[]) => ({ value: undefined, problems, placeOf });

  const unread = ({ offset, reason, hint }: SyntaxMistake): FileProblem => ({
    file,
    ...placeAt(offset),
    reason,
    hint,
  });
  if (unreadable.length > 0) return failed(unreadable.map(unread));

  let plain: unknown;
  try {
    plain = document.toJS({ maxAliasCount: 10 }) ?? {};
  } catch {
    return failed([unread(aliasMistake(document))]);
  }
  yield;
  const excess = excessIn(plain);
  const checked =
    excess === undefined ? yield* shapeSteps(plain, schema, longList) : { mistakes: [excess] };
  if (checked.value !== undefined) return { value: checked.value, problems: [], placeOf };
  const wording = { whole: "the file", key: keyNoun };
  return failed(
    checked.mistakes.map((mistake) => {
      const { path, key, hint } = mistake;
      const place = key === null ? placeOf(path) : placeAt(offsetOfKey(path, key));
      return { file, ...place, reason: reasonOf(mistake, wording), hint };
    }),
  );

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
