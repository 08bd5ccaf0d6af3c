/**
 * Program size: how large an expression is once RE2's engine has compiled it,
 * estimated before it is compiled. `x{1000}` a hundred times is a line of text
 * and a second of work, and the engine tells its size only afterwards. It may
 * say too much, never much too little.
 */

/*
 * What it takes to read a class, in instructions: once for each time that it is written, since a
 * class is one instruction, however often it is repeated.
 */

/** One class of Unicode. */
const unicodeClass = 20;
/** The same within brackets, where it is merged with what stands beside it. */
const mergedClass = 150;
/** A range within brackets that is looked at letter by letter, in any case. */
const foldedRange = 500;

const repeat = /\{(\d{1,5})(?:,(\d{0,5}))?\}/y;
const escaped = /\\(?:[pP](?:\{[^}]*\}|.)|x\{[^}]*\}|Q[\s\S]*?(?:\\E|$)|[\s\S])/uy;
const opening = /\((?:\?(?:P?<[^>]*>|[imsU-]*:?))?/y;

/** Instructions that the expression has about, once compiled. */
export function programSizeOf(pattern: string): number {
  const anyCase = /\(\?[a-zA-Z]*i/.test(pattern);
  /** What stood before each open group. */
  const outer: number[] = [];
  let sum = 0;
  let last = 0;
  /** What the classes take. */
  let read = 0;
  for (let at = 0; at < pattern.length; ) {
    const char = pattern[at] as string;
    const times = timesAt(pattern, at);
    if (times !== undefined) {
      // What is repeated is there so many times, and what may be left out is a choice each.
      const more = last * times.most + times.choices;
      sum += more;
      last += more;
      at = times.end;
      continue;
    }
    sum += char === ")" ? 1 : 0;
    if (char === "(") {
      outer.push(sum + 1);
      sum = 0;
      last = 0;
      at = endOf(opening, pattern, at) ?? at + 1;
    } else if (char === ")") {
      last = sum;
      sum += outer.pop() ?? 0;
      at += 1;
    } else if (char === "[") {
      const end = classEnd(pattern, at);
      last = 1;
      sum += 1;
      read += classCost(pattern.slice(at, end), anyCase);
      at = end;
    } else if (char === "\\") {
      const end = endOf(escaped, pattern, at) ?? at + 1;
      const text = pattern.slice(at, end);
      last = text.startsWith("\\Q") ? text.length : 1;
      sum += last;
      if (/^\\[pP]/.test(text)) read += unicodeClass;
      at = end;
    } else {
      last = 1;
      sum += 1;
      at += 1;
    }
  }
  return outer.reduce((whole, before) => whole + before, sum + read);
}

interface Times {
  /** How often more than once the item may stand. */
  readonly most: number;
  /** How many of these may be left out. */
  readonly choices: number;
  readonly end: number;
}

/** The repeat at this place; undefined where there is none. */
function timesAt(pattern: string, at: number): Times | undefined {
  const char = pattern[at];
  if (char === "*" || char === "+" || char === "?") return { most: 0, choices: 1, end: at + 1 };
  if (char !== "{") return undefined;
  repeat.lastIndex = at;
  const found = repeat.exec(pattern);
  if (found === null) return undefined;
  const least = Number(found[1]);
  const most = Math.max(least, Number(found[2] ?? 0));
  return {
    most: Math.max(0, most - 1),
    choices: most - least + (found[2] === "" ? 1 : 0),
    end: repeat.lastIndex,
  };
}

function classCost(text: string, anyCase: boolean): number {
  const merged = text.match(/\\[pP]/g)?.length ?? 0;
  // Of ASCII alone there are few letters to look at.
  const wide = anyCase && /[^\x20-\x7e]|\\x\{/.test(text);
  const ranges = wide ? (text.match(/-/g)?.length ?? 0) : 0;
  return merged * mergedClass + ranges * foldedRange;
}

function classEnd(pattern: string, start: number): number {
  let at = start + 1;
  if (pattern[at] === "^") at += 1;
  if (pattern[at] === "]") at += 1;
  while (at < pattern.length && pattern[at] !== "]") at += pattern[at] === "\\" ? 2 : 1;
  return at + 1;
}

function endOf(what: RegExp, pattern: string, at: number): number | undefined {
  what.lastIndex = at;
  return what.test(pattern) ? what.lastIndex : undefined;
}
