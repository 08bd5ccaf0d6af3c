/**
 * Normalise: a request's body without what legitimately differs from one run
 * of an agent to the next, so that two bodies that ask for the same are equal.
 * Each rule is told in docs/replay.md, and can be turned off by its name;
 * places that differ for reasons of their own are named by `ignore`. The work
 * is done in steps, and a long text in stretches that end at lines where they
 * can: what is found in a text stands within a line.
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

/**
 * `resp_68a…`, `chatcmpl-9xK…`: a prefix of providers', and a long tail with a digit in it; and
 * UUIDs. One expression finds both, since ids are numbered in the order of their places: with one
 * pass for each kind, the numbers would depend on where a long text is cut.
 */
const idsInText =
  /\b(?:resp|msg|call|item|rs|fc|fco|ctc|ws|fs|ci|ig|mcp|mcpl|mcpr|mcpa|cu|sh|req|run|step|thread|conv|cmpl|chatcmpl|toolu)[_-](?=[A-Za-z]{0,40}\d)[A-Za-z0-9]{12,}|\b[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\b/g;

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

/** Characters of a stretch, and values between two yields. */
const stretch = 1 << 16;
const stride = 256;

/** Creates what normalises a body, given as its bytes' text, in steps. */
export function createNormalise({
  exact,
  ignore,
}: NormaliseOptions): (body: string) => Generator<void, Json> {
  const on = (rule: RuleName) => !exact.has(rule);

  return function* normalise(body) {
    const parsed = parsedJson(body);
    yield;
    return parsed === undefined ? withoutBoundary(body) : yield* normalised(parsed);
  };

  function* normalised(root: Json): Generator<void, Json> {
    let walked = 0;
    // Numbered as they appear: who answers whom stays to be seen.
    const ids = new Map<string, string>();
    const idOf = (id: string) => {
      const known = ids.get(id) ?? `‹id ${ids.size + 1}›`;
      ids.set(id, known);
      return known;
    };
    /** Where the walk is. */
    const path: (string | number)[] = [];
    return yield* walk(root);

    function* walk(value: Json): Generator<void, Json> {
      walked += 1;
      if (walked % stride === 0) yield;
      if (typeof value === "string") return yield* textOf(value);
      if (typeof value === "number") {
        return on("dates") && String(value).replace(epoch, "") === "" ? "‹time›" : value;
      }
      if (value === null || typeof value !== "object") return value;
      if (isList(value)) {
        const items: Json[] = [];
        for (const [at, item] of value.entries()) {
          path.push(at);
          if (!ignored(path)) items.push(yield* walk(item));
          path.pop();
        }
        return items;
      }
      const { id } = value;
      const isItem = typeof id === "string" && ("type" in value || "role" in value);
      const kept: Record<string, Json> = {};
      // In the order of their names: ids are numbered the same, however a client orders its keys.
      for (const name of Object.keys(value).sort()) {
        const top = path.length === 0;
        if (on("fields") && top && runTimeFields.has(name)) continue;
        path.push(name);
        const inner = value[name] as Json;
        const isId = idFields.has(name) || (isItem && name === "id");
        if (!ignored(path)) {
          // A model's name ends in a date, and is another model with another.
          if (top && name === "model") kept[name] = inner;
          else if (isId && typeof inner === "string" && on("ids")) kept[name] = idOf(inner);
          else kept[name] = yield* walk(inner);
        }
        path.pop();
      }
      return kept;
    }

    function* textOf(text: string): Generator<void, Json> {
      // Arguments and outputs of tools are JSON in a text: the order of keys means nothing there either.
      if (/^\s*[[{]/.test(text)) {
        const inner = parsedJson(text);
        if (typeof inner === "object" && inner !== null) return yield* walk(inner);
      }
      // Pictures and files: nothing in them is a date.
      if (/^data:[\w/+.-]+;base64,/.test(text)) return text;
      if (text.length <= stretch) {
        const left = replaced(text);
        return on("whitespace") ? left.replace(/\s+/g, " ").trim() : left;
      }
      const pieces: string[] = [];
      for (const piece of stretchesOf(text)) {
        pieces.push(replaced(piece));
        yield;
      }
      if (!on("whitespace")) return pieces.join("");
      let spaced = true;
      for (const [at, piece] of pieces.entries()) {
        const single = piece.replace(/\s+/g, " ");
        pieces[at] = spaced ? single.trimStart() : single;
        if (single !== "") spaced = single.endsWith(" ");
        yield;
      }
      return pieces.join("").trimEnd();
    }

    function replaced(text: string): string {
      let left = text;
      if (on("ids")) left = left.replace(idsInText, idOf);
      if (on("dates")) left = left.replace(dates, "‹time›").replace(epoch, "‹time›");
      if (on("paths")) left = left.replace(temporary, "‹temporary›");
      if (on("ports")) left = left.replace(port, "$1:‹port›");
      return left;
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

/** A long text, cut behind lines, or where there is none in a stretch, behind a space. */
function* stretchesOf(text: string): Generator<string> {
  for (let at = 0; at < text.length; ) {
    const piece = text.slice(at, at + stretch);
    const line = piece.lastIndexOf("\n");
    const cut = line === -1 ? piece.lastIndexOf(" ") : line;
    const last = at + piece.length === text.length;
    const end = last || cut === -1 ? piece.length : cut + 1;
    yield piece.slice(0, end);
    at += end;
  }
}

/** A multipart body's boundary is drawn again for each request. */
function withoutBoundary(body: string): string {
  const [, boundary] = /^--([\w'()+,./:=?-]{1,70})\r\n/.exec(body) ?? [];
  return boundary === undefined ? body : body.replaceAll(boundary, "‹boundary›");
}
