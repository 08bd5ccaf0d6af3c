/**
 * Pretty: JSON laid out to be read. Only white space between its tokens is
 * changed: names given twice, numbers and escapes stand as they were sent.
 */

type Slice = (from: number, to: number) => string;

/** The text as JSON, laid out; as it is where it is none. `slice` may say a part of it in other words. */
export function pretty(text: string, slice: Slice = (from, to) => text.slice(from, to)): string {
  return isTree(text) ? laidOut(text, slice) : slice(0, text.length);
}

function isTree(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null;
  } catch {
    return false;
  }
}

function laidOut(text: string, slice: Slice): string {
  const pieces: string[] = [];
  let depth = 0;
  let at = 0;
  const newLine = () => `\n${"  ".repeat(depth)}`;
  while (at < text.length) {
    const character = text[at] as string;
    if (character === '"') {
      const end = endOfLiteral(text, at);
      pieces.push(slice(at, end));
      at = end;
      continue;
    }
    at += 1;
    if (character === "{" || character === "[") {
      const after = nextToken(text, at);
      if (text[after] === "}" || text[after] === "]") {
        pieces.push(character, text[after] as string);
        at = after + 1;
        continue;
      }
      depth += 1;
      pieces.push(character, newLine());
    } else if (character === "}" || character === "]") {
      depth -= 1;
      pieces.push(newLine(), character);
    } else if (character === ",") pieces.push(character, newLine());
    else if (character === ":") pieces.push(": ");
    else if (!/\s/.test(character)) pieces.push(character);
  }
  return pieces.join("");
}

function endOfLiteral(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] === "\\") at += 1;
    else if (text[at] === '"') return at + 1;
  }
  return text.length;
}

function nextToken(text: string, from: number): number {
  let at = from;
  while (at < text.length && /\s/.test(text[at] as string)) at += 1;
  return at;
}
