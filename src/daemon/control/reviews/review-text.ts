/**
 * Review text: the one function that makes what any reviewer is shown of a
 * request or a tool call, in the inbox, in `reviews show`, on a page. It hides
 * findings and nothing else, marks each with its number and length, and keeps
 * what is hidden: text and pieces are exactly what was given (SECURITY A5).
 */
import { isUtf8 } from "node:buffer";
import { literalsIn } from "./text-literals.js";

/** What is to be hidden. */
export interface Span {
  readonly start: number;
  readonly end: number;
  readonly what: string;
}

export interface Piece {
  readonly number: number;
  /** Where its mark stands in the shown text, and how long that is. */
  readonly at: number;
  readonly length: number;
  readonly what: string;
  /** What is hidden; of what is no text each byte as one character. */
  readonly hidden: string;
  /** It is bytes, and no text. */
  readonly binary: boolean;
}

export interface ReviewText {
  readonly text: string;
  readonly pieces: readonly Piece[];
}

/** Looks for what is to be hidden, besides what is hidden everywhere. */
export type FindIn = (text: string) => Promise<readonly FoundSpan[]>;

interface FoundSpan {
  readonly detector: string;
  readonly start: number;
  readonly end: number;
}

/** Members whose value is a credential wherever they stand (a hosted MCP tool's `authorization`). */
const secretNames =
  /^(?:authorization|proxy-authorization|api[-_]?key|apikey|access[-_]?token|refresh[-_]?token|id[-_]?token|client[-_]?secret|secret|password|passwd|token|private[-_]?key|cookie)$/i;

/** Words that are credentials by their form, each looked at from its beginning. */
const words = /[\w.-]{14,}/g;
const secretWord =
  /^(?:sk-[\w-]{16,}|hxs_[\w-]{20,}|gh[pousr]_\w{20,}|github_pat_\w{20,}|xox[abprs]-[\w-]{10,}|AKIA[0-9A-Z]{16}(?!\w)|AIza[\w-]{30,}|eyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]{5,})/;
const bearers = /\bBearer +[\w.~+/-]{12,}=*/g;

const keyBegins = /-----BEGIN[ +][A-Z0-9 +]{0,40}PRIVATE[ +]KEY(?:[ +]BLOCK)?-----/g;
const lineBreak = String.raw`(?:\s|\\+[nrt])`;
/** Lines of an armour or of an encrypted key, before its body: they are shown. */
const keyHeaders = new RegExp(`(?:${lineBreak}+[A-Za-z-]{2,20}: [^\\n\\r\\\\]{1,80}){0,4}`, "y");
/**
 * What has a key's form: lines of base64 as they are written, the last perhaps shorter. What goes
 * on in any other way is no key, however it began.
 */
const base64 = "[A-Za-z0-9+/]";
const lastLine = `(?:${base64}{16,128}={0,2}|${base64}{1,128}(?:={1,2}|(?=${lineBreak}*-----END)))`;
const keyBody = new RegExp(
  `${lineBreak}*(?:${base64}{40,128}={0,2}${lineBreak}+){0,400}${lastLine}(?![\\w+/=])`,
  "y",
);

/** Makes the view of a text. */
export async function reviewText(text: string, findIn: FindIn): Promise<ReviewText> {
  const found = (await findIn(text)).map(({ start, end, detector }) => ({
    ...{ start, end, what: detector },
  }));
  // A detector that hides keys goes on to the text's end where it sees none: what it hides there is
  // the agent's to choose. Of keys only what has their form is hidden.
  const others = found.filter(({ what }) => what !== "private-key");
  return withoutSpans(text, [...others, ...byForm(text), ...byName(text), ...privateKeys(text)]);
}

/** Makes the view of bytes: those that are no text are hidden and counted like a finding. */
export async function reviewBytes(bytes: Buffer, findIn: FindIn): Promise<ReviewText> {
  if (isUtf8(bytes) && !bytes.includes(0)) return reviewText(bytes.toString("utf8"), findIn);
  const parts: ReviewText[] = [];
  for (const { text, binary } of runsOf(bytes)) {
    const whole = { start: 0, end: text.length, what: "no text" };
    parts.push(binary ? withoutSpans(text, [whole], true) : await reviewText(text, findIn));
  }
  return joined(parts);
}

/** What was given, made of what is shown and what is hidden. */
export function restored({ text, pieces }: ReviewText): string {
  let whole = "";
  let from = 0;
  for (const { at, length, hidden } of pieces) {
    whole += text.slice(from, at) + hidden;
    from = at + length;
  }
  return whole + text.slice(from);
}

