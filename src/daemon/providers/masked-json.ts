/**
 * Masked JSON: findings in a JSON text's strings, replaced string by string,
 * so that it stays the JSON it was: all else keeps its bytes. Two versions
 * come of one pass: what the record may have, and what may leave, in which
 * members that are no prompt (an id, a hosted tool's credential) are as they
 * were. Yields now and then, so that others can run.
 */

import { type ByteCopy, createByteCopy } from "../formats/byte-copy.js";
import { parsedAtOnce } from "../formats/json/strict.js";
import { decoded, type JsonWindow, jsonWindows } from "../formats/json/windows.js";
import { shortened } from "../model/text-cut.js";
import { atOnce } from "../model/turns.js";
import {
  createFindingTally,
  type FindingTally,
  type MaskSteps,
  type MaskText,
  markedPieces,
  maskBeside,
} from "./masked-text.js";
import type { BegunMasking, Edit, MaskingProgress } from "./masking-progress.js";

export interface MaskedJson {
  /** The very same bytes where nothing was found. */
  readonly recorded: Buffer;
  readonly sent: Buffer;
  /** All that was found, and that of it which is prompt. */
  readonly found: FindingTally;
  readonly inPrompt: FindingTally;
  /** Where the first finding in the prompt is: `input[2].content`; null where there is none. */
  readonly where: string | null;
  /** What masking goes on from for a body that begins alike; undefined where it cannot. */
  readonly progress: MaskingProgress | undefined;
}

/** A body with more edits is masked as a whole again. */
const mostEdits = 1000;

export interface JsonMembers {
  /** Members whose value is no prompt. */
  readonly noPrompt: ReadonlySet<string>;
  /** What tells whether the value of this member is none that anybody could read; undefined: it is a text. */
  unreadableBy(name: string): UnreadableCheck | undefined;
}

/** Is this value, in its pieces, no text by all of it: a medium? Yields after each piece. */
export type UnreadableCheck = (pieces: Iterable<string>) => Generator<void, boolean>;

interface Level {
  /** The last name in an object, the place in a list. */
  at: string | number;
  readonly list: boolean;
  /** It is, or is in, a member that is no prompt. */
  readonly aside: boolean;
}

