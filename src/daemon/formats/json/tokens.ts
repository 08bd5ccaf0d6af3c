/**
 * JSON tokens: a large JSON text, token by token, read from its bytes. It
 * builds no value, so a body of many tiny values costs no more memory than
 * its bytes; and it says `pause` after each stretch of work, so that its
 * caller can let others run. The grammar is that of RFC 8259, as JSON.parse
 * holds it; what breaks it throws a JsonError that quotes nothing.
 */

export type JsonToken = "{" | "}" | "[" | "]" | "name" | "string" | "scalar" | "pause" | "end";

/** The text is not JSON, or over a limit; the message says where. */
export class JsonError extends Error {
  /** The text is JSON as far as it was read, and has more values than are read. */
  readonly tooMany: boolean;

  constructor(message: string, tooMany = false) {
    super(message);
    this.tooMany = tooMany;
  }
}

export interface JsonTokens {
  /** Reads on. Of a string or name `start` and `end` are between its quotes. */
  next(): JsonToken;
  readonly start: number;
  readonly end: number;
  /** The string or name has an escape in it. */
  readonly escaped: boolean;
  /** Values so far, as the limit counts them. */
  readonly values: number;
}

export interface JsonTokenLimits {
  /** Deepest nesting. */
  readonly depth: number;
  /** Values at most: commas and opening brackets, which is what can be counted before they are read. */
  readonly values: number;
}

/** Bytes and tokens between two pauses: a millisecond or less. */
const strideBytes = 1 << 17;
const strideTokens = 1024;
/** A number longer than this is no number that anybody sent in earnest. */
const longestScalar = 1024;

const number = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** What may come next. */
type Expected = "value" | "first-item" | "name" | "first-name" | "colon" | "more" | "end";

/**
 * Opens a text; `bytes` are UTF-8. `from`: what stands before it was read, and it stands right behind
 * an item of a list that is a member of the whole.
 */
export function openJsonTokens(bytes: Buffer, limits: JsonTokenLimits, from = 0): JsonTokens {
  const { length } = bytes;
  /** Of each open bracket: is it a list? */
  const lists: boolean[] = from === 0 ? [] : [false, true];
  let expected: Expected = from === 0 ? "value" : "more";
  let at = from;
  let start = 0;
  let end = 0;
  let escaped = false;
  let inString = false;
  let isName = false;
  let values = 1;
  let rested = from;
  let tokens = 0;

  return {
    next,
    get values() {
      return values;
    },
    get start() {
      return start;
    },
    get end() {
      return end;
    },
    get escaped() {
      return escaped;
    },
  };

  function next(): JsonToken {
    tokens += 1;
    if (tokens > strideTokens || at - rested > strideBytes) return pause();
    if (inString) return string();
    for (;;) {
      const code = bytes[at];
      switch (code) {
        case 0x20:
        case 0x0a:
        case 0x0d:
        case 0x09:
          at += 1;
          if (at - rested > strideBytes) return pause();
          continue;
        case 0x22:
          if (expected === "name" || expected === "first-name") isName = true;
          else if (expected === "value" || expected === "first-item") isName = false;
          else throw broken();
          at += 1;
          start = at;
          escaped = false;
          inString = true;
          return string();
        case 0x7b:
        case 0x5b:
          return open(code === 0x5b);
        case 0x7d:
        case 0x5d:
          return close(code === 0x5d);
        case 0x3a:
          if (expected !== "colon") throw broken();
          expected = "value";
          at += 1;
          continue;
        case 0x2c:
          if (expected !== "more") throw broken();
          expected = lists.at(-1) ? "value" : "name";
          count();
          at += 1;
          continue;
        case undefined:
          if (expected === "end") return "end";
          throw broken();
        default:
          return scalar();
      }
    }
  }

  function pause(): "pause" {
    tokens = 0;
    rested = at;
    return "pause";
  }

  function count(): void {
    values += 1;
    if (values > limits.values) throw new JsonError(`over ${limits.values} values`, true);
  }

  function needValue(): void {
    if (expected !== "value" && expected !== "first-item") throw broken();
  }

  function open(list: boolean): JsonToken {
    needValue();
    if (lists.length === limits.depth) {
      throw new JsonError(`nested more than ${limits.depth} deep at byte ${at}`);
    }
    count();
    lists.push(list);
    expected = list ? "first-item" : "first-name";
    start = at;
    at += 1;
    end = at;
    return list ? "[" : "{";
  }

  function close(list: boolean): JsonToken {
    const empty = expected === (list ? "first-item" : "first-name");
    if ((!empty && expected !== "more") || lists.at(-1) !== list) throw broken();
    lists.pop();
    start = at;
    at += 1;
    end = at;
    after();
    return list ? "]" : "}";
  }

  function after(): void {
    expected = lists.length === 0 ? "end" : "more";
  }

  function string(): JsonToken {
    const until = Math.min(length, rested + strideBytes);
    while (at < until) {
      const code = bytes[at] as number;
      if (code === 0x22) {
        end = at;
        at += 1;
        inString = false;
        if (isName) expected = "colon";
        else after();
        return isName ? "name" : "string";
      }
      if (code === 0x5c) readEscape();
      else if (code < 0x20) throw broken();
      else at += 1;
    }
    if (at >= length) throw broken();
    return pause();
  }

  function readEscape(): void {
    escaped = true;
    const code = bytes[at + 1];
    if (code === 0x75) {
      for (let digit = at + 2; digit < at + 6; digit += 1) if (!isHex(bytes[digit])) throw broken();
      at += 6;
    } else if (code !== undefined && simpleEscapes.includes(code)) at += 2;
    else throw broken();
  }

  function scalar(): JsonToken {
    needValue();
    start = at;
    const most = Math.min(length, at + longestScalar + 1);
    while (at < most && isOfScalar(bytes[at] as number)) at += 1;
    end = at;
    const text = bytes.toString("latin1", start, end);
    const known = text === "true" || text === "false" || text === "null";
    if (text.length > longestScalar || !(known || number.test(text))) {
      at = start;
      throw broken();
    }
    after();
    return "scalar";
  }

  function broken(): JsonError {
    return new JsonError(`not JSON at byte ${at}`);
  }
}

const simpleEscapes = [...'"\\/bfnrt'].map((letter) => letter.charCodeAt(0));

function isHex(code: number | undefined): boolean {
  if (code === undefined) return false;
  const lower = code | 0x20;
  return (code >= 0x30 && code <= 0x39) || (lower >= 0x61 && lower <= 0x66);
}

/** Letters, digits, `+`, `-` and `.`. */
function isOfScalar(code: number): boolean {
  const lower = code | 0x20;
  return (
    (code >= 0x30 && code <= 0x39) ||
    (lower >= 0x61 && lower <= 0x7a) ||
    code === 0x2b ||
    code === 0x2d ||
    code === 0x2e
  );
}
