/**
 * Workload: a login without a person. The proof is an ID token from a file, a
 * variable or GitHub Actions, or a client's key (RFC 7523); it is fetched again
 * when the one before runs out, kept in memory only, and needs no keychain.
 */
import { createPrivateKey } from "node:crypto";
import { readFile } from "node:fs/promises";
import { Secret } from "../model/secret.js";
import type { Accepted } from "./accepted-reply.js";
import { identityOf } from "./claimed-identity.js";
import { type Clock, deadlineIn } from "./deadline.js";
import { type ClientKey, type Issuer, openIssuer } from "./issuer.js";
import type { Fetch } from "./lenient-reply.js";
import { LoginError } from "./login-error.js";
import { providerFault } from "./provider-fault.js";
import { isLoopback, type LoginSettings } from "./settings.js";
import { audienceFor, audiencesOf } from "./token-request.js";

export type WorkloadProof =
  | { readonly kind: "id-token-file"; readonly file: string }
  | { readonly kind: "id-token"; readonly token: Secret }
  | { readonly kind: "github-actions"; readonly requestUrl: string; readonly requestToken: Secret }
  | { readonly kind: "client-key"; readonly keyFile: string };

export interface WorkloadOptions {
  readonly settings: LoginSettings;
  readonly profile: string;
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly openIssuer: (settings: LoginSettings) => Promise<Issuer>;
}

const fileLimit = 64 * 1024;
const requestLimit = 15_000;

/** Logs a workload in, or renews its login; throws a LoginError. */
export async function logWorkloadIn(
  proof: WorkloadProof,
  options: WorkloadOptions,
): Promise<Accepted> {
  if (proof.kind === "client-key") return byClientKey(proof.keyFile, options);
  const { settings, profile, clock } = options;
  const issuer = await options.openIssuer(settings);
  const token = await idTokenOf(proof, options);
  const { claims, issuedAt, secondsLeft } = await issuer.verify(token, {
    audience: audienceOf(settings),
    fresh: false,
  });
  const { groupsClaim } = settings;
  const deadline = deadlineIn(clock, secondsLeft);
  return {
    claimed: identityOf({ issuer: issuer.name, profile, groupsClaim, claims }),
    tokens: { access: null, id: { token, deadline } },
    issuedAt,
  };
}

/** Secrets that a proof itself holds, which an agent's environment must not. */
export function secretsOf(proof: WorkloadProof): readonly Secret[] {
  if (proof.kind === "id-token") return [proof.token];
  return proof.kind === "github-actions" ? [proof.requestToken] : [];
}

function audienceOf(settings: LoginSettings): string {
  const expected = audiencesOf(settings)[0] ?? settings.clientId;
  if (expected !== null) return expected;
  throw new LoginError(
    "bad_request",
    "the audience of the ID token is not set",
    "name it with --audience (or --client-id)",
  );
}

async function idTokenOf(
  proof: Exclude<WorkloadProof, { kind: "client-key" }>,
  options: WorkloadOptions,
): Promise<Secret> {
  if (proof.kind === "id-token") return proof.token;
  if (proof.kind === "github-actions") return fromGitHub(proof, options);
  const text = (await readSmall(proof.file, "ID token")).trim();
  if (text !== "") return new Secret(text);
  throw new LoginError("bad_request", `${proof.file} is empty`, "the file must hold an ID token");
}

