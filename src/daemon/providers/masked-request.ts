/**
 * Masked request: a request's body with what was found in it masked, read by
 * its form: JSON string by string, a form part by part, all else as one text.
 * What is no text is looked at byte for byte for the record, and leaves as it
 * was. Small bodies are done at once, large ones in turns of the event loop.
 */
import { isUtf8 } from "node:buffer";
import { type ByteCopy, createByteCopy } from "../formats/byte-copy.js";
import { parsedAtOnce } from "../formats/json/strict.js";
import { textPieces } from "../formats/json/text-pieces.js";
import { isJson } from "../formats/json/windows.js";
import { boundaryOf, partsOf } from "../formats/multipart.js";
import type { FindingCount } from "../model/masking-terms.js";
import { shortened } from "../model/text-cut.js";
import { atOnce, inTurns } from "../model/turns.js";
import { type JsonMembers, maskJson } from "./masked-json.js";
import {
  createFindingTally,
  type FindingTally,
  type MaskSteps,
  type MaskText,
  markedPieces,
} from "./masked-text.js";
import type { BegunMasking, MaskingProgress } from "./masking-progress.js";
import { isMedia } from "./media.js";

export interface MaskedRequest {
  /** As the record may have it; the very same bytes where nothing was found. */
  readonly recorded: Buffer;
  /** As it may leave where findings may not; the same bytes where there are none in the prompt. */
  readonly sent: Buffer;
  /** All that was found. */
  readonly found: readonly FindingCount[];
  /** That of it which the model would have read. */
  readonly inPrompt: readonly FindingCount[];
  /** The marks in `sent`, each once. */
  readonly marks: readonly string[];
  /** Where the first of these is. */
  readonly where: string;
  /** Of a body that is JSON: what masking goes on from for a body that begins alike. */
  readonly progress?: MaskingProgress | undefined;
}

export interface RequestToMask {
  readonly contentType: string;
  /** Unpacked. */
  readonly body: Buffer;
  readonly mask: MaskText;
  /** What is found in a long text, in steps; absent: it is masked at once too. */
  readonly maskSteps?: MaskSteps;
  /** It was read by its content-type already: JSON is JSON. */
  readonly parsed: boolean;
  readonly members: JsonMembers;
  /** How it was read, and what came of masking the body that it goes on with. */
  readonly begun?: BegunMasking | undefined;
}

/** Masks a body; at once where it is small. */
export function maskRequest(request: RequestToMask): MaskedRequest | Promise<MaskedRequest> {
  const steps = masked(request);
  return request.body.length <= parsedAtOnce ? atOnce(steps) : inTurns(steps);
}

function* masked(request: RequestToMask): Generator<void, MaskedRequest> {
  const { body, contentType } = request;
  if (body.length === 0) return unchanged(body);
  const type = (contentType.split(";", 1)[0] as string).trim().toLowerCase();
  if (type === "multipart/form-data") {
    try {
      return yield* maskedForm(request);
    } catch {
      // No form that can be read: one text, as far as anybody can tell.
    }
  }
  const json = request.parsed && (type === "application/json" || type.endsWith("+json"));
  return yield* maskedPiece(request, body, json);
}

const unchanged = (body: Buffer): MaskedRequest => ({
  recorded: body,
  sent: body,
  found: [],
  inPrompt: [],
  marks: [],
  where: "the body",
});

/** Bytes that are one text, or none. */
function* maskedPiece(
  request: RequestToMask,
  body: Buffer,
  json = false,
): Generator<void, MaskedRequest> {
  const { mask, maskSteps, members } = request;
  const utf8 = isUtf8(body);
  if (utf8 && (json || (yield* isJson(body)))) {
    const begun = json ? request.begun : undefined;
    const looked = yield* maskJson(body, mask, members, maskSteps, begun);
    const { recorded, sent, where, progress, ...tallies } = looked;
    return {
      ...{ recorded, sent, progress },
      found: tallies.found.counts("request"),
      inPrompt: tallies.inPrompt.counts("request"),
      marks: [...tallies.inPrompt.marks],
      where: where ?? "the body",
    };
  }
  // Where it is not UTF-8 each byte is a character: what is found in ASCII is found, and all else comes back as it was.
  const { bytes, findings } = yield* maskedText(body, !utf8, mask, maskSteps);
  if (findings.length === 0) return unchanged(body);
  const found = createFindingTally();
  found.add(findings);
  const counts = found.counts("request");
  // A picture or a film with something in it that looks like a secret leaves as it was.
  if (!utf8 && isMedia(body)) return { ...unchanged(body), recorded: bytes, found: counts };
  return {
    ...{ recorded: bytes, sent: bytes, found: counts, inPrompt: counts },
    ...{ marks: [...found.marks], where: "the body" },
  };
}

