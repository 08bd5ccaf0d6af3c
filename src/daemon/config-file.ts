/**
 * Config file: YAML held to a schema, each problem told with the line and
 * column it stands at and, for a key that does not exist, the one that was
 * probably meant.
 */
import { isMap, isNode, LineCounter, parseDocument } from "yaml";
import type { z } from "zod";
import { nearestWord } from "./nearest-word.js";

/** The settings of a file's text; undefined where there are problems, which are added to the list. */
export function readSettingsFile<Settings>(
  file: string,
  text: string,
  schema: z.ZodType<Settings>,
  problems: string[],
): Settings | undefined {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const placeOf = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${line}:${col}`;
  };

  if (document.errors.length > 0) {
    for (const error of document.errors) {
      problems.push(`${placeOf(error.pos[0])}: ${firstLine(error.message)}`);
    }
    return undefined;
  }

  const parsed = schema.safeParse(document.toJS({ maxAliasCount: 10 }) ?? {});
  if (parsed.success) return parsed.data;

  /** Where a value stands; where it is missing, the nearest thing around it. */
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

  for (const issue of parsed.error.issues) {
    if (issue.code === "unrecognized_keys") {
      for (const key of issue.keys) {
        const meant = nearestWord(key, keysAt(schema, issue.path));
        const advice = meant === undefined ? "" : `; did you mean ${meant}?`;
        const full = [...issue.path, key].join(".");
        problems.push(`${placeOf(offsetOfKey(issue.path, key))}: no setting ${full}${advice}`);
      }
    } else {
      const name = issue.path.length === 0 ? "the file" : issue.path.join(".");
      problems.push(`${placeOf(offsetOf(issue.path))}: ${name}: ${issue.message.toLowerCase()}`);
    }
  }
  return undefined;
}

function firstLine(text: string): string {
  const line = text.split("\n", 1)[0] ?? "";
  return line.charAt(0).toLowerCase() + line.slice(1);
}

interface Shaped {
  readonly shape?: Readonly<Record<string, unknown>>;
  unwrap?(): unknown;
}

/** The keys an object has at a place of the schema. */
function keysAt(schema: unknown, path: readonly PropertyKey[]): readonly string[] {
  let at = schema as Shaped | undefined;
  for (const part of path) {
    const next = at?.shape?.[String(part)] as Shaped | undefined;
    at = next?.shape === undefined ? (next?.unwrap?.() as Shaped | undefined) : next;
  }
  return Object.keys(at?.shape ?? {});
}
