/**
 * Binding: what a review is of (SECURITY A1): method, origin, path, query,
 * body, policy, rule and the credential's name, as one hash, and of the headers
 * what says how the body is to be read and on whose account. The boundary of a
 * multipart body is new with each try of a client, and says nothing: it is
 * left out, so that a retry finds its review; what is sent is then the body
 * that was approved, byte for byte, under the boundary it came with.
 */
import { createHash } from "node:crypto";
import type { Connection } from "../../model/connection.js";
import { decidersKeyOf, type Verdict } from "../../model/decision.js";
import type { Operation } from "../../model/operation.js";
import type { ToolCall } from "../../model/review.js";
import type { Policy } from "../../policy/policy.js";
import { upstreamHeaders, withoutCredential } from "../headers.js";
import { sha256Of } from "./digest.js";

export interface Bindable {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly body: Buffer;
  readonly header: (name: string) => string | undefined;
  readonly headers: readonly string[];
  readonly connection: Connection;
  readonly operation: Operation;
  readonly policy: Policy;
}

/**
 * The hashes, hex, of what `verdict` wants reviewed. `exact`: whatever has this binding has this very body. `more`: what else
 * is bound, such as a tool call of the reply.
 */
export async function bindingOf(
  exchange: Bindable,
  verdict: Verdict,
  toolCall?: ToolCall,
  ...more: readonly string[]
) {
  const { method, path, query, body, connection, policy } = exchange;
  const type = exchange.header("content-type") ?? "";
  const boundary = boundaryOf(type);
  const requestSha256 = await sha256Of([body]);
  const parts = [
    method,
    connection.origin,
    path,
    withoutCredential(query),
    boundary === undefined ? type : type.replace(boundary, ""),
    boundary === undefined ? requestSha256 : await sha256Of(piecesBetween(body, boundary)),
    policy.hash,
    rulesOf(verdict),
    credentialName(connection),
    telling(upstreamHeaders(exchange.headers)),
    toolCall === undefined ? [] : [toolCall.kind, toolCall.name, toolCall.arguments],
    ...more,
  ];
  return {
    exact: boundary === undefined,
    requestSha256,
    binding: sha256(JSON.stringify(parts)),
    likeness: likenessOf(exchange, verdict, toolCall),
  };
}

/**
 * What an approval for longer than once speaks for: what these very rules, and no others, want
 * reviewed of the same action, or of the same tool, on the same connection. Null where the rules
 * cannot be told.
 */
function likenessOf(exchange: Bindable, verdict: Verdict, call?: ToolCall): string | null {
  if (verdict.origin === undefined) return null;
  const { connection, operation } = exchange;
  const { action, method, path } = operation;
  // No action has a name of its own that is not known.
  const asked = operation.class === "unknown" ? [method, path.split("?", 1)[0]] : [action];
  const parts = [
    "likeness",
    rulesOf(verdict),
    connection.origin + connection.basePath,
    credentialName(connection),
    asked,
    call === undefined ? [] : [call.kind, call.name],
  ];
  return sha256(JSON.stringify(parts));
}

/** A name does not tell a rule: another file may have the same. */
function rulesOf(verdict: Verdict): string {
  return decidersKeyOf(verdict) ?? verdict.rule ?? "";
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

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
