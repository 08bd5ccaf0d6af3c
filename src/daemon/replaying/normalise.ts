/**
 * Normalise: a request's body without what legitimately differs from one run
 * of an agent to the next, so that two bodies that ask for the same are equal.
 * Each rule is told in docs/replay.md, and can be turned off by its name;
 * places that differ for reasons of their own are named by `ignore`.
 */
import { isList, type Json } from "./json.js";
import { matchesPlace, type Place } from "./place.js";

export const ruleNames = ["fields", "ids", "dates", "paths", "ports", "whitespace"] as const;
export type RuleName = (typeof ruleNames)[number];

export interface NormaliseOptions {
  /** Rules that do not hold. */
  readonly exact: ReadonlySet<RuleName>;
  /** Places that are left out, in requests and so in comparisons. */
  readonly ignore: readonly Place[];
}

/** What a run says of itself, not of what it asks: the whole value goes. */
const runTimeFields = new Set([
  "user",
  "metadata",
  "client_metadata",
  "prompt_cache_key",
  "safety_identifier",
]);
/** Their values are ids, whatever they look like. */
const idFields = new Set([
  "call_id",
  "tool_call_id",
  "item_id",
  "response_id",
  "previous_response_id",
]);

/** `resp_68a…`, `chatcmpl-9xK…`: a prefix of providers', and a long tail with a digit in it. */
const prefixed =
  /\b(?:resp|msg|call|item|rs|fc|fco|ctc|ws|fs|ci|ig|mcp|mcpl|mcpr|mcpa|cu|sh|req|run|step|thread|conv|cmpl|chatcmpl|toolu)[_-](?=[A-Za-z]{0,40}\d)[A-Za-z0-9]{12,}/g;
const uuid = /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi;

const month = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}";
const weekday = "(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]{0,6}";
const clock =
  "\\d{1,2}:\\d{2}(?::\\d{2}(?:[.,]\\d{1,9})?)?(?: ?[AaPp]\\.?[Mm]\\.?)?(?: ?(?:Z|UTC|GMT)?(?:[+-]\\d{2}:?\\d{2})?(?: \\([A-Za-z ]{3,40}\\))?)?";
const day = [
  "\\d{4}-\\d{2}-\\d{2}",
  "\\d{4}/\\d{2}/\\d{2}",
  "\\d{1,2}[/.]\\d{1,2}[/.]\\d{4}",
  `(?:${weekday},? )?\\d{1,2}\\.? ${month},? \\d{4}`,
  `(?:${weekday},? )?${month} \\d{1,2},? \\d{4}`,
].join("|");
const dates = new RegExp(
  `(?<![\\w.-])(?:(?:${day})(?:(?:T|,? (?:at )?)${clock})?|${clock})(?!\\w)`,
  "g",
);
/** Seconds or milliseconds since 1970, from 2017 to 2033, whole or with fractions. */
const epoch = /(?<![\w.-])1[5-9]\d{8}(?:\d{3})?(?:\.\d{1,9})?(?![\w.])/g;

const temporary =
  /(?:\/private)?(?:\/tmp|\/var\/tmp|\/var\/folders\/[\w+-]+\/[\w+-]+\/[TC])\/[^\s"'`<>|:;,)/]+|[A-Za-z]:\\Users\\[^\s"'\\]+\\AppData\\Local\\Temp\\[^\s"'`<>|:;,)\\]+/g;
const port = /\b(localhost|127\.0\.0\.1|\[::1\]|0\.0\.0\.0):\d{2,5}\b/g;

/** Creates what normalises a body, given as its bytes' text. */
export function createNormalise({ exact, ignore }: NormaliseOptions): (body: string) => Json {
  const on = (rule: RuleName) => !exact.has(rule);

  return function normalise(body) {
    const parsed = parsedJson(body);
    return parsed === undefined ? withoutBoundary(body) : normalised(parsed);
  };

  function normalised(root: Json): Json {
    // Numbered as they appear: who answers whom stays to be seen.
    const ids = new Map<string, string>();
    const idOf = (id: string) => {
      const known = ids.get(id) ?? `‹id ${ids.size + 1}›`;
      ids.set(id, known);
      return known;
    };
    return walk(root, []);

    function walk(value: Json, path: readonly (string | number)[]): Json {
      if (typeof value === "string") return textOf(value, path);
      if (typeof value === "number") {
        return on("dates") && String(value).replace(epoch, "") === "" ? "‹time›" : value;
      }
      if (value === null || typeof value !== "object") return value;
      if (isList(value)) {
        return value
          .map((item, at) => [item, [...path, at]] as const)
          .filter(([, place]) => !ignored(place))
          .map(([item, place]) => walk(item, place));
      }
      const { id } = value;
      const isItem = typeof id === "string" && ("type" in value || "role" in value);
      const kept: Record<string, Json> = {};
      // In the order of their names: ids are numbered the same, however a client orders its keys.
      for (const name of Object.keys(value).sort()) {
        const place = [...path, name];
        if (ignored(place)) continue;
        if (on("fields") && path.length === 0 && runTimeFields.has(name)) continue;
        const inner = value[name] as Json;
        // A model's name ends in a date, and is another model with another.
        if (path.length === 0 && name === "model") {
          kept[name] = inner;
          continue;
        }
        const isId = idFields.has(name) || (isItem && name === "id");
        kept[name] =
          isId && typeof inner === "string" && on("ids") ? idOf(inner) : walk(inner, place);
      }
      return kept;
    }

    function textOf(text: string, path: readonly (string | number)[]): Json {
      // Arguments and outputs of tools are JSON in a text: the order of keys means nothing there either.
      if (/^\s*[[{]/.test(text)) {
        const inner = parsedJson(text);
        if (typeof inner === "object" && inner !== null) return walk(inner, path);
      }
      // Pictures and files: nothing in them is a date.
      if (/^data:[\w/+.-]+;base64,/.test(text)) return text;
      let left = text;
      if (on("ids")) left = left.replace(prefixed, idOf).replace(uuid, idOf);
      if (on("dates")) left = left.replace(dates, "‹time›").replace(epoch, "‹time›");
      if (on("paths")) left = left.replace(temporary, "‹temporary›");
      if (on("ports")) left = left.replace(port, "$1:‹port›");
      return on("whitespace") ? left.replace(/\s+/g, " ").trim() : left;
    }
  }

  function ignored(path: readonly (string | number)[]): boolean {
    return ignore.some((place) => matchesPlace(place, path));
  }
}

/** Undefined for what is no JSON. */
function parsedJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

/** A multipart body's boundary is drawn again for each request. */
function withoutBoundary(body: string): string {
  const [, boundary] = /^--([\w'()+,./:=?-]{1,70})\r\n/.exec(body) ?? [];
  return boundary === undefined ? body : body.replaceAll(boundary, "‹boundary›");
}
