/**
 * Text changes: two texts line by line, and a changed line word by word. What
 * is compared is normalised, what is shown is as it was.
 */
import { align, equalScore } from "./align.js";
import { normalised } from "./normalise.js";

/** A run of words: in both, or in one of them. */
export interface Words {
  readonly text: string;
  readonly changed: boolean;
}

export type LineChange =
  | { readonly change: "equal"; readonly text: string }
  | { readonly change: "removed" | "added"; readonly words: readonly Words[] };

/** The lines of both, in order. */
export function textChanges(a: string, b: string): readonly LineChange[] {
  const one = entriesOf(a.split("\n"));
  const other = entriesOf(b.split("\n"));
  const lines: LineChange[] = [];
  for (const { a: i, b: j } of align(one, other, lineScore)) {
    const before = i === null ? undefined : one[i];
    const after = j === null ? undefined : other[j];
    if (before && after) {
      if (before.compared === after.compared) lines.push({ change: "equal", text: after.text });
      else lines.push(...wordChanges(before.text, after.text));
    } else if (before)
      lines.push({ change: "removed", words: [{ text: before.text, changed: false }] });
    else if (after) lines.push({ change: "added", words: [{ text: after.text, changed: false }] });
  }
  return lines;
}

interface Entry {
  readonly text: string;
  readonly compared: string;
}

function entriesOf(texts: readonly string[]): readonly Entry[] {
  return texts.map((text) => ({ text, compared: normalised(text) }));
}

function lineScore(one: Entry, other: Entry): number {
  if (one.compared === other.compared) return equalScore;
  const alike = likeness(one.compared, other.compared);
  return alike < 0.4 ? 0 : alike;
}

/** 0 to 1: how many of their words two texts have in common. */
export function likeness(a: string, b: string): number {
  const one = wordsIn(a);
  const other = wordsIn(b);
  if (one.length === 0 || other.length === 0) return 0;
  const counts = new Map<string, number>();
  for (const word of one) counts.set(word, (counts.get(word) ?? 0) + 1);
  let common = 0;
  for (const word of other) {
    const left = counts.get(word) ?? 0;
    if (left === 0) continue;
    counts.set(word, left - 1);
    common += 1;
  }
  return (2 * common) / (one.length + other.length);
}

function wordsIn(text: string): readonly string[] {
  return text.slice(0, 20_000).match(/[\p{L}\p{N}_]+|<\w+>|[^\s\p{L}\p{N}_]/gu) ?? [];
}

/** A line that is there no more, and the one in its place, what differs marked. */
function wordChanges(a: string, b: string): readonly LineChange[] {
  const one = entriesOf(piecesOf(a));
  const other = entriesOf(piecesOf(b));
  const removed: Words[] = [];
  const added: Words[] = [];
  const push = (words: Words[], text: string, changed: boolean) => {
    const last = words.at(-1);
    if (last?.changed === changed) words[words.length - 1] = { text: last.text + text, changed };
    else words.push({ text, changed });
  };
  const score = (left: Entry, right: Entry) => (left.compared === right.compared ? equalScore : 0);
  for (const { a: i, b: j } of align(one, other, score)) {
    if (i !== null) push(removed, one[i]?.text ?? "", j === null);
    if (j !== null) push(added, other[j]?.text ?? "", i === null);
  }
  return [
    { change: "removed", words: removed },
    { change: "added", words: added },
  ];
}

/** Words, blanks and signs; an id or a date is one piece, so that it can be normalised. */
function piecesOf(text: string): readonly string[] {
  return text.match(/[\p{L}\p{N}_]+(?:[-:.+][\p{L}\p{N}_]+)*|\s+|[^\s\p{L}\p{N}_]/gu) ?? [];
}
