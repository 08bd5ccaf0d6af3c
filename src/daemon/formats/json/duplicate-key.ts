/**
 * Duplicate key: where in a JSON text a key stands twice in one object. Slow
 * and only asked once a text is known to have one, to tell the client that sent it.
 */
import { shortened } from "../../model/text-cut.js";

interface Level {
  /** Keys seen, for an object. */
  readonly keys?: Set<string>;
  /** What leads here: the key or index that is being read. */
  step: string | number;
}

/** Path of the first duplicate, as `tools[0].name`. The text is valid JSON. */
export function duplicateKeyOf(text: string): string {
  const levels: Level[] = [];
  let string = "";
  for (let at = 0; at < text.length; at += 1) {
    const level = levels.at(-1);
    const letter = text[at];
    if (letter === '"') {
      const end = endOfString(text, at);
      string = text.slice(at, end);
      at = end - 1;
    } else if (letter === "{") levels.push({ keys: new Set(), step: "" });
    else if (letter === "[") levels.push({ step: 0 });
    else if (letter === "}" || letter === "]") levels.pop();
    else if (letter === "," && typeof level?.step === "number") level.step += 1;
    else if (letter === ":" && level?.keys !== undefined) {
      const key = JSON.parse(string) as string;
      level.step = key;
      if (level.keys.has(key)) return pathOf(levels.map(({ step }) => step));
      level.keys.add(key);
    }
  }
  return "its place was not found";
}

/** Just behind the closing quote of the string that begins here. */
function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (text[at] !== '"') at += text[at] === "\\" ? 2 : 1;
  return at + 1;
}

const plain = /^[\w$-]{1,64}$/;

/** `tools[0].name`: names and places of items, from the outside in. */
export function pathOf(steps: readonly (string | number)[]): string {
  let path = "";
  for (const step of steps) {
    if (typeof step === "number") path += `[${step}]`;
    else if (plain.test(step)) path += path === "" ? step : `.${step}`;
    else path += `[${JSON.stringify(shortened(step, 64))}]`;
  }
  return path;
}
