/**
 * Needles: texts that are known to be secret, looked for all at once. Nearly
 * no text holds one, and each reply is asked for a dozen: one pass says so.
 */
import { createByteSearch } from "./byte-search.js";

export interface Needles {
  readonly texts: readonly string[];
  /** Does one of them stand in the text? */
  standIn(text: string): boolean;
  /**
   * Where the text's end begins one of them, with so many characters at least; the text's length
   * where it does not.
   */
  begunAt(text: string, least: number): number;
}

const compiled = new WeakMap<readonly string[], Needles>();

/** Compiles texts, none of them empty; the same for the very same list. */
export function needlesOf(texts: readonly string[]): Needles {
  const known = compiled.get(texts) ?? compile(texts);
  compiled.set(texts, known);
  return known;
}

export interface ByteNeedles extends Needles {
  /** Does one of them stand in these bytes? */
  standInBytes(bytes: Buffer): boolean;
  /** Bytes of the longest of them. */
  readonly longest: number;
}

/** Of each list the texts as their bytes, written as one character each. */
const bytewise = new WeakMap<readonly string[], ByteNeedles>();

/** The same texts to be looked for in bytes, or in bytes that were read as latin1. */
export function byteNeedlesOf(texts: readonly string[]): ByteNeedles {
  const known =
    bytewise.get(texts) ?? compileBytes(texts.map((text) => Buffer.from(text).toString("latin1")));
  bytewise.set(texts, known);
  return known;
}

function compileBytes(texts: readonly string[]): ByteNeedles {
  const needles = compile(texts);
  const isShort = texts.some(({ length }) => length < 2);
  const { standIn } = needles;
  return {
    ...needles,
    standInBytes: isShort ? (bytes) => standIn(bytes.toString("latin1")) : createByteSearch(texts),
    longest: Math.max(0, ...texts.map(({ length }) => length)),
  };
}

function compile(texts: readonly string[]): Needles {
  if (texts.length === 0) return { texts, standIn: () => false, begunAt: ({ length }) => length };
  const any = new RegExp(texts.map((text) => text.replace(/[^A-Za-z0-9]/g, escaped)).join("|"));
  const longest = Math.max(...texts.map(({ length }) => length));
  const firsts = new Set(texts.map((text) => text.charCodeAt(0)));
  return {
    texts,
    standIn: (text) => any.test(text),
    begunAt(text, least) {
      const last = text.length - least;
      for (let at = Math.max(0, text.length - longest + 1); at <= last; at += 1) {
        if (!firsts.has(text.charCodeAt(at))) continue;
        const end = text.slice(at);
        if (texts.some((needle) => needle.length > end.length && needle.startsWith(end))) return at;
      }
      return text.length;
    },
  };
}

const escaped = (sign: string) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`;
