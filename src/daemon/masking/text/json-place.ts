/**
 * JSON place: where in a JSON text one is that comes in pieces — whether a
 * string is a name or a value, of what name, in an object of what type. Only
 * what stands between values is given to it.
 */
export interface JsonPlace {
  /** Where the next value or name begins, or the text's end; takes what stands before it. */
  nextValue(text: string, from: number): number;
  /** What came last is not JSON. */
  broken(): boolean;
  /** An object or list begins. */
  enter(bracket: number): void;
  /** Would a string here be a member's name? */
  atName(): boolean;
  /** A string or scalar ended; a name, or a value. */
  said(text: string): void;
  /** Of the value that stands here; of one in a list, the list's. */
  name(): string;
  /** What tells of the value here: its name, or of a `value` the `name` or `key` beside it. */
  telling(): string;
  /** The type of the object here, where it was said already; else the name of what it is in. */
  within(): string;
  /** Takes a whole list or object beginning here, as far as it is here; the place after it. */
  endOf(text: string, from: number): number;
  /** True while the list or object that `endOf` takes is still open. */
  captured(): boolean;
}

interface Level {
  readonly list: boolean;
  /** What the object or list is the value of. */
  readonly of: string;
  type: string;
  name: string;
  /** What its member `name` or `key` says. */
  called: string;
  /** In an object: a name comes next. */
  naming: boolean;
}

/** A list of settings or of variables writes each as two members. */
const called = /^(?:name|key)$/i;
const valueOfCalled = /^value$/i;
const setting = /^[\w.-]{1,64}$/;

/** Nesting no real text comes near. */
const depthLimit = 1000;

/** Creates the place before a text begins; `pastNumbers`: they are no values that anybody looks at. */
export function createJsonPlace(pastNumbers: boolean): JsonPlace {
  const levels: Level[] = [];
  let isBroken = false;
  let depth = 0;
  let inString = false;
  let afterBackslash = false;

  const here = () => levels[levels.length - 1];
  const name = () => {
    const level = here();
    if (level === undefined) return "";
    return level.list ? level.of : level.name;
  };

  return {
    nextValue(text, from) {
      for (let at = from; at < text.length; at += 1) {
        const level = levels[levels.length - 1];
        const code = text.charCodeAt(at);
        if (pastNumbers && isOfNumber(code)) continue;
        switch (code) {
          case 0x20:
          case 0x0a:
          case 0x0d:
          case 0x09:
            break;
          case 0x2c: // ,
            if (level !== undefined) level.naming = !level.list;
            break;
          case 0x3a: // :
            if (level === undefined || level.list) isBroken = true;
            else level.naming = false;
            break;
          case 0x7d: // }
          case 0x5d: // ]
            if (levels.pop() === undefined) isBroken = true;
            break;
          default:
            return at;
        }
        if (isBroken) return at;
      }
      return text.length;
    },
    broken: () => isBroken,
    enter(bracket) {
      if (levels.length === depthLimit) isBroken = true;
      const list = bracket === 0x5b;
      levels.push({ list, of: name(), type: "", name: "", called: "", naming: !list });
    },
    atName: () => here()?.naming === true,
    said(text) {
      const level = here();
      if (level === undefined || level.list) return;
      if (level.naming) level.name = text;
      else if (level.name === "type") level.type = text;
      else if (called.test(level.name) && setting.test(text)) level.called = text;
    },
    name,
    telling() {
      const level = here();
      if (level === undefined || level.list || !valueOfCalled.test(level.name)) return name();
      return level.called || level.name;
    },
    within: () => here()?.type || here()?.of || "",
    endOf(text, from) {
      for (let at = from; at < text.length; at += 1) {
        const code = text.charCodeAt(at);
        if (inString) {
          if (afterBackslash) afterBackslash = false;
          else if (code === 0x5c) afterBackslash = true;
          else if (code === 0x22) inString = false;
        } else if (code === 0x22) inString = true;
        else if (code === 0x7b || code === 0x5b) depth += 1;
        else if (code === 0x7d || code === 0x5d) {
          depth -= 1;
          if (depth === 0) return at + 1;
        }
      }
      return text.length;
    },
    captured: () => depth > 0,
  };
}

/** Digits, and what else numbers are written with. */
const isOfNumber = (code: number) =>
  (code >= 0x30 && code <= 0x39) ||
  code === 0x2e ||
  code === 0x2d ||
  code === 0x65 ||
  code === 0x45 ||
  code === 0x2b;
