/**
 * Syntax mistake: why a text is not YAML, or is more of it than a settings file
 * can be, in plain words. The code of the parser's error chooses the sentence:
 * the parser's own sentences are for people who write parsers.
 */
import {
  Composer,
  type CST,
  type Document,
  isNode,
  isScalar,
  Lexer,
  LineCounter,
  Parser,
  parseDocument,
  visit,
  type YAMLError,
  YAMLParseError,
} from "yaml";
import { atOnce } from "../model/turns.js";
import { mostMistakes } from "./check-shape.js";

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
  TAG_RESOLVE_FAILED: ["an unknown tag (!name)", noTags],
  UNEXPECTED_TOKEN: ["this does not belong here", quoteIt],
};

export interface ParsedYaml {
  readonly document: Document.Parsed;
  /** Lines and columns of its places. */
  readonly lines: LineCounter;
  /** Why the text cannot be read; none where it can. */
  readonly mistakes: readonly SyntaxMistake[];
}

/** Parses a settings file of ours at once: it is short. */
export function parseYaml(text: string): ParsedYaml {
  return atOnce(parseYamlSteps(text, mostTokensAtOnce));
}

/**
 * Parses a settings file in steps. Text that is more than such a file can be is not parsed: an
 * agent writes its project's files, and others would wait. `most`: words and signs it may have.
 */
export function* parseYamlSteps(text: string, most = mostTokens): Generator<void, ParsedYaml> {
  const lines = new LineCounter();
  const parser = new Parser(lines.addNewLine);
  const found: CST.Token[] = [];
  const count = createCount(most);
  lines.addNewLine(0);
  let excess: SyntaxMistake | undefined;
  for (const token of new Lexer().lex(text)) {
    excess = count.add(token);
    if (excess !== undefined) break;
    for (const part of parser.next(token)) found.push(part);
    if (count.tokens % tokensInStep === 0) yield;
  }
  if (excess !== undefined) {
    return { document: parseDocument(""), lines, mistakes: [excess] };
  }
  for (const part of parser.end()) found.push(part);
  yield;
  const document = composed(found, text.length);
  yield;
  const error = document.errors.toSorted((one, other) => one.pos[0] - other.pos[0])[0];
  // What follows the first is mostly what it leads to: one wrong indentation is three errors.
  if (error !== undefined) return { document, lines, mistakes: [mistakeOf(error)] };
  return { document, lines, mistakes: repeatedKeys(document) };
}

function composed(found: readonly CST.Token[], length: number): Document.Parsed {
  // The library holds each key of a map against all before it.
  const composer = new Composer({ prettyErrors: false, uniqueKeys: false });
  const [first, second] = composer.compose(found, true, length);
  const document = first as Document.Parsed;
  if (second !== undefined && document.errors.length === 0) {
    const pos: [number, number] = [second.range[0], second.range[1]];
    document.errors.push(new YAMLParseError(pos, "MULTIPLE_DOCS", ""));
  }
  return document;
}

/** Keys that a map has twice; one of them would be ignored. */
function repeatedKeys(document: Document): readonly SyntaxMistake[] {
  const mistakes: SyntaxMistake[] = [];
  visit(document, {
    Map(_, { items }) {
      const seen = new Set<string>();
      for (const { key } of items) {
        if (!isScalar(key)) continue;
        const name = String(key.value);
        if (seen.has(name)) {
          const [reason, hint] = words.DUPLICATE_KEY;
          mistakes.push({ offset: key.range?.[0] ?? 0, reason, hint });
        }
        seen.add(name);
        if (mistakes.length === mostMistakes) return visit.BREAK;
      }
      return undefined;
    },
  });
  return mistakes;
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
/** Words, signs and stretches of blanks: what cannot be done in steps takes some ten milliseconds. */
const mostTokens = 50_000;
/** The same where nothing is done in steps. */
const mostTokensAtOnce = 20_000;
/** Read before others may run. */
const tokensInStep = 256;
/** Marks between the lexer's tokens, which stand for nothing in the text. */
const noText = new Set(["\u0002", "\u0018", "\u001f"]);

/** Counts what a text is made of; `add` says where it becomes more than a settings file can be. */
function createCount(most: number) {
  let offset = 0;
  let depth = 0;
  let anchors = 0;
  let tokens = 0;
  const told = (reason: string) => ({ offset, reason, hint: "write it shorter and flatter" });
  return {
    get tokens() {
      return tokens;
    },
    add(token: string): SyntaxMistake | undefined {
      tokens += 1;
      if (token === "[" || token === "{") depth += 1;
      else if (token === "]" || token === "}") depth -= 1;
      else if (token.startsWith("&")) anchors += 1;
      if (depth > deepest) return told(`there are over ${deepest} brackets within brackets`);
      if (anchors > mostAnchors) return told(`there are over ${mostAnchors} anchors (&name)`);
      if (tokens > most) return told(`there are over ${most} words and signs`);
      if (!noText.has(token)) offset += token.length;
      return undefined;
    },
  };
}
