/**
 * Binding: what a review is of (SECURITY A1): method, origin, path, query,
 * body, policy and the credential's name, as one hash, and of the headers what
 * says how the body is to be read and on whose account. The boundary of a
 * multipart body is new with each try of a client, and says nothing: it is
 * left out, so that a retry finds its review; what is sent is then the body
 * that was approved, byte for byte, under the boundary it came with.
 */
import { createHash } from "node:crypto";
import type { Connection } from "../model/connection.js";
import type { Policy } from "../policy/policy.js";
import { withoutCredential } from "./headers.js";

export interface Bindable {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly body: Buffer;
  readonly header: (name: string) => string | undefined;
  readonly headers: readonly string[];
  readonly connection: Connection;
  readonly policy: Policy;
}

/**
 * The two hashes, hex. `exact`: whatever has this binding has this very body. `more`: what else is bound, such as a tool call
 * of the reply.
 */
export function bindingOf(exchange: Bindable, ...more: readonly string[]) {
  const { method, path, query, body, connection, policy } = exchange;
  const type = exchange.header("content-type") ?? "";
  const boundary = boundaryOf(type);
  const requestSha256 = sha256(body);
  const parts = [
    method,
    connection.origin,
    path,
    withoutCredential(query),
    boundary === undefined ? type : type.replace(boundary, ""),
    boundary === undefined ? requestSha256 : sha256(...piecesBetween(body, boundary)),
    policy.hash,
    credentialName(connection),
    telling(exchange.headers),
    ...more,
  ];
  return {
    exact: boundary === undefined,
    requestSha256,
    binding: sha256(Buffer.from(JSON.stringify(parts))),
  };
}

/** Headers that make another request of the same body: its coding; a vendor's project, organisation, version, trial features. */
const tells = /^(?:content-encoding|(?:openai|anthropic)-.*|x-goog-user-project)$/;

/** What such headers say, in the order that the upstream gets them; others may differ with each try. */
function telling(headers: readonly string[]): readonly string[] {
  const said: string[] = [];
  for (let at = 0; at < headers.length; at += 2) {
    const name = headers[at]?.toLowerCase() ?? "";
    if (tells.test(name)) said.push(name, headers[at + 1] ?? "");
  }
  return said;
}

/** RFC 2046 5.1.1, as far as clients write it; undefined where there is none. */
function boundaryOf(contentType: string): string | undefined {
  const found = /^multipart\/[^;]+;(?:.*;)?\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i.exec(
    contentType,
  );
  return found?.[1] ?? found?.[2];
}

/** The body's pieces, each with its length before it, so that no two cuts look the same. */
function* piecesBetween(body: Buffer, boundary: string): Generator<Buffer> {
  const mark = Buffer.from(`--${boundary}`);
  let from = 0;
  while (from <= body.length) {
    const found = body.indexOf(mark, from);
    const end = found === -1 ? body.length : found;
    yield Buffer.from(`${end - from}:`);
    yield body.subarray(from, end);
    from = end + mark.length;
    if (found === -1) return;
  }
}

function credentialName({ name, credential }: Connection): string {
  const secret = "secretName" in credential ? (credential.secretName ?? "") : "";
  return `${name} ${credential.kind} ${secret}`;
}

function sha256(...pieces: readonly Buffer[]): string {
  const hash = createHash("sha256");
  for (const piece of pieces) hash.update(piece);
  return hash.digest("hex");
}
