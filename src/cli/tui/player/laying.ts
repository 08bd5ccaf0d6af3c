/**
 * Laying: a block as lines for a given width. Done once for a block that comes
 * on the screen, of its whole text: while it streams its words stay where they
 * are, and a frame costs the lines it shows, not the text there is.
 */
import { cutTo, widthOf } from "../../output/width.js";
import { wrapWords } from "../../output/words.js";
import { type Block, lastWhere } from "./script.js";

export interface LaidLine {
  readonly part: "head" | "text" | "foot" | "gap";
  readonly text: string;
  /** Where it begins in the block's text. */
  readonly from: number;
}

export interface Laid {
  readonly lines: readonly LaidLine[];
  /** Lines before the text. */
  readonly head: number;
  /** Cells inside the box; 0: it has none. */
  readonly box: number;
  /** Spots where something was masked, as places in the text. */
  readonly masked: readonly { readonly from: number; readonly to: number }[];
}

export type Laying = (block: Block, width: number) => Laid;

const boxLimit = 100;

/** Creates what lays blocks out, and remembers them for the width that was asked for last. */
export function createLaying(): Laying {
  let remembered = new WeakMap<Block, Laid>();
  let current = 0;
  return (block, width) => {
    if (width !== current) remembered = new WeakMap();
    current = width;
    const known = remembered.get(block);
    if (known !== undefined) return known;
    const laid = layOut(block, width);
    remembered.set(block, laid);
    return laid;
  };
}

/** How far the text stands from the margin. */
export function indentOf(block: Block): number {
  if (block.kind === "heading") return 0;
  return block.kind === "message" ? 4 : 2;
}

function layOut(block: Block, width: number): Laid {
  const boxed = block.kind === "tool-call" || block.kind === "tool-result";
  // Between the borders, a blank on each side of the text.
  const box = boxed ? Math.min(boxLimit, width - 2) - 2 : 0;
  const room = boxed ? box - 2 : width - indentOf(block) - (boxed || plainKind(block) ? 0 : 2);
  const lines: LaidLine[] = [];
  if (block.kind === "heading")
    lines.push({ part: "head", text: ruled(block.title, width), from: 0 });
  if (block.kind === "message") {
    lines.push({ part: "head", text: `  ${cutTo(block.title, width - 2)}`, from: 0 });
  }
  if (boxed) lines.push({ part: "head", text: topOf(block.title, box), from: 0 });
  const head = lines.length;
  let from = 0;
  for (const line of block.text.split("\n")) {
    for (const { piece, offset } of wrapWords(line, room)) {
      lines.push({ part: "text", text: piece, from: from + offset });
    }
    from += line.length + 1;
  }
  if (boxed) lines.push({ part: "foot", text: `╰${"─".repeat(box)}╯`, from: block.text.length });
  lines.push({ part: "gap", text: "", from: block.text.length });
  return { lines, head, box, masked: maskedIn(block.text) };
}

/** Kinds without a mark before their text. */
function plainKind({ kind }: Block): boolean {
  return kind === "heading" || kind === "message";
}

function ruled(title: string, width: number): string {
  const text = `── ${cutTo(title, width - 6)} `;
  return text + "─".repeat(Math.max(0, width - widthOf(text)));
}

function topOf(title: string, box: number): string {
  const text = `─ ${cutTo(title, box - 4)} `;
  return `╭${text}${"─".repeat(Math.max(0, box - widthOf(text)))}╮`;
}

function maskedIn(text: string): Laid["masked"] {
  if (!text.includes("[masked:")) return [];
  return [...text.matchAll(/\[masked:[\w.-]+\](?:#\d+)?/g)].map(({ index, 0: { length } }) => ({
    from: index,
    to: index + length,
  }));
}

/** How many of its lines are there once `shown` characters of the block are. */
export function linesShown({ lines, head }: Laid, block: Block, shown: number): number {
  if (shown >= block.text.length) return lines.length;
  if (shown === 0) return head;
  return lastWhere(lines.length, (index) => index < head || (lines[index]?.from ?? 0) < shown) + 1;
}
