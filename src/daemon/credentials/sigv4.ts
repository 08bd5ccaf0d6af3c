/**
 * SigV4: AWS keys as a credential that signs. What is signed is what is sent:
 * method, path, query, every header that stays as it is on the way, and the
 * hash of the body's bytes. The arithmetic is aws4fetch's; this file sees to it
 * that no header of the client's own can stand in for ours, and that the bytes
 * on the wire can be read in one way only.
 */
import type { AwsV4Signer } from "aws4fetch";
import type { Connection } from "../model/connection.js";
import type { Secret } from "../model/secret.js";
import { assertAlive, assertOrigin } from "./bearer.js";
import { type Credential, CredentialError, type OutgoingRequest } from "./source.js";

export interface AwsKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: Secret;
  readonly sessionToken: Secret | undefined;
}

export interface SignatureOptions {
  readonly connection: Connection;
  readonly keys: AwsKeys;
  readonly region: string;
  readonly service: string;
  readonly lifetime: number | undefined;
  readonly seenAs: string | undefined;
  /** Milliseconds that AWS's clock is ahead of ours: it takes no signature far from its own time. */
  readonly ahead: number;
  readonly now: () => Date;
}

/** Set by us; a client's own would sign another body or for another account. */
const ours = new Set(["x-amz-date", "x-amz-security-token", "x-amz-content-sha256"]);

/** May change or be added between here and the service. */
const unsigned = new Set([
  "accept-encoding",
  "cache-control",
  "expect",
  "from",
  "max-forwards",
  "pragma",
  "range",
  "referer",
  "user-agent",
  "x-amzn-trace-id",
]);

/** Creates a credential that signs each request it is applied to. */
export function createSignature(options: SignatureOptions): Credential {
  const { connection, keys, lifetime, seenAs, now } = options;
  assertAlive(connection, lifetime);
  /** Signing keys of the day: four of five hashes of each signature. */
  const cache = new Map<string, ArrayBuffer>();
  return {
    ...(lifetime !== undefined && {
      lifetime,
      expiresAt: new Date(now().getTime() + lifetime),
    }),
    ...(seenAs !== undefined && { seenAs }),
    get sensitive() {
      const { secretAccessKey, sessionToken } = keys;
      return [secretAccessKey, sessionToken].flatMap((secret) => secret?.reveal() ?? []);
    },
    async apply(request) {
      assertOrigin(connection, request);
      const { AwsV4Signer } = await import("aws4fetch");
      await sign(request, AwsV4Signer, options, cache);
    },
  };
}

async function sign(
  request: OutgoingRequest,
  Signer: typeof AwsV4Signer,
  options: SignatureOptions,
  cache: Map<string, ArrayBuffer>,
): Promise<void> {
  const { connection, keys, region, service, ahead, now } = options;
  foldHeaders(request.headers);
  // `+` and `%20` are both a space in a query, and only the latter is one to every reader.
  const [path = "", ...query] = request.path.split("?");
  request.path = query.length === 0 ? path : `${path}?${query.join("?").replaceAll("+", "%20")}`;

  const signer = new Signer({
    method: request.method,
    url: request.origin + request.path,
    headers: signable(request.headers),
    body: request.body as Uint8Array<ArrayBuffer>,
    accessKeyId: keys.accessKeyId,
    secretAccessKey: keys.secretAccessKey.reveal(),
    ...(keys.sessionToken && { sessionToken: keys.sessionToken.reveal() }),
    service,
    region,
    cache,
    datetime: new Date(now().getTime() + ahead).toISOString().replace(/[:-]|\.\d{3}/g, ""),
    allHeaders: true,
  });
  if (signer.url.pathname !== path) {
    throw new CredentialError(
      `the request's path cannot be signed for connection ${connection.name} as it is written`,
      "percent-encode what is not a letter, digit or -._~ in it",
    );
  }
  const { headers } = await signer.sign();
  for (const name of ["x-amz-date", "x-amz-security-token", "authorization"]) {
    const value = headers.get(name);
    if (value !== null) request.headers.push(name, value);
  }
}

/**
 * Takes out what is ours to say, and joins headers of one name (RFC 9110, 5.3) as SigV4 reads
 * them, so that the line sent is the line signed.
 */
function foldHeaders(headers: string[]): void {
  const folded = new Map<string, [name: string, value: string]>();
  for (let index = 0; index < headers.length; index += 2) {
    const name = headers[index] as string;
    const value = headers[index + 1] as string;
    const lower = name.toLowerCase();
    if (ours.has(lower)) continue;
    const known = folded.get(lower);
    if (known === undefined) folded.set(lower, [name, value]);
    else known[1] += `, ${value}`;
  }
  headers.splice(0, headers.length, ...[...folded.values()].flat());
}

function signable(headers: readonly string[]): Record<string, string> {
  const signed: Record<string, string> = {};
  for (let index = 0; index < headers.length; index += 2) {
    const name = (headers[index] as string).toLowerCase();
    const value = headers[index + 1] as string;
    // Bytes beyond ASCII have no one text to sign.
    if (!unsigned.has(name) && /^[\x20-\x7e\t]*$/.test(value)) signed[name] = value;
  }
  return signed;
}
