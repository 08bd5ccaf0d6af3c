/**
 * Edges: what may stand right before and right behind a secret without making
 * it another text, and what may stand in the middle of one.
 */
const colour = "\u001b[1;31m";
const reset = "\u001b[0m";

/** Sequences that a terminal takes and does not show. */
export const controls: readonly string[] = [
  colour,
  reset,
  "\u001b[m\u001b[K",
  "\u001b[38;5;208m",
  "\u001b[38;2;10;200;90m",
  "\u009b7m",
  "\u001b]8;;https://ci.example.net/k\u001b\\",
  "\u001b]0;a title\u0007",
  "\u001b(B",
  "\u001b[?25l",
];

/** Titles and links: what begins one, and what ends it. A text in one is a text. */
export const titles: readonly (readonly [begins: string, ends: string])[] = [
  "\u001b]0;",
  "\u001b]2;ada@host: ",
  "\u009d0;",
  "\u001b]l",
  "\u001bP",
  "\u001b_",
].flatMap((begins) =>
  ["\u0007", "\u001b\\", "\u009c"].flatMap((ends) => [
    [begins, ends] as const,
    [begins, `${ends}$ ls`] as const,
  ]),
);

/** Sequences that the text's end cuts, and what ends one that began before. */
const cut = ["\u001b", "\u001b(", "\u001b[", "\u009b", "\u0007", "\u009c", "\u001b\\"];

const closings = ['"', "'", "`", ")", "]", "}", ">", "”", "’", "»"];

export const edgesBefore: readonly string[] = [
  ...controls,
  ...new Set(titles.map(([begins]) => begins)),
  "\u0007",
  ...[
    '"',
    "'",
    "`",
    "(",
    "[",
    "{",
    "<",
    "“",
    "‘",
    "«",
    "→ ",
    ", ",
    "; ",
    "= ",
    ": ",
    "| ",
    "* ",
    "**",
  ],
  ...["\n", "\r\n", "\t", "\\n", "\\t", '\\"', "\\u0022", "\\u001b[31m", "\\x1b[31m", "\\033[31m"],
  ...["%20", "%22", "%0A", "&quot;", "&#39;", "&lt;"],
  ...["12/27 ", "2026-01-02 ", "3 ", "42: "],
];

export const edgesBehind: readonly string[] = [
  ...controls,
  ...cut,
  ...closings,
  ...closings.map((closing) => `${closing},`),
  ...[",", ";", ". ", "! ", "? ", ": ", " |", "**", "…"],
  ...["\n", "\r\n", "\t", "\\n", "\\t", '\\"', "\\u0022", "\\u001b[0m", "\\x1b[0m", "\\033[0m"],
  ...["%20", "%22", "%0A", "&quot;", "&#39;", "&gt;"],
  ...[" 12/27 123", " 2026-01-02", " 42", " 3 items", " 19.99 EUR", " 5 MB"],
];
