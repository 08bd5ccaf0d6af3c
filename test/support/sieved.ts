/**
 * Sieved: whether the sieve lets bytes pass in which reading finds something;
 * and the ways in which a text may be written so that reading still finds it.
 */
import { createMasking } from "../../src/daemon/masking/create-masking.js";
import { createPrivateKeyFinder } from "../../src/daemon/masking/engine/private-key.js";
import type { Rule } from "../../src/daemon/masking/engine/rule.js";
import { createRuleFinder } from "../../src/daemon/masking/engine/rule-finder.js";
import { sieveSteps } from "../../src/daemon/masking/engine/sieve.js";
import { usualMasking } from "../../src/daemon/model/masking-terms.js";
import { atOnce } from "../../src/daemon/model/turns.js";

export interface Sieving {
  /** What is read in bytes of latin1. */
  found(bytes: Buffer): number;
  /** Does the sieve let them pass unread? */
  passes(bytes: Buffer): boolean;
  /** What the sieve did to tell. */
  work(bytes: Buffer): SieveWork;
}

export interface SieveWork {
  readonly steps: number;
  /** Characters of all texts in which it asked the finders to look. */
  readonly searched: number;
}

/** Both for these rules and private keys. */
export function createSieving(rules: readonly Rule[]): Sieving {
  let searched = 0;
  const finders = [createRuleFinder(rules), createPrivateKeyFinder()].map((finder) => ({
    ...finder,
    holds(text: string, part?: boolean) {
      searched += text.length;
      return finder.holds?.(text, part) ?? finder.find(text).length > 0;
    },
  }));
  const masking = createMasking({ compile: () => finders }).open("ses_1", usualMasking);
  const sieve = atOnce(sieveSteps(finders));
  if (sieve === undefined) throw new Error("these finders have no sieve");
  return {
    found: (bytes) => atOnce(masking.maskSteps([bytes.toString("latin1")])).length,
    passes: (bytes) => !atOnce(sieve(bytes)),
    work(bytes) {
      searched = 0;
      let steps = 1;
      for (const going = sieve(bytes); !going.next().done; ) steps += 1;
      return { steps, searched };
    },
  };
}

const each = (text: string, write: (code: number) => string) =>
  Array.from(text, (one) => write(one.charCodeAt(0))).join("");
const hex = (code: number, length: number) => code.toString(16).padStart(length, "0");

/** By name: another way to write a text. */
export const writings: Readonly<Record<string, (text: string) => string>> = {
  "as it is": (text) => text,
  "UTF-16": (text) => each(text, (code) => `${String.fromCharCode(code)}\0`),
  "UTF-16, the other order": (text) => each(text, (code) => `\0${String.fromCharCode(code)}`),
  "UTF-32": (text) => each(text, (code) => `${String.fromCharCode(code)}\0\0\0`),
  escapes: (text) => each(text, (code) => `\\u${hex(code, 4)}`),
  "one escape in three": (text) =>
    each(text, (code) => (code % 3 === 0 ? `\\x${hex(code, 2)}` : String.fromCharCode(code))),
  percent: (text) => each(text, (code) => (code < 128 ? `%${hex(code, 2)}` : "?")),
  "percent of percent": (text) => each(text, (code) => (code < 128 ? `%25${hex(code, 2)}` : "?")),
  HTML: (text) => each(text, (code) => `&#${code};`),
  "JSON in JSON": (text) => JSON.stringify(JSON.stringify({ a: text })),
  base64: (text) => `=${Buffer.from(text, "latin1").toString("base64")}=`,
  "base64 on a line of its own, in JSON": (text) =>
    `\\n${Buffer.from(`${text} and some more`, "latin1").toString("base64")}\\n`,
  "base64 behind a colour": (text) =>
    `\u001b[31m${Buffer.from(`${text} and some more`, "latin1").toString("base64")}=`,
  "base64 in UTF-16": (text) =>
    each(
      Buffer.from(`${text} and some more`, "latin1").toString("base64"),
      (code) => `${String.fromCharCode(code)}\0`,
    ),
  "base64 in escapes": (text) =>
    each(Buffer.from(text, "latin1").toString("base64"), (code) => `\\u${hex(code, 4)}`),
  "a colour within": (text) => cutBy(text, "\u001b[1;31m"),
  "a title within": (text) => cutBy(text, `\u001b]0;${"some title ".repeat(20)}\u0007`),
  "a title in escapes within": (text) => cutBy(text, `\\x1b]0;${"some title ".repeat(60)}\\u0007`),
  "a title that ends in escapes": (text) =>
    cutBy(text, `\u001b]0;${"title ".repeat(40)}\\u001b\\\\`),
  "a colour in percent within": (text) => cutBy(text, "%1b%5b31m"),
  "a colour in nested escapes": (text) => cutBy(text, "\\\\u001b[31m"),
  "a long title of one word within": (text) => cutBy(text, `\u001b]0;${"t".repeat(900)}\u0007`),
  "a bell within": (text) => cutBy(text, "\u0007"),
  "the end of no title within": (text) => cutBy(text, "\u009c"),
  "a bell in an escape within": (text) => cutBy(text, "\\u0007"),
  "zeros within": (text) => cutBy(text, "\0".repeat(300)),
};

/** Something stands in a text's middle, and once more at its third character. */
function cutBy(text: string, piece: string): string {
  const half = text.length >> 1;
  return text.slice(0, 3) + piece + text.slice(3, half) + piece + text.slice(half);
}

/** Numbers that look random, the same each time. */
export function createDice(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Bytes as no text has them. */
export function noise(length: number, dice: (below: number) => number): string {
  let text = "";
  while (text.length < length) text += String.fromCharCode(dice(256));
  return text;
}