/** Masks the strings of a text that is JSON. */
export function* maskJson(
  body: Buffer,
  mask: MaskText,
  { noPrompt, unreadableBy }: JsonMembers,
  steps?: MaskSteps,
  begun?: BegunMasking,
): Generator<void, MaskedJson> {
  const { list: growing, resumed = 0 } = begun ?? {};
  const before = resumed > 0 ? begun?.progress : undefined;
  const found = createFindingTally();
  const inPrompt = createFindingTally();
  const recorded = createByteCopy(body);
  const sent = createByteCopy(body);
  const levels: Level[] = [{ at: "", list: false, aside: false }];
  const ends: MaskingProgress["ends"][number][] = [];
  const edits: Edit[] = [];
  let editCount = 0;
  let listLevel: Level | undefined;
  let listAt: string | number = "";
  let where: string | null = null;
  let name = "";
  /** Is anything of it found beside the prompt? Else what leaves is what is recorded. */
  let apart = false;

  const from = before === undefined ? 0 : goOn(before);
  if (body.length <= parsedAtOnce) maskWindow(from, body.length, decoded(body.subarray(from)));
  else {
    for (const window of jsonWindows(body, from)) {
      if (window?.text !== undefined) maskWindow(window.start, window.end, window.text);
      else if (window !== undefined) yield* maskLong(window);
      yield;
    }
  }
  const bytes = yield* recorded.whole();
  const left = apart ? yield* sent.whole() : bytes;
  return { recorded: bytes, sent: left, found, inPrompt, where, progress: progressed() };

  /** Takes what was found before the last end that both bodies have; where the rest begins. */
  function goOn(before: MaskingProgress): number {
    const rest = growing?.ends[resumed - 1]?.at as number;
    ends.push(...before.ends.slice(0, resumed));
    const last = ends[resumed - 1] as MaskingProgress["ends"][number];
    let copied = 0;
    for (const edit of before.edits.slice(0, last.edits)) {
      keep(copied, edit.start);
      for (const piece of edit.written) recorded.write(piece);
      if (edit.aside) sent.keep(edit.start, edit.end);
      else for (const piece of edit.written) sent.write(piece);
      copied = edit.end;
      if (!edit.aside) where = before.where;
      note(edit);
    }
    keep(copied, rest);
    name = last.name;
    listAt = before.listAt;
    listLevel = { at: last.item, list: true, aside: false };
    levels.push({ at: listAt, list: false, aside: false }, listLevel);
    return rest;
  }

  function keep(start: number, end: number): void {
    recorded.keep(start, end);
    sent.keep(start, end);
  }

  function progressed(): MaskingProgress | undefined {
    if (growing === undefined || editCount > mostEdits) return undefined;
    return ends.length === growing.ends.length ? { edits, ends, listAt, where } : undefined;
  }

  function maskWindow(start: number, end: number, text: string): void {
    const { record, request } = maskStrings(text, start);
    put(recorded, start, end, text, record);
    put(sent, start, end, text, request);
  }

  /** A stretch that begins at this byte, as the record may have it and as it may leave. */
  function maskStrings(text: string, begin: number) {
    let inRecord: ReturnType<typeof createCopy> | undefined;
    let inRequest: ReturnType<typeof createCopy> | undefined;
    let from = 0;
    /** Of this character the place in the bytes is known. */
    let character = 0;
    let byte = begin;
    for (let start = text.indexOf('"'); start !== -1; start = text.indexOf('"', from)) {
      walk(text, from, start);
      const end = endOf(text, start);
      from = end + 1;
      const raw = text.slice(start + 1, end);
      const value = raw.includes("\\") ? (JSON.parse(`"${raw}"`) as string) : raw;
      const isName = followedByColon(text, from);
      const unreadable = isName ? undefined : unreadableBy(name);
      const aside = isAside(isName);
      if (isName) name = value;
      else if (unreadable !== undefined && atOnce(unreadable([value]))) continue;
      const masked = isName ? mask(value) : maskBeside(name, value, mask);
      if (isName) (levels.at(-1) as Level).at = masked.text;
      if (masked.findings.length === 0) continue;
      const written = JSON.stringify(masked.text);
      inRecord ??= createCopy(text);
      inRecord.replace(start, from, written);
      if (!aside) {
        inRequest ??= createCopy(text);
        inRequest.replace(start, from, written);
      }
      const first = byte + Buffer.byteLength(text.slice(character, start));
      byte = first + Buffer.byteLength(text.slice(start, from));
      character = from;
      const { findings } = masked;
      note({ start: first, end: byte, written: [Buffer.from(written)], findings, aside });
    }
    walk(text, from, text.length);
    return { record: inRecord?.whole() ?? text, request: inRequest?.whole() ?? text };
  }

  function* maskLong(window: JsonWindow): Generator<void> {
    const aside = isAside(false);
    const { start, end, pieces } = window;
    const unreadable = unreadableBy(name);
    const isNoText = unreadable !== undefined && (yield* unreadable(pieces()));
    const findings = isNoText
      ? []
      : steps === undefined
        ? mask([...pieces()].join("")).findings
        : yield* steps(pieces());
    if (findings.length === 0) {
      keep(start, end);
      return;
    }
    const written = [quote];
    for (const piece of markedPieces(pieces(), findings)) {
      written.push(Buffer.from(JSON.stringify(piece).slice(1, -1)));
      yield;
    }
    written.push(quote);
    for (const piece of written) recorded.write(piece);
    if (aside) sent.keep(start, end);
    else for (const piece of written) sent.write(piece);
    note({ start, end, written, findings, aside });
  }

  function isAside(isName: boolean): boolean {
    const level = levels.at(-1) as Level;
    return level.aside || (!isName && !level.list && noPrompt.has(name));
  }

  function note(edit: Edit): void {
    editCount += 1;
    if (editCount > mostEdits) edits.length = 0;
    else if (growing !== undefined) edits.push(edit);
    found.add(edit.findings);
    if (edit.aside) apart = true;
    else {
      inPrompt.add(edit.findings);
      where ??= placeOf(levels);
    }
  }

  /** What stands between two strings. */
  function walk(text: string, start: number, end: number): void {
    for (let at = start; at < end; at += 1) {
      const code = text.charCodeAt(at);
      if (code === 0x7b || code === 0x5b) {
        const { aside, list } = levels.at(-1) as Level;
        const inList = code === 0x5b;
        const opened: Level = {
          at: inList ? 0 : "",
          list: inList,
          aside: aside || (!list && noPrompt.has(name)),
        };
        levels.push(opened);
        const isMember = levels.length === 3 && !opened.aside;
        if (inList && isMember && listLevel === undefined && name === growing?.name) {
          listLevel = opened;
          listAt = (levels[1] as Level).at;
        }
      } else if (code === 0x7d || code === 0x5d) {
        if (levels.length > 1) levels.pop();
        const level = levels.at(-1) as Level;
        if (code === 0x7d && level === listLevel) {
          ends.push({ edits: editCount, name, item: level.at as number });
        }
      } else if (code === 0x2c) {
        const level = levels.at(-1) as Level;
        if (level.list) level.at = (level.at as number) + 1;
      }
    }
  }
}

const quote = Buffer.from('"');

function put(copy: ByteCopy, start: number, end: number, text: string, written: string): void {
  if (written === text) copy.keep(start, end);
  else copy.write(Buffer.from(written));
}

/** A text in which pieces are replaced, in order. */
function createCopy(text: string) {
  const pieces: string[] = [];
  let copied = 0;
  return {
    replace(start: number, end: number, piece: string) {
      pieces.push(text.slice(copied, start), piece);
      copied = end;
    },
    whole: () => (copied === 0 ? text : pieces.join("") + text.slice(copied)),
  };
}

/** Where the string that begins here ends: its closing quote, or the text's end. */
function endOf(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end !== -1) {
    let slashes = 0;
    while (text.charCodeAt(end - 1 - slashes) === 0x5c) slashes += 1;
    if (slashes % 2 === 0) return end;
    end = text.indexOf('"', end + 1);
  }
  return text.length;
}

function followedByColon(text: string, from: number): boolean {
  let at = from;
  let code = text.charCodeAt(at);
  while (code === 0x20 || (code >= 0x09 && code <= 0x0d)) {
    at += 1;
    code = text.charCodeAt(at);
  }
  return code === 0x3a;
}

function placeOf(levels: readonly Level[]): string {
  const path = levels
    .slice(1)
    .map(({ at, list }) => (list ? `[${at}]` : `.${at}`))
    .join("");
  const shown = path.replace(/^\./, "").replace(/[^\w.:[\]#-]+/g, "?");
  return shortened(shown, 120) || "the body";
}
