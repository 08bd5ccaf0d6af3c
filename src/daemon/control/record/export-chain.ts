/**
 * Export chain: what makes one file of an export's lines. Each line ends with
 * the SHA-256 over the hash of the line before it and all of its own bytes
 * that stand before that hash, so that its reader need not know how JSON
 * is written; the last one signs them (docs/exports.md).
 */
import { createHash } from "node:crypto";
import type { SealLine } from "../../../contract/export-lines.js";

const first = Buffer.alloc(32);
const hashMember = ',"hash":"';
const ending = /,"hash":"([0-9a-f]{64})"\}$/;

export interface ChainedLines {
  /** The line with its hash, without a line feed. */
  write(line: object): string;
  /** Of the last line; hex. */
  head(): string;
}

/** Creates what writes one file's lines. */
export function createChainedLines(): ChainedLines {
  let before: Buffer = first;
  return {
    write(line) {
      const text = asciiJson(line).slice(0, -1);
      before = linked(before, text);
      return `${text}${hashMember}${before.toString("hex")}"}`;
    },
    head: () => before.toString("hex"),
  };
}

/** True for a text that ends as a line of an export does: with a hash. */
export function isChainedLine(text: string): boolean {
  return ending.test(text);
}

/** Creates what holds lines to the hashes they end with; each gives its JSON text's value, or undefined. */
export function createChainCheck() {
  let before: Buffer = first;
  return function check(
    line: string,
  ): { readonly value: unknown; readonly head: string } | undefined {
    const found = ending.exec(line);
    if (found === null) return undefined;
    const head = before.toString("hex");
    before = linked(before, line.slice(0, found.index));
    if (before.toString("hex") !== found[1]) return undefined;
    try {
      const { hash: _hash, ...value } = JSON.parse(line) as Record<string, unknown>;
      return { value, head };
    } catch {
      // Its hash is right: it was written as it is, and is no JSON.
      return undefined;
    }
  };
}

/** What is signed of an export. */
export function exportSealText(
  seal: Pick<SealLine, "session" | "lines" | "head"> & { readonly at: string },
): Buffer {
  const { session, lines, head, at } = seal;
  return Buffer.from(
    `hoopx export 1\nsession ${session}\nlines ${lines}\nhead ${head}\nat ${Date.parse(at)}\n`,
  );
}

function linked(before: Buffer, text: string): Buffer {
  return createHash("sha256").update(before).update(text).digest();
}

/** JSON in which nothing is left that a terminal could take for more than letters. */
export function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
