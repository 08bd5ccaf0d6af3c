/**
 * Headers: which of them cross the daemon. Requests and replies pass as they
 * are, except hop-by-hop headers, what claims to speak for a proxy or another
 * method, and the client's own credentials (SECURITY H4).
 */

/** RFC 9110 7.6.1, and what browsers and old proxies made of it. */
const hopByHop = new Set([
  "connection",
  "keep-alive",
  "proxy-connection",
  "proxy-authenticate",
  "proxy-authorization",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

const notUpstream = new Set([
  // Framing and address are the transport's own.
  "host",
  "content-length",
  "expect",
  // Asks for another method than the one the policy saw.
  "x-http-method-override",
  "x-http-method",
  "x-method-override",
  // Claims about where the request came from.
  "forwarded",
  "via",
  "x-real-ip",
  // Or about what it asks for: some frameworks take it from there.
  "x-rewrite-url",
  // The agent does not choose where a reply begins: a secret read from its middle looks like none.
  "range",
  "if-range",
  "last-event-id",
  // The client's own credentials: replaced.
  "authorization",
  "x-api-key",
  "api-key",
  "x-goog-api-key",
  "x-amz-security-token",
  "cookie",
]);

/** Ours to say: an upstream's own would stand beside it, and name an exchange that is not on record here. */
const exchangeIdHeader = "x-hoopx-exchange-id";

/** Names of headers whose values are credentials, for the transcript. */
const credentials = new Set([
  "authorization",
  "x-api-key",
  "api-key",
  "x-goog-api-key",
  "x-amz-security-token",
  "cookie",
  "set-cookie",
  "proxy-authorization",
]);

const none: readonly string[] = [];

/** Query parameters that carry a client's credential. */
const credentialParameters = new Set(["key", "api_key", "api-key", "access_token"]);

/** What of a request's headers goes upstream; names and values in turn. */
export function upstreamHeaders(headers: readonly string[]): string[] {
  const listed = listedInConnection(headers);
  const kept: string[] = [];
  for (let index = 0; index < headers.length; index += 2) {
    const name = headers[index] as string;
    const lower = name.toLowerCase();
    if (hopByHop.has(lower) || notUpstream.has(lower) || listed?.has(lower)) continue;
    if (lower.startsWith("x-forwarded-") || lower.startsWith("x-original-")) continue;
    kept.push(name, headers[index + 1] as string);
  }
  return kept;
}

/**
 * Headers that say what a body is, how it is framed, on whose account or under which condition the
 * request is made: `Connection` may not take one of them off on the way.
 */
const saysSomething =
  /^(?:host|accept|expect|content-.*|transfer-encoding|idempotency-key|if-.*|prefer|(?:openai|anthropic|x-goog|x-amz|x-ms)-.*)$/;

/** A header that `Connection` names and that means something beyond this hop; undefined where it names none. */
export function meantForAll(headers: readonly string[]): string | undefined {
  const listed = listedInConnection(headers);
  if (listed === undefined) return undefined;
  for (const name of listed) if (saysSomething.test(name)) return name;
  return undefined;
}

/** What of a reply's headers goes to the client; names and values in turn. */
export function clientHeaders(headers: readonly string[]): string[] {
  const listed = listedInConnection(headers);
  const kept: string[] = [];
  for (let index = 0; index < headers.length; index += 2) {
    const name = headers[index] as string;
    const lower = name.toLowerCase();
    if (hopByHop.has(lower) || listed?.has(lower) || lower === exchangeIdHeader) continue;
    kept.push(name, headers[index + 1] as string);
  }
  return kept;
}

/** Request headers that ask for a reply as it is, so that it can be read as it flows. */
export function withoutCoding(headers: readonly string[]): string[] {
  return [...withoutHeaders(headers, ["accept-encoding"]), "accept-encoding", "identity"];
}

/** Headers without those of these lower-case names. */
export function withoutHeaders(headers: readonly string[], names: readonly string[]): string[] {
  return headers.filter((_, index) => {
    const name = headers[index - (index % 2)] as string;
    return !names.includes(name.toLowerCase());
  });
}

/** Headers that are true of the very bytes only. */
export const ofTheBytes = ["content-length", "content-md5", "digest", "content-digest", "etag"];

/** Value of the first header of a lower-case name; empty where there is none. */
export function valueIn(headers: readonly string[], name: string): string {
  return linesOf(headers, name)[0] ?? "";
}

/** The members of a listed header of a lower-case name, however many lines it came in (RFC 9110 5.3). */
export function valuesIn(headers: readonly string[], name: string): readonly string[] {
  const values: string[] = [];
  for (const line of linesOf(headers, name)) {
    for (const word of line.split(",")) values.push(word.trim());
  }
  return values;
}

/** The values of all headers of a lower-case name, as they came. */
export function linesOf(headers: readonly string[], name: string): readonly string[] {
  let lines: string[] | undefined;
  for (let index = 0; index < headers.length; index += 2) {
    const header = headers[index] as string;
    if (header.length !== name.length || header.toLowerCase() !== name) continue;
    lines ??= [];
    lines.push(headers[index + 1] ?? "");
  }
  return lines ?? none;
}

/** Head lines as HTTP/1.1 writes them, credentials masked: how a transcript keeps them. */
export function headText(firstLine: string, headers: readonly string[]): Buffer {
  let text = `${firstLine}\r\n`;
  for (let index = 0; index < headers.length; index += 2) {
    const name = headers[index] as string;
    const value = credentials.has(name.toLowerCase()) ? "[masked]" : headers[index + 1];
    text += `${name}: ${value}\r\n`;
  }
  return Buffer.from(text, "latin1");
}

/** RFC 9110 7.6.1: a header named in Connection ends at this hop. */
function listedInConnection(headers: readonly string[]): Set<string> | undefined {
  let listed: Set<string> | undefined;
  for (let index = 0; index < headers.length; index += 2) {
    const name = headers[index] as string;
    if (name.length !== 10 || name.toLowerCase() !== "connection") continue;
    const value = headers[index + 1] as string;
    if (value === "keep-alive" || value === "close") continue;
    listed ??= new Set();
    for (const word of value.split(",")) listed.add(word.trim().toLowerCase());
  }
  return listed;
}

/** A query without the client's credential; everything else stays as it was written. */
export function withoutCredential(query: string): string {
  if (!/key|token|%/i.test(query)) return query;
  return query
    .split("&")
    .filter((pair) => !credentialParameters.has(parameterName(pair)))
    .join("&");
}

/** A parameter's name as the upstream would read it. */
function parameterName(pair: string): string {
  const name = pair.split("=", 1)[0] as string;
  try {
    return decodeURIComponent(name).toLowerCase();
  } catch {
    return name.toLowerCase();
  }
}
