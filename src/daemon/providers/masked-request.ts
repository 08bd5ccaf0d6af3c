/**
 * Masked request: a request's body with what was found in it masked, read by
 * its form: JSON string by string, a form part by part, all else as one text.
 * What is no text is looked at byte for byte for the record, and leaves as it
 * was. Small bodies are done at once, large ones in turns of the event loop.
 */
import { isAscii, isUtf8 } from "node:buffer";
import type { FindingCount } from "../model/masking-terms.js";
import { type JsonMembers, maskJson } from "./masked-json.js";
import {
  createFindingTally,
  type FindingTally,
  type MaskSteps,
  type MaskText,
  maskedInSteps,
} from "./masked-text.js";
import { partsOf } from "./multipart.js";

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
}

export interface RequestToMask {
  readonly contentType: string;
  /** Unpacked. */
  readonly body: Buffer;
  readonly mask: MaskText;
  /** The same in steps; absent: a long text is masked at once too. */
  readonly maskSteps?: MaskSteps;
  /** It was read by its content-type already: JSON is JSON. */
  readonly parsed: boolean;
  readonly members: JsonMembers;
}

/** Bytes up to which a body is masked at once. */
const atOnce = 1 << 17;

/** Masks a body; at once where it is small. */
export function maskRequest(request: RequestToMask): MaskedRequest | Promise<MaskedRequest> {
  const steps = masked(request);
  return request.body.length <= atOnce ? run(steps) : runInTurns(steps);
}

function run(steps: Generator<void, MaskedRequest>): MaskedRequest {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

async function runInTurns(steps: Generator<void, MaskedRequest>): Promise<MaskedRequest> {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
    await new Promise((resolve) => setImmediate(resolve));
  }
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
  const ascii = isAscii(body);
  if (!ascii && !isUtf8(body)) {
    // Each byte a character: what is found in ASCII is found, and all else comes back as it was.
    const bytewise = body.toString("latin1");
    const { text, findings } = yield* maskedInSteps(bytewise, request.mask, request.maskSteps);
    if (findings.length === 0) return unchanged(body);
    const found = createFindingTally();
    found.add(findings);
    const recorded = Buffer.from(text, "latin1");
    return { ...unchanged(body), recorded, found: found.counts("request") };
  }
  const text = body.toString(ascii ? "latin1" : "utf8");
  if (json || isJson(text)) {
    const { recorded, sent, where, ...tallies } = yield* maskJson(
      text,
      request.mask,
      request.members,
      request.maskSteps,
    );
    return {
      recorded: recorded === text ? body : Buffer.from(recorded),
      sent: sent === text ? body : Buffer.from(sent),
      found: tallies.found.counts("request"),
      inPrompt: tallies.inPrompt.counts("request"),
      marks: [...tallies.inPrompt.marks],
      where: where ?? "the body",
    };
  }
  const plain = yield* maskedInSteps(text, request.mask, request.maskSteps);
  if (plain.findings.length === 0) return unchanged(body);
  const bytes = Buffer.from(plain.text);
  const found = createFindingTally();
  found.add(plain.findings);
  const counts = found.counts("request");
  return {
    ...{ recorded: bytes, sent: bytes, found: counts, inPrompt: counts },
    ...{ marks: [...found.marks], where: "the body" },
  };
}

/** Only of JSON does looking string by string see everything. */
function isJson(text: string): boolean {
  if (!/^\s*[[{"]/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** A form: its parts each by itself, and the headers between them as text. */
function* maskedForm(request: RequestToMask): Generator<void, MaskedRequest> {
  const { body, contentType } = request;
  const recorded: Buffer[] = [];
  const sent: Buffer[] = [];
  const all = new Map<string, FindingCount>();
  const prompt = new Map<string, FindingCount>();
  const marks = new Set<string>();
  let where: string | undefined;
  let from = 0;
  for (const { name, data } of partsOf(contentType, body)) {
    const start = data.byteOffset - body.byteOffset;
    const head = maskedHead(body.subarray(from, start), request.mask);
    const part = yield* maskedPiece(request, data);
    from = start + data.length;
    recorded.push(head.bytes, part.recorded);
    sent.push(head.bytes, part.sent);
    for (const mark of [...head.found.marks, ...part.marks]) marks.add(mark);
    count(all, head.found.counts("request"), part.found);
    count(prompt, head.found.counts("request"), part.inPrompt);
    if (prompt.size > 0) where ??= `the field ${request.mask(name).text.slice(0, 80)}`;
    yield;
  }
  if (all.size === 0) return unchanged(body);
  const rest = body.subarray(from);
  return {
    recorded: Buffer.concat([...recorded, rest]),
    sent: prompt.size === 0 ? body : Buffer.concat([...sent, rest]),
    found: [...all.values()],
    inPrompt: [...prompt.values()],
    marks: [...marks],
    where: where ?? "the body",
  };
}

/** The boundary stays as it is: the head of the request names it too. */
function maskedHead(bytes: Buffer, mask: MaskText) {
  const found: FindingTally = createFindingTally();
  const lines = bytes
    .toString("utf8")
    .split("\r\n")
    .map((line) => {
      if (line.startsWith("--")) return line;
      const { text, findings } = mask(line);
      found.add(findings);
      return text;
    });
  const same = found.counts("request").length === 0;
  return { bytes: same ? bytes : Buffer.from(lines.join("\r\n")), found };
}

function count(into: Map<string, FindingCount>, ...more: (readonly FindingCount[])[]): void {
  for (const each of more.flat()) {
    const count = (into.get(each.detector)?.count ?? 0) + each.count;
    into.set(each.detector, { ...each, count });
  }
}
