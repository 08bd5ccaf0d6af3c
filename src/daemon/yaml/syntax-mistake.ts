/**
 * Syntax mistake: why a text is not YAML, or is more of it than a settings file
 * can be, in plain words. The code of the parser's error chooses the sentence:
 * the parser's own sentences are for people who write parsers.
 */
import {
  type Document,
  isNode,
  Lexer,
  LineCounter,
  parseDocument,
  visit,
  type YAMLError,
} from "yaml";

/** What is wrong, lower case, no full stop; and what mends it. */
export interface SyntaxMistake {
  readonly offset: number;
  readonly reason: string;
  readonly hint: string | null;
}

type Words = readonly [reason: string, hint: string];

const quoteIt = 'put the text in quotes: "…"';
const indent = "indent the keys of one map by the same number of spaces";
const noAnchors = "write the value out in place of anchors (&name) and aliases (*name)";
const noTags = "take out what begins with !";

const words: Readonly<Record<YAMLError["code"], Words>> = {
  ALIAS_PROPS: ["an alias (*name) cannot have an anchor or a tag", noAnchors],
  BAD_ALIAS: ["this alias (*name) has no name, or a wrong one", noAnchors],
  BAD_COLLECTION_TYPE: ["the tag does not fit what is behind it", noTags],
  BAD_DIRECTIVE: ["this line begins with %, as only YAML's own instructions do", quoteIt],
  BAD_DQ_ESCAPE: [
    "in double quotes, this character cannot follow a backslash",
    "write \\\\ for a backslash",
  ],
  BAD_INDENT: ["the line is indented wrongly", indent],
  BAD_PROP_ORDER: ["an anchor or a tag is in the wrong place", noAnchors],
  BAD_SCALAR_START: ["a text cannot begin with this character", quoteIt],
  BLOCK_AS_IMPLICIT_KEY: ["a second key: value on one line", `${quoteIt}, or begin a new line`],
  BLOCK_IN_FLOW: ["lines with dashes or keys inside of brackets", "close the bracket first"],
  DUPLICATE_KEY: ["this key is there twice", "keep one of the two"],
  IMPOSSIBLE: ["this is not YAML", "write key: value, a line each"],
  KEY_OVER_1024_CHARS: ["a key is over 1,024 characters", "a quote may be missing before it"],
  MISSING_CHAR: [
    "a bracket, a quote, a comma, a colon or a blank is missing",
    "look for what is opened and not closed, and for a colon without a blank behind it",
  ],
  MULTILINE_IMPLICIT_KEY: ["a line without a colon", "write key: value, a line each"],
  MULTIPLE_ANCHORS: ["two anchors for one value", noAnchors],
  MULTIPLE_DOCS: ["a second document begins (---)", "take out the line"],
  MULTIPLE_TAGS: ["two tags for one value", noTags],
  NON_STRING_KEY: ["a key that is not text", quoteIt],
  RESOURCE_EXHAUSTION: ["it is nested too deeply", "write it flatter"],
  TAB_AS_INDENT: ["a tab where the line is indented", "indent with spaces"],
  TAG_RESOLVE_FAILED: ["a tag (!name) that is not known", noTags],
  UNEXPECTED_TOKEN: ["this does not belong here", quoteIt],
};

export interface ParsedYaml {
  readonly document: Document.Parsed;
  /** Lines and columns of its places. */
  readonly lines: LineCounter;
  /** Why the text cannot be read; none where it can. */
  readonly mistakes: readonly SyntaxMistake[];
}

/**
 * Parses a settings file. What is more than one can be is not parsed: an agent writes its
 * project's files, and others would wait.
 */
export function parseYaml(text: string): ParsedYaml {
  const lines = new LineCounter();
  const excess = excessOf(text);
  const parsed = excess === undefined ? text : "";
  const document = parseDocument(parsed, { lineCounter: lines, prettyErrors: false });
  if (excess === undefined) return { document, lines, mistakes: document.errors.map(mistakeOf) };
  for (
    let at = text.indexOf("\n");
    at !== -1 && at < excess.offset;
    at = text.indexOf("\n", at + 1)
  ) {
    lines.addNewLine(at + 1);
  }
  return { document, lines, mistakes: [excess] };
}

function mistakeOf({ code, pos }: YAMLError): SyntaxMistake {
  const [reason, hint] = words[code] ?? words.IMPOSSIBLE;
  return { offset: pos[0], reason, hint };
}

/** Why the values of a document that parsed cannot be had: aliases to nothing, or to too much. */
export function aliasMistake(document: Document): SyntaxMistake {
  let offset = 0;
  visit(document, {
    Alias(_, alias) {
      offset = isNode(alias) && alias.range ? alias.range[0] : 0;
      return visit.BREAK;
    },
  });
  return { offset, reason: "the aliases (*name) here cannot be followed", hint: noAnchors };
}

/** Brackets within brackets, in a file that a person writes. */
const deepest = 32;
/** Anchors (&name): the parser looks through all of them at each. */
const mostAnchors = 100;
/** Words, signs and stretches of blanks: some hundred milliseconds to parse. */
const mostTokens = 50_000;
/** Marks between the lexer's tokens, which stand for nothing in the text. */
const noText = new Set(["\u0002", "\u0018", "\u001f"]);

/** Where a text becomes more than a settings file can be; undefined where it does not. */
function excessOf(text: string): SyntaxMistake | undefined {
  let offset = 0;
  let depth = 0;
  let anchors = 0;
  let tokens = 0;
  const told = (reason: string) => ({ offset, reason, hint: "write it shorter and flatter" });
  for (const token of new Lexer().lex(text)) {
    tokens += 1;
    if (token === "[" || token === "{") depth += 1;
    else if (token === "]" || token === "}") depth -= 1;
    else if (token.startsWith("&")) anchors += 1;
    if (depth > deepest) return told(`there are over ${deepest} brackets within brackets`);
    if (anchors > mostAnchors) return told(`there are over ${mostAnchors} anchors (&name)`);
    if (tokens > mostTokens) return told(`there are over ${mostTokens} words and signs`);
    if (!noText.has(token)) offset += token.length;
  }
  return undefined;
}
