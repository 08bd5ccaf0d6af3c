/**
 * Literal place: where in a text one stands that comes in pieces: in plain
 * text, between the values of some JSON, or within a string literal, also of
 * JSON that stands in a literal of other JSON. Code that writes there knows by
 * it what to escape. JSON is found wherever it begins, in prose too. Whatever
 * a strict parser takes for JSON is read as JSON here; a text that cannot
 * become JSON any more is plain from there on.
 */
import { escaped, insideEnd, unescaped } from "./json-literal.js";

export interface Place {
  /** String literals that this place is within, one in another. */
  readonly literals: number;
  /** Within the innermost of them: between the values of JSON, where only a literal can stand. */
  readonly between: boolean;
}

export interface LiteralPlace {
  push(text: string): void;
  /** Undefined where nothing can be written: in the middle of an escape, or deeper than is followed. */
  here(): Place | undefined;
}

/** JSON in JSON in JSON …: each level doubles what an escape is written with. */
const literalLimit = 6;
/** Brackets within brackets; deeper ones are not followed. */
const bracketLimit = 10_000;

/** A text as it has to be written at a place, so that a parser reads that very text there. */
export function writtenAt(text: string, { literals, between }: Place): string {
  let made = between ? JSON.stringify(text) : text;
  for (let level = 0; level < literals; level += 1) made = escaped(made);
  return made;
}

/** Opens a text at its beginning. */
export function openLiteralPlace(): LiteralPlace {
  return openLevel(literalLimit);
}

/** What may come next between values. */
type Next = "name" | "colon" | "value" | "word" | "comma";

const brackets = /[{[]/g;
const mayBeJson = /[{["]/;
const ofNumber = /[\d.eE+-]/;
const numbers = /(?:[\d.eE+-]+\s*,?\s*|,\s*)+/y;
const names = ["true", "false", "null", "NaN", "Infinity"];
const isSpace = /\s/;

const nowhere: LiteralPlace = { push() {}, here: () => undefined };

function openLevel(deepest: number): LiteralPlace {
  /** Closing brackets that are owed; none in plain text. */
  const owed: string[] = [];
  let next: Next = "value";
  /** JSON, and not just a bracket in prose: something stood in it. */
  let certain = false;
  /** Of a value that is no string: its letters so far, or `-` for a number. */
  let word = "";
  let lost = false;
  let begins = true;
  let inLiteral = false;
  /** The beginning of an escape that the pieces cut. */
  let cut = "";
  /** What the literal says; opened once that may be JSON. */
  let within: LiteralPlace | undefined;

  function open(bracket: string): void {
    if (owed.length === 0) certain = false;
    if (owed.length === bracketLimit) lost = true;
    owed.push(bracket === "{" ? "}" : "]");
    next = bracket === "{" ? "name" : "value";
  }

  function close(): void {
    owed.pop();
    next = "comma";
  }

  /** From here on it is no JSON, unless some begins again. */
  function turnPlain(): void {
    owed.length = 0;
  }

  /** A text that begins with a quote is a literal: arguments that were written as JSON twice. */
  function takeBeginning(text: string): number {
    const at = text.search(/\S/);
    if (at === -1) return text.length;
    begins = false;
    inLiteral = text[at] === '"';
    return inLiteral ? at + 1 : at;
  }

  function takePlain(text: string, from: number): number {
    brackets.lastIndex = from;
    const found = brackets.exec(text);
    if (found === null) return text.length;
    open(found[0]);
    return found.index + 1;
  }

  /** Takes a character of a number or a name such as `true`, also of those that only some parsers read. */
  function wordGoesOn(char: string): boolean {
    if (next !== "value" && next !== "word") return false;
    const before = next === "word" ? word : "";
    if (ofNumber.test(char) && (before === "" || before === "-")) word = "-";
    else {
      const longer = before.replace("-", "") + char;
      if (!names.some((name) => name.startsWith(longer))) return false;
      word = longer;
    }
    next = "word";
    return true;
  }

  /** Lists of numbers are long: they are taken at once. */
  function takeNumbers(text: string, from: number): number {
    if (owed[owed.length - 1] !== "]" || next === "name" || next === "colon") return from;
    numbers.lastIndex = from;
    const [found = ""] = numbers.exec(text) ?? [];
    if (found.length < 2) return from;
    const said = found.trimEnd();
    certain = true;
    word = "-";
    next = said.endsWith(",") ? "value" : said.length === found.length ? "word" : "comma";
    return from + found.length;
  }

  /** One character between values; it is not taken where it ends the JSON. */
  function takeBetween(text: string, at: number): number {
    const char = text[at] as string;
    if (isSpace.test(char)) {
      if (next === "word") next = "comma";
      return at + 1;
    }
    const isEnd = next === "comma" || next === "word";
    const last = owed[owed.length - 1];
    // A comma before the closing bracket is no JSON, but some read it.
    const mayClose = isEnd || next === (last === "}" ? "name" : "value");
    if (char === last && mayClose) close();
    else if (char === "," && isEnd) next = last === "}" ? "name" : "value";
    else if (char === ":" && next === "colon") next = "value";
    else if (char === '"' && (next === "name" || next === "value")) inLiteral = true;
    else if ((char === "{" || char === "[") && next === "value") open(char);
    else if (wordGoesOn(char)) certain = true;
    else {
      turnPlain();
      return at;
    }
    return at + 1;
  }

  function takeLiteral(text: string, from: number): number {
    const inside = cut + text.slice(from);
    const found = insideEnd(inside, 0);
    say(inside.slice(0, found.at));
    cut = found.cut ? inside.slice(found.at) : "";
    if (found.cut || found.at === inside.length) return text.length;
    inLiteral = false;
    within = undefined;
    certain = true;
    next = next === "name" ? "colon" : "comma";
    return text.length - (inside.length - found.at) + 1;
  }

  function say(raw: string): void {
    if (raw === "") return;
    const text = unescaped(raw);
    if (within === undefined && !mayBeJson.test(text)) return;
    within ??= deepest === 1 ? nowhere : openLevel(deepest - 1);
    within.push(text);
  }

  return {
    push(text) {
      for (let at = 0; at < text.length && !lost; ) {
        if (begins) at = takeBeginning(text);
        else if (inLiteral) at = takeLiteral(text, at);
        else if (owed.length > 0) {
          const behind = takeNumbers(text, at);
          at = behind > at ? behind : takeBetween(text, at);
        } else at = takePlain(text, at);
      }
    },
    here() {
      if (lost || cut !== "") return undefined;
      if (!inLiteral) return { literals: 0, between: owed.length > 0 && certain };
      const inner = within === undefined ? { literals: 0, between: false } : within.here();
      if (inner === undefined) return undefined;
      return { literals: inner.literals + 1, between: inner.between };
    },
  };
}
