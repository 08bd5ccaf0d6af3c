/**
 * Masked JSON: findings in a JSON text's strings, replaced string by string,
 * so that it stays the JSON it was: all else keeps its bytes. Two versions
 * come of one pass: what the record may have, and what may leave, in which
 * members that are no prompt (an id, a hosted tool's credential) are as they
 * were. Yields now and then, for whoever must not hold up others.
 */
import {
  createFindingTally,
  type FindingTally,
  type MaskSteps,
  type MaskText,
  maskBeside,
  maskedInSteps,
} from "./masked-text.js";

export interface MaskedJson {
  readonly recorded: string;
  readonly sent: string;
  /** All that was found, and that of it which is prompt. */
  readonly found: FindingTally;
  readonly inPrompt: FindingTally;
  /** Where the first finding in the prompt is: `input[2].content`; null where there is none. */
  readonly where: string | null;
}

export interface JsonMembers {
  /** Members whose value is no prompt. */
  readonly noPrompt: ReadonlySet<string>;
  /** Members whose value nobody but the provider can read. */
  readonly opaque: ReadonlySet<string>;
}

interface Level {
  /** The last name in an object, the place in a list. */
  at: string | number;
  readonly list: boolean;
  /** It is, or is in, a member that is no prompt. */
  readonly aside: boolean;
}

/** Characters between two yields. */
const stride = 1 << 16;
/** Longer than any that is looked at beside its name, characters. */
const longValue = 1 << 12;

/** Masks the strings of a text that is JSON. */
export function* maskJson(
  text: string,
  mask: MaskText,
  { noPrompt, opaque }: JsonMembers,
  steps?: MaskSteps,
): Generator<void, MaskedJson> {
  const recorded = createCopy(text);
  const sent = createCopy(text);
  const found = createFindingTally();
  const inPrompt = createFindingTally();
  const levels: Level[] = [{ at: "", list: false, aside: false }];
  let where: string | null = null;
  let name = "";
  let rested = 0;
  let from = 0;

  for (let start = text.indexOf('"'); start !== -1; start = text.indexOf('"', from)) {
    walk(from, start);
    const end = endOf(text, start);
    from = end + 1;
    const raw = text.slice(start + 1, end);
    const value = raw.includes("\\") ? (JSON.parse(`"${raw}"`) as string) : raw;
    const isName = followedByColon(text, from);
    const level = levels.at(-1) as Level;
    const aside = level.aside || (!isName && !level.list && noPrompt.has(name));
    if (isName) name = value;
    if ((!isName && opaque.has(name)) || isMedia(value)) continue;
    // A long value speaks for itself, and names are short where they are honest.
    let masked: ReturnType<MaskText>;
    if (value.length > longValue) masked = yield* maskedInSteps(value, mask, steps);
    else masked = isName ? mask(value) : maskBeside(name, value, mask);
    if (isName) level.at = masked.text;
    if (masked.findings.length > 0) {
      const written = JSON.stringify(masked.text);
      recorded.replace(start, from, written);
      found.add(masked.findings);
      if (!aside) {
        sent.replace(start, from, written);
        inPrompt.add(masked.findings);
        where ??= placeOf(levels);
      }
    }
    if (from - rested > stride) {
      rested = from;
      yield;
    }
  }
  return { recorded: recorded.whole(), sent: sent.whole(), found, inPrompt, where };

  /** What stands between two strings. */
  function walk(start: number, end: number): void {
    for (let at = start; at < end; at += 1) {
      const code = text.charCodeAt(at);
      if (code === 0x7b || code === 0x5b) {
        const { aside, list } = levels.at(-1) as Level;
        const inList = code === 0x5b;
        levels.push({
          at: inList ? 0 : "",
          list: inList,
          aside: aside || (!list && noPrompt.has(name)),
        });
      } else if (code === 0x7d || code === 0x5d) {
        if (levels.length > 1) levels.pop();
      } else if (code === 0x2c) {
        const level = levels.at(-1) as Level;
        if (level.list) level.at = (level.at as number) + 1;
      }
    }
  }
}

/** A text in which pieces are replaced, in order. */
function createCopy(text: string) {
  const pieces: string[] = [];
  let copied = 0;
  return {
    replace(start: number, end: number, piece: string) {
      pieces.push(text.slice(copied, start), piece);
      copied = end;
    },
    whole: () => (copied === 0 ? text : pieces.join("") + text.slice(copied)),
  };
}

/** Where the string that begins here ends: its closing quote, or the text's end. */
function endOf(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end !== -1) {
    let slashes = 0;
    while (text.charCodeAt(end - 1 - slashes) === 0x5c) slashes += 1;
    if (slashes % 2 === 0) return end;
    end = text.indexOf('"', end + 1);
  }
  return text.length;
}

function followedByColon(text: string, from: number): boolean {
  let at = from;
  let code = text.charCodeAt(at);
  while (code === 0x20 || (code >= 0x09 && code <= 0x0d)) {
    at += 1;
    code = text.charCodeAt(at);
  }
  return code === 0x3a;
}

/** A `data:` URL of an image, a sound or a film: known as such, and no text. */
function isMedia(text: string): boolean {
  return text.startsWith("data:") && /^data:(?:image|audio|video)\/[^,]{0,200};base64,/.test(text);
}

function placeOf(levels: readonly Level[]): string {
  const path = levels
    .slice(1)
    .map(({ at, list }) => (list ? `[${at}]` : `.${at}`))
    .join("");
  const shown = path.replace(/^\./, "").replace(/[^\w.:[\]#-]+/g, "?");
  return shown.length > 120 ? `${shown.slice(0, 120)}…` : shown || "the body";
}
