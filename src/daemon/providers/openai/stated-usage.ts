/**
 * Stated usage: the usage that a reply states where the API puts it: the member
 * `usage` of a reply or of an event, or of the `response` that an event carries.
 * An object of that name anywhere else (in the tools, arguments or metadata that
 * a reply repeats) is the agent's own and states nothing. The reply is followed
 * byte by byte as it streams by; only the object itself is kept and parsed.
 */

import { isRecord } from "../../formats/json/shapes.js";
import type { TokenUsage } from "../../model/transcript.js";

export interface StatedUsage {
  push(bytes: Buffer): void;
  /** The last one that the reply stated so far. */
  usage(): TokenUsage | null;
}

const quote = 0x22;
const comma = 0x2c;
const colon = 0x3a;
const backslash = 0x5c;
const lf = 0x0a;
const cr = 0x0d;
const openBrace = 0x7b;
const openBracket = 0x5b;
const closeBrace = 0x7d;
const closeBracket = 0x5d;

/** Opens the reader of one reply. Whether it is a stream of events its first byte says. */
export function openStatedUsage(): StatedUsage {
  let found: TokenUsage | null = null;
  const take = (text: string) => {
    found = usageOf(text) ?? found;
  };
  let reader: ((bytes: Buffer) => void) | undefined;
  return {
    usage: () => found,
    push(bytes) {
      if (reader === undefined) {
        const first = bytes.find((byte) => !isSpace(byte));
        if (first === undefined) return;
        const isJson = first === openBrace || first === openBracket;
        reader = isJson ? bodyReader(take) : eventReader(take);
      }
      reader(bytes);
    },
  };
}

type Take = (text: string) => void;

function bodyReader(take: Take): (bytes: Buffer) => void {
  const members = followMembers(take, false);
  return (bytes) => members.walk(bytes, 0, bytes.length);
}

const needle = Buffer.from('"usage"');
const field = Buffer.from("data:");

/** Reads the data of each event, on however many lines it stands. */
function eventReader(take: Take): (bytes: Buffer) => void {
  const members = followMembers(take, true);
  /** Bytes of the line so far that are the field's name; -1 in a line that is no data. */
  let named = 0;
  let lineIsEmpty = true;
  let afterCr = false;
  let between = true;

  return (bytes) => {
    // Nearly every chunk is whole events that state nothing.
    const whole = between && bytes.at(-1) === lf && bytes.at(-2) === lf;
    if (whole && !bytes.includes(needle)) return;
    let at = 0;
    while (at < bytes.length) {
      const byte = bytes[at] as number;
      if (byte === lf || byte === cr) {
        const pair = byte === lf && afterCr;
        afterCr = byte === cr;
        at += 1;
        if (pair) continue;
        if (lineIsEmpty) members.reset();
        between = lineIsEmpty;
        lineIsEmpty = true;
        named = 0;
        continue;
      }
      afterCr = false;
      between = false;
      lineIsEmpty = false;
      if (named < 0 || named === field.length) {
        const end = lineEnd(bytes, at);
        if (named > 0) members.walk(bytes, at, end);
        at = end;
      } else {
        named = byte === field[named] ? named + 1 : -1;
        at += 1;
      }
    }
  };
}

/** Where the line ends in which this place is, or the bytes end. */
function lineEnd(bytes: Buffer, from: number): number {
  let at = from;
  while (at < bytes.length && bytes[at] !== lf && bytes[at] !== cr) at += 1;
  return at;
}

/** A usage object that is longer is none. */
const longest = 4096;
/** One letter more than the longest name that is looked for. */
const longestName = "response".length + 1;

interface Members {
  /** Goes on with the bytes between two places. */
  walk(bytes: Buffer, from: number, to: number): void;
  /** Another JSON text begins. */
  reset(): void;
}

/** Follows a JSON text along the objects whose `usage` counts: the outermost, and an event's response. */
function followMembers(take: Take, inEvents: boolean): Members {
  let depth = 0;
  /** How deep the innermost open object is whose `usage` counts; 0 for none. */
  let counting = 0;
  let inString = false;
  let escaped = false;
  let atName = false;
  let inName = false;
  let name = "";
  /** The usage object under way: what came of it before, and where it goes on in these bytes. */
  let kept: Buffer[] | undefined;
  let size = 0;
  let keptFrom = 0;

  function opened(byte: number, at: number): void {
    depth += 1;
    if (byte !== openBrace) return;
    const counts =
      depth === 1 || (inEvents && depth === 2 && counting === 1 && name === "response");
    if (counts) {
      counting = depth;
      atName = true;
      name = "";
    } else if (depth === counting + 1 && counting > 0 && name === "usage") {
      kept = [];
      size = 0;
      keptFrom = at;
    }
  }

  function closed(bytes: Buffer, at: number): void {
    if (kept !== undefined && depth === counting + 1) {
      keep(bytes, at + 1);
      if (kept !== undefined) take(Buffer.concat(kept).toString("latin1"));
      kept = undefined;
    }
    if (depth === counting) {
      counting -= 1;
      name = "";
    }
    if (depth > 0) depth -= 1;
  }

  function keep(bytes: Buffer, to: number): void {
    if (kept === undefined) return;
    size += to - keptFrom;
    if (size > longest) kept = undefined;
    else kept.push(Buffer.from(bytes.subarray(keptFrom, to)));
  }

  return {
    reset() {
      depth = 0;
      counting = 0;
      inString = false;
      escaped = false;
      atName = false;
      inName = false;
      name = "";
      kept = undefined;
    },
    walk(bytes, from, to) {
      keptFrom = from;
      for (let at = from; at < to; at += 1) {
        const byte = bytes[at] as number;
        if (inString) {
          if (byte === quote && !escaped) {
            inString = false;
            inName = false;
            continue;
          }
          escaped = byte === backslash && !escaped;
          // A name with an escape in it reads as another here, and so states nothing.
          if (inName && name.length < longestName) name += String.fromCharCode(byte);
          continue;
        }
        if (byte === quote) {
          inString = true;
          escaped = false;
          inName = atName && depth === counting;
          if (inName) name = "";
        } else if (byte === openBrace || byte === openBracket) opened(byte, at);
        else if (byte === closeBrace || byte === closeBracket) closed(bytes, at);
        else if (depth === counting && byte === colon) atName = false;
        else if (depth === counting && byte === comma) {
          atName = true;
          name = "";
        }
      }
      keep(bytes, to);
    },
  };
}

/** Responses say input and output, chat completions and embeddings prompt and completion. */
function usageOf(text: string): TokenUsage | null {
  const value = parsed(text);
  if (!isRecord(value)) return null;
  const input = value.input_tokens ?? value.prompt_tokens;
  const output = value.output_tokens ?? value.completion_tokens ?? 0;
  return isCount(input) && isCount(output) ? { input, output } : null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const isCount = (value: unknown): value is number =>
  Number.isSafeInteger(value) && Number(value) >= 0;

const isSpace = (byte: number) => byte === 0x20 || byte === lf || byte === cr || byte === 0x09;