/** The shown text where it stands beside the one whose pieces have numbers. */
export function unnumbered({ text, pieces }: ReviewText): string {
  let whole = "";
  let from = 0;
  for (const { at, length } of pieces) {
    whole += text.slice(from, at) + text.slice(at, at + length).replace(/ \d+:/, ":");
    from = at + length;
  }
  return whole + text.slice(from);
}

function withoutSpans(text: string, spans: readonly Span[], binary = false): ReviewText {
  const pieces: Piece[] = [];
  let shown = "";
  let from = 0;
  for (const { start, end, what } of merged(spans)) {
    shown += text.slice(from, start);
    const hidden = text.slice(start, end);
    const number = pieces.length + 1;
    const mark = markOf(number, hidden.length, what, binary);
    pieces.push({ number, at: shown.length, length: mark.length, what, hidden, binary });
    shown += mark;
    from = end;
  }
  return { text: pieces.length === 0 ? text : shown + text.slice(from), pieces };
}

function markOf(number: number, length: number, what: string, binary: boolean): string {
  const unit = binary ? "byte" : "character";
  return `[hidden ${number}: ${length} ${unit}${length === 1 ? "" : "s"}, ${what}]`;
}

/** In order, and none in another. */
function merged(spans: readonly Span[]): readonly Span[] {
  const ordered = spans
    .filter(({ start, end }) => end > start)
    .sort((one, other) => one.start - other.start || other.end - one.end);
  const apart: Span[] = [];
  for (const span of ordered) {
    const last = apart.at(-1);
    if (last === undefined || span.start >= last.end) apart.push(span);
    else if (span.end > last.end) apart[apart.length - 1] = { ...last, end: span.end };
  }
  return apart;
}

/** Views one after the other, numbered through. */
function joined(parts: readonly ReviewText[]): ReviewText {
  const pieces: Piece[] = [];
  let text = "";
  for (const part of parts) {
    let from = 0;
    for (const piece of part.pieces) {
      const { hidden, what, binary } = piece;
      text += part.text.slice(from, piece.at);
      const number = pieces.length + 1;
      const mark = markOf(number, hidden.length, what, binary);
      pieces.push({ ...piece, number, at: text.length, length: mark.length });
      text += mark;
      from = piece.at + piece.length;
    }
    text += part.text.slice(from);
  }
  return { text, pieces };
}

function byForm(text: string): readonly Span[] {
  const what = "a credential by its form";
  const spans: Span[] = [];
  for (const { 0: word, index } of text.matchAll(words)) {
    const found = secretWord.exec(word)?.[0] ?? "";
    spans.push({ start: index, end: index + found.length, what });
  }
  for (const { 0: found, index } of text.matchAll(bearers)) {
    spans.push({ start: index, end: index + found.length, what });
  }
  return spans;
}

/** String values of members whose name says what they are. */
function byName(text: string): readonly Span[] {
  const spans: Span[] = [];
  let name: string | undefined;
  for (const { start, end, isName } of literalsIn(text)) {
    if (isName) name = end - start > 64 ? undefined : text.slice(start, end);
    else if (name !== undefined && secretNames.test(name)) {
      spans.push({ start, end, what: "a value by its name" });
    }
    if (!isName) name = undefined;
  }
  return spans;
}

function privateKeys(text: string): readonly Span[] {
  return [...text.matchAll(keyBegins)].flatMap(({ 0: line, index }) => {
    keyHeaders.lastIndex = index + line.length;
    const start = keyHeaders.lastIndex + (keyHeaders.exec(text)?.[0].length ?? 0);
    keyBody.lastIndex = start;
    const body = keyBody.exec(text);
    return body === null ? [] : [{ start, end: start + body[0].length, what: "private-key" }];
  });
}

/** Shorter runs of text among other bytes are no text. */
const shortestRun = 8;

/** Runs of UTF-8 and of other bytes, in turn; of the latter each byte as one character. */
function* runsOf(bytes: Buffer): Generator<{ readonly text: string; readonly binary: boolean }> {
  let from = 0;
  for (let at = 0; at < bytes.length; ) {
    const end = endOfText(bytes, at);
    if (end - at < shortestRun) {
      at = Math.max(end, at + 1);
      continue;
    }
    if (at > from) yield { text: bytes.toString("latin1", from, at), binary: true };
    yield { text: bytes.toString("utf8", at, end), binary: false };
    from = end;
    at = end;
  }
  if (from < bytes.length) yield { text: bytes.toString("latin1", from), binary: true };
}

/** Where the text that begins here ends. */
function endOfText(bytes: Buffer, from: number): number {
  let at = from;
  for (;;) {
    const first = bytes[at] ?? 0;
    const length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    const plain = (first >= 0x20 && first < 0x7f) || (first >= 0x09 && first <= 0x0d);
    const character = bytes.subarray(at, at + length);
    if (length === 1 ? !plain : character.length < length || !isUtf8(character)) return at;
    at += length;
  }
}
