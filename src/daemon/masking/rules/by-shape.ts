/**
 * By shape: the two ways most rules are written. A token with a fixed
 * beginning speaks for itself; any other value is a secret only beside its
 * issuer's name.
 */
import { begins, ends } from "../engine/edges.js";
import type { Rule } from "../engine/rule.js";
import { assigned } from "./shapes.js";

type Row = Pick<Rule, "detector" | "about"> & Partial<Rule>;

/** A token that begins with one of these, in the case they are written in, and goes on so. */
export function byBeginning(row: Row, beginnings: readonly string[], rest: string): Rule {
  const pattern = `${begins}(?:${beginnings.map(literal).join("|")})${rest}${ends}`;
  return { keywords: beginnings, exact: true, pattern, accept: isWritten, ...row };
}

/** A value assigned to something that is called after its issuer, in any case. */
export function byName(row: Row, names: readonly string[], value: string): Rule {
  return {
    keywords: names,
    anyCase: true,
    pattern: assigned(names.map(literal).join("|"), value),
    ...row,
  };
}

/** A name written in one word, or in two: `messagebird`, `message_bird`, `message-bird`. */
export function joined(first: string, second: string): readonly string[] {
  return ["", "_", "-", " "].map((between) => `${first}${between}${second}`);
}

/** For values short enough to be a word or a number: both letters and digits are in it. */
export function mixed(secret: string): boolean {
  return /\d/.test(secret) && /[A-Za-z]/.test(secret);
}

/** Not filled up with what only stands for characters: `npm_xxxxxxxxxxxx`. */
function isWritten(secret: string): boolean {
  return !/[xX*.]{8}|(.)\1{31}/.test(secret);
}

function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
}