/** Bytes as one text, with marks in place of what is found in it. */
function* maskedText(
  body: Buffer,
  bytewise: boolean,
  mask: MaskText,
  steps: MaskSteps | undefined,
): Generator<void, { readonly bytes: Buffer; readonly findings: MaskedFindings }> {
  const pieces = () => textPieces(body, bytewise);
  const small = steps === undefined || body.length <= parsedAtOnce;
  const findings = small
    ? mask([...pieces()].join("")).findings
    : yield* steps(pieces(), bytewise ? body : undefined);
  if (findings.length === 0) return { bytes: body, findings };
  const copy = createByteCopy(body);
  for (const piece of markedPieces(pieces(), findings)) {
    copy.write(Buffer.from(piece, bytewise ? "latin1" : "utf8"));
    yield;
  }
  return { bytes: yield* copy.whole(), findings };
}

type MaskedFindings = ReturnType<MaskText>["findings"];

/** A form: its parts each by itself, and the headers between them as text. */
function* maskedForm(request: RequestToMask): Generator<void, MaskedRequest> {
  const { body, contentType } = request;
  const recorded = createByteCopy(body);
  const sent = createByteCopy(body);
  const all = new Map<string, FindingCount>();
  const prompt = new Map<string, FindingCount>();
  const marks = new Set<string>();
  let where: string | undefined;
  let from = 0;
  const lines = boundaryLines(boundaryOf(contentType), request.mask);
  count(all, lines.found.counts("request"));
  for (const { name, data } of partsOf(contentType, body)) {
    const start = data.byteOffset - body.byteOffset;
    const head = maskedHead(body.subarray(from, start), request.mask, lines);
    const part = yield* maskedPiece(request, data);
    from = start + data.length;
    for (const [copy, headBytes, bytes] of [
      [recorded, head.recorded, part.recorded],
      [sent, head.sent, part.sent],
    ] as const) {
      put(copy, headBytes, body);
      put(copy, bytes, body);
    }
    for (const mark of [...head.found.marks, ...part.marks]) marks.add(mark);
    count(all, head.found.counts("request"), part.found);
    count(prompt, head.found.counts("request"), part.inPrompt);
    if (prompt.size > 0) where ??= `the field ${shortened(request.mask(name).text, 80)}`;
    yield;
  }
  if (all.size === 0) return unchanged(body);
  put(recorded, maskedHead(body.subarray(from), request.mask, lines).recorded, body);
  sent.keep(from, body.length);
  return {
    recorded: yield* recorded.whole(),
    sent: prompt.size === 0 ? body : yield* sent.whole(),
    found: [...all.values()],
    inPrompt: [...prompt.values()],
    marks: [...marks],
    where: where ?? "the body",
  };
}

/** Bytes of the body stay as they are, others are written. */
function put(copy: ByteCopy, bytes: Buffer, body: Buffer): void {
  const start = bytes.byteOffset - body.byteOffset;
  if (bytes.buffer === body.buffer && start >= 0 && start + bytes.length <= body.length) {
    copy.keep(start, start + bytes.length);
  } else copy.write(bytes);
}

/** What a line that is the boundary is in the record: the head of the request names it too, masked. */
interface BoundaryLines {
  readonly found: FindingTally;
  /** Undefined for any other line. */
  shown(line: string): string | undefined;
}

function boundaryLines(boundary: string, mask: MaskText): BoundaryLines {
  const found = createFindingTally();
  const { text, findings } = mask(boundary);
  found.add(findings);
  return {
    found,
    shown(line) {
      if (line === `--${boundary}`) return `--${text}`;
      return line === `--${boundary}--` ? `--${text}--` : undefined;
    },
  };
}

/** The lines between two parts. The boundary leaves as it is: an upstream reads the form by it. */
function maskedHead(bytes: Buffer, mask: MaskText, boundary: BoundaryLines) {
  const found: FindingTally = createFindingTally();
  const recorded: string[] = [];
  const sent: string[] = [];
  for (const line of bytes.toString("utf8").split("\r\n")) {
    const shown = boundary.shown(line);
    if (shown !== undefined) {
      recorded.push(shown);
      sent.push(line);
      continue;
    }
    const { text, findings } = mask(line);
    found.add(findings);
    recorded.push(text);
    sent.push(text);
  }
  const same = found.counts("request").length === 0;
  const plain = same && boundary.found.counts("request").length === 0;
  return {
    found,
    recorded: plain ? bytes : Buffer.from(recorded.join("\r\n")),
    sent: same ? bytes : Buffer.from(sent.join("\r\n")),
  };
}

function count(into: Map<string, FindingCount>, ...more: (readonly FindingCount[])[]): void {
  for (const each of more.flat()) {
    const count = (into.get(each.detector)?.count ?? 0) + each.count;
    into.set(each.detector, { ...each, count });
  }
}
