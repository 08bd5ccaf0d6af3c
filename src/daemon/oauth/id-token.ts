/**
 * ID token: who the provider says it is, believed only when signed by a key of
 * its JWKS and issued by it, for us, for now (OpenID Connect Core, 3.1.3.7).
 * A key that is not known is looked for once more, so keys may rotate. Clocks
 * may differ by a minute; by ten it is said (SECURITY I3).
 */
import type { JWTPayload, JWTVerifyGetKey } from "jose";
import type { Secret } from "../model/secret.js";
import { LoginError } from "./login-error.js";

export type Claims = Readonly<Record<string, unknown>> & { readonly sub: string };

export interface IdTokenChecks {
  readonly issuer: string;
  /** One of the token's audiences must be this. */
  readonly audience: string;
  readonly nonce?: string | undefined;
  readonly now: () => Date;
  /** It was made for us just now: then its age says how far the clocks are apart. */
  readonly fresh: boolean;
  /** The `iat` of the one before, which a provider may hand out again. */
  readonly issuedBefore?: number | undefined;
}

export interface IdToken {
  readonly claims: Claims;
  readonly issuedAt: number;
  /** Seconds it is still good for. */
  readonly secondsLeft: number;
}

/** Seconds that clocks may differ: a minute, and what the way takes. */
const tolerance = 90;

const algorithms = ["RS", "PS", "ES"].flatMap((family) =>
  ["256", "384", "512"].map((size) => family + size),
);

/** Checks a token; throws a LoginError that says what is wrong and never the token. */
export async function verifyIdToken(
  token: Secret,
  keys: JWTVerifyGetKey,
  checks: IdTokenChecks,
): Promise<IdToken> {
  const payload = await verified(token, keys, checks);
  const { iat, exp, nbf = 0, sub } = payload;
  if (typeof iat !== "number" || typeof exp !== "number" || typeof sub !== "string" || sub === "") {
    throw refused(checks.issuer, "its ID token lacks iat, exp or sub");
  }
  const now = checks.now().getTime() / 1000;
  const again = iat === checks.issuedBefore;
  const apart = Math.max(iat, nbf) - now;
  if (apart > tolerance || (checks.fresh && !again && -apart > tolerance)) {
    throw skewed(checks.issuer, apart);
  }
  if (exp + tolerance <= now) {
    throw new LoginError(
      "login_needed",
      `the ID token ran out ${inWords(now - exp)} ago`,
      "get a new one, then log in again",
    );
  }
  return { claims: payload as Claims, issuedAt: iat, secondsLeft: Math.max(1, exp - now) };
}

async function verified(
  token: Secret,
  keys: JWTVerifyGetKey,
  { issuer, audience, nonce }: IdTokenChecks,
): Promise<JWTPayload> {
  const { jwtVerify, errors } = await import("jose");
  try {
    const { payload } = await jwtVerify(token.reveal(), keys, {
      issuer,
      audience,
      algorithms: [...algorithms, "EdDSA", "Ed25519"],
      // Times are checked above, with words of our own.
      clockTolerance: "100 years",
    });
    if (nonce !== undefined && payload.nonce !== nonce) {
      throw refused(issuer, "its ID token is not for this login (nonce)");
    }
    const several = Array.isArray(payload.aud) && payload.aud.length > 1;
    if (several && payload.azp !== undefined && payload.azp !== audience) {
      throw refused(issuer, "its ID token is for another client (azp)");
    }
    return payload;
  } catch (error) {
    if (error instanceof errors.JWTClaimValidationFailed) {
      const what = { iss: "is another issuer's", aud: `is not for ${audience}` }[error.claim];
      throw refused(
        issuer,
        `the ID token ${what ?? `fails at ${error.claim}`} (${error.claim})`,
        error,
      );
    }
    if (error instanceof errors.JWKSNoMatchingKey) {
      throw refused(
        issuer,
        "the ID token is signed by a key that the provider does not publish",
        error,
      );
    }
    if (error instanceof errors.JWSSignatureVerificationFailed) {
      throw refused(issuer, "the ID token's signature is wrong", error);
    }
    if (error instanceof errors.JWKSTimeout || !(error instanceof errors.JOSEError)) throw error;
    throw refused(issuer, `the ID token cannot be read (${error.code})`, error);
  }
}

/** Was it the key alone that was not known? */
export function isUnknownKey(thrown: unknown): boolean {
  const cause = thrown instanceof LoginError ? thrown.cause : undefined;
  return (cause as { code?: unknown } | undefined)?.code === "ERR_JWKS_NO_MATCHING_KEY";
}

function refused(issuer: string, what: string, cause?: unknown): LoginError {
  return new LoginError(
    "identity_provider_refused",
    `a login at ${issuer} is not believed: ${what}`,
    "check --issuer, --client-id and --audience",
    { cause },
  );
}

function skewed(issuer: string, apart: number): LoginError {
  const direction = apart > 0 ? "behind" : "ahead of";
  return new LoginError(
    "clock_skewed",
    `this machine's clock is ${inWords(Math.abs(apart))} ${direction} that of ${issuer}`,
    "set the clock right (timedatectl set-ntp true), then log in again",
  );
}

function inWords(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return `${Math.round(seconds / 3600)} h`;
}
