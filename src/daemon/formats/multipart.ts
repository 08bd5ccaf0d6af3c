/**
 * Multipart: the parts of a multipart/form-data body (RFC 7578), read strictly
 * and without copying: no preamble, CRLF only, one plain Content-Disposition a
 * part, no transfer encoding. Node's own reader takes more than that, copies
 * an upload several times, and what it forgives another parser may read
 * otherwise.
 */
import { isUtf8 } from "node:buffer";

export interface Part {
  readonly name: string;
  /** Null for a text field. */
  readonly filename: string | null;
  readonly contentType: string;
  readonly data: Buffer;
}

/** The body is not multipart/form-data; the message says where, and quotes nothing. */
export class MultipartError extends Error {}

const headersLimit = 8192;
const partsLimit = 10_000;

/** Splits a body at the boundary its content-type names. */
export function partsOf(contentType: string, body: Uint8Array): readonly Part[] {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const boundary = boundaryOf(contentType);
  const delimiter = Buffer.from(`\r\n--${boundary}`, "latin1");
  const opening = delimiter.subarray(2);
  const parts: Part[] = [];

  if (!bytes.subarray(0, opening.length).equals(opening)) {
    throw new MultipartError("it does not begin with the boundary its content-type names");
  }
  for (let at = opening.length; ; ) {
    const mark = bytes.toString("latin1", at, at + 2);
    if (mark === "--") {
      const rest = bytes.toString("latin1", at + 2, at + 5);
      if (rest !== "" && rest !== "\r\n") throw new MultipartError("it goes on after its end");
      return parts;
    }
    if (mark !== "\r\n")
      throw new MultipartError(`a boundary is not followed by a line end at byte ${at}`);
    if (parts.length === partsLimit) throw new MultipartError(`it has over ${partsLimit} parts`);
    const end = bytes.indexOf(delimiter, at);
    if (end === -1) throw new MultipartError("it ends before its closing boundary");
    parts.push(partOf(bytes.subarray(at + 2, end), parts.length + 1));
    at = end + delimiter.length;
  }
}

/** The boundary that a content-type names; throws where it names none. */
export function boundaryOf(contentType: string): string {
  const found = [...contentType.matchAll(/;\s*boundary=(?:"([^"\\]*)"|([^\s;"]*))/gi)];
  const boundary = found[0]?.[1] ?? found[0]?.[2] ?? "";
  // RFC 2046 5.1.1
  if (found.length !== 1 || !/^[\w'()+,./:=? -]{0,69}[\w'()+,./:=?-]$/.test(boundary)) {
    throw new MultipartError("its content-type names no boundary");
  }
  return boundary;
}

const disposition =
  /^form-data; ?name="((?:[^"\\]|\\.)*)"(?:; ?filename="((?:[^"\\]|\\.)*)")?(?:; ?filename\*=[^;\s]*)?$/i;

function partOf(part: Buffer, number: number): Part {
  const fail = (why: string) => new MultipartError(`part ${number} ${why}`);
  const blank = part.indexOf("\r\n\r\n");
  if (blank === -1 || blank > headersLimit) throw fail("has no end to its headers");
  const head = part.subarray(0, blank);
  if (!isUtf8(head)) throw fail("has headers that are not UTF-8");

  const headers = new Map<string, string>();
  for (const line of head.toString().split("\r\n")) {
    const [, name, value] = /^([\w-]+):[ \t]*([^\r\n]*)$/.exec(line) ?? [];
    if (name === undefined || value === undefined) throw fail("has a malformed header");
    const key = name.toLowerCase();
    if (headers.has(key)) throw fail(`has two ${key} headers`);
    headers.set(key, value.trimEnd());
  }
  const encoding = headers.get("content-transfer-encoding")?.toLowerCase() ?? "binary";
  if (!["binary", "8bit", "7bit"].includes(encoding)) throw fail("has a transfer encoding");
  const found = disposition.exec(headers.get("content-disposition") ?? "");
  if (found === null) throw fail("has no plain content-disposition with a name");

  return {
    name: unescaped(found[1] ?? ""),
    filename:
      found[2] === undefined && !/filename\*=/i.test(found[0]) ? null : unescaped(found[2] ?? ""),
    contentType: headers.get("content-type")?.toLowerCase() ?? "",
    data: part.subarray(blank + 4),
  };
}

/** Browsers and SDKs write `%22`, others `\"`. */
function unescaped(text: string): string {
  return text
    .replace(/\\(.)/g, "$1")
    .replace(/%(22|0a|0d)/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
}