/** GitHub's own protocol: a GET with the job's request token answers `{"value": JWT}`. */
async function fromGitHub(
  { requestUrl, requestToken }: Extract<WorkloadProof, { kind: "github-actions" }>,
  { settings, fetch }: WorkloadOptions,
): Promise<Secret> {
  const url = URL.canParse(requestUrl) ? new URL(requestUrl) : undefined;
  if (url === undefined || (url.protocol !== "https:" && !isLoopback(url))) {
    throw new LoginError(
      "bad_request",
      "ACTIONS_ID_TOKEN_REQUEST_URL is not an https URL",
      "run it in a job of GitHub Actions with permissions: id-token: write",
    );
  }
  url.searchParams.set("audience", audienceOf(settings));
  try {
    const response = await fetch(url.href, {
      headers: { authorization: `Bearer ${requestToken.reveal()}`, accept: "application/json" },
      redirect: "manual",
      signal: AbortSignal.timeout(requestLimit),
    });
    if (!response.ok) throw new Error(`status ${response.status}`, { cause: response });
    const { value } = (await response.json()) as { value?: unknown };
    if (typeof value === "string" && value !== "") return new Secret(value);
  } catch (error) {
    throw providerFault(url.origin, "an ID token for this job", error);
  }
  throw new LoginError(
    "identity_provider_refused",
    `${url.origin} answered without an ID token`,
    "give the job permissions: id-token: write",
  );
}

async function byClientKey(keyFile: string, options: WorkloadOptions): Promise<Accepted> {
  const { settings, profile, fetch, clock } = options;
  if (settings.clientId === null) {
    throw new LoginError("bad_request", "the client's id is missing", "name it with --client-id");
  }
  const clientKey = await readClientKey(keyFile);
  const { now } = clock;
  const issuer = await openIssuer({ ...settings, fetch, now, clientKey });
  const reply = await issuer.clientCredentials([
    ...(settings.scope === null ? [] : [["scope", settings.scope] as const]),
    ...audienceFor(audiencesOf(settings)),
  ]);
  // The client itself: its subject is its id (RFC 9068, 2.2).
  const claims = { sub: settings.clientId };
  const { groupsClaim } = settings;
  const deadline = deadlineIn(clock, reply.expiresIn);
  return {
    claimed: identityOf({ issuer: issuer.name, profile, groupsClaim, claims }),
    tokens: { access: { token: reply.accessToken, deadline }, id: null },
    issuedAt: undefined,
  };
}

/** A PEM or a JWK; the algorithm is the key's own. */
async function readClientKey(file: string): Promise<ClientKey> {
  const text = await readSmall(file, "client key");
  const { importJWK, importPKCS8 } = await import("jose");
  try {
    if (text.trimStart().startsWith("{")) {
      const jwk = JSON.parse(text) as { alg?: string; kid?: string; kty?: string; crv?: string };
      const key = await importJWK(
        jwk,
        jwk.alg ?? algorithmOf(jwk.kty === "OKP" ? "ed25519" : (jwk.kty ?? ""), jwk.crv),
      );
      if (key instanceof Uint8Array || key.type !== "private") throw new Error("no private key");
      return { key, keyId: jwk.kid };
    }
    const key = createPrivateKey(text);
    const pem = key.export({ type: "pkcs8", format: "pem" }).toString();
    const curve = key.asymmetricKeyDetails?.namedCurve;
    return {
      key: await importPKCS8(pem, algorithmOf(key.asymmetricKeyType ?? "", curve)),
      keyId: undefined,
    };
  } catch {
    // Its own error could quote the key.
    throw new LoginError(
      "bad_request",
      `${file} holds no private key that can sign (RSA, P-256, P-384, P-521 or Ed25519; PEM or JWK, not encrypted)`,
      "give the client's key with --client-key FILE",
    );
  }
}

function algorithmOf(type: string, curve: string | undefined): string {
  if (/^ed25519$/i.test(type)) return "EdDSA";
  if (/^ec$/i.test(type)) {
    if (curve === "secp384r1" || curve === "P-384") return "ES384";
    return curve === "secp521r1" || curve === "P-521" ? "ES512" : "ES256";
  }
  return "RS256";
}

async function readSmall(file: string, what: string): Promise<string> {
  try {
    const text = await readFile(file, "utf8");
    if (text.length <= fileLimit) return text;
  } catch (error) {
    const { code = "unknown" } = error as NodeJS.ErrnoException;
    const message = `the file of the ${what}, ${file}, cannot be read (${code})`;
    throw new LoginError("bad_request", message, "check the path and who may read it");
  }
  throw new LoginError("bad_request", `${file} is too long for an ${what}`, "check the path");
}
