/**
 * Bearer: a token that goes into `Authorization: Bearer …` of requests to its
 * connection's origin and to no other (RFC 6750, 2.1). How long it lives is
 * what its issuer said of it, seconds from the answer, not a time of day: two
 * clocks need not agree. Where only a time is said, it is read by the issuer's
 * own clock.
 */
import type { Connection } from "../model/connection.js";
import type { Secret } from "../model/secret.js";
import { type Credential, CredentialError, type OutgoingRequest } from "./source.js";

export interface BearerOptions {
  readonly connection: Connection;
  readonly token: Secret;
  /** Milliseconds from when it was asked for; absent where the issuer says nothing. */
  readonly lifetime?: number | undefined;
  readonly seenAs?: string | undefined;
  readonly now: () => Date;
  /** Puts what goes beside the token on the request. */
  readonly beside?: (request: OutgoingRequest) => void;
}

/** Creates the credential. */
export function createBearer(options: BearerOptions): Credential {
  const { connection, token, lifetime, seenAs, now, beside } = options;
  assertAlive(connection, lifetime);
  return {
    ...(lifetime !== undefined && {
      lifetime,
      expiresAt: new Date(now().getTime() + lifetime),
    }),
    ...(seenAs !== undefined && { seenAs }),
    // A getter: inspecting a credential shows none.
    get sensitive() {
      return [token.reveal()];
    },
    apply(request) {
      assertOrigin(connection, request);
      request.headers.push("authorization", `Bearer ${token.reveal()}`);
      beside?.(request);
    },
  };
}

/** What is bound to a connection's origin goes nowhere else. */
export function assertOrigin({ name, origin }: Connection, request: OutgoingRequest): void {
  if (request.origin === origin) return;
  throw new CredentialError(
    `the credential of connection ${name} is for ${origin}, and the request goes to ${request.origin}`,
    `hoopx connections show ${name}`,
  );
}

/** A credential that is over before it is used means clocks that disagree, or a wrong endpoint. */
export function assertAlive({ name }: Connection, lifetime: number | undefined): void {
  if (lifetime === undefined || lifetime > 0) return;
  throw new CredentialError(
    `the credential that connection ${name} was given has expired already`,
    "compare this machine's clock with the issuer's",
  );
}

/** Milliseconds of an `expires_in` (RFC 6749, 5.1), a number or, from some, digits. */
export function milliseconds(expiresIn: unknown): number | undefined {
  const plain = typeof expiresIn === "string" && /^-?\d+(\.\d+)?$/.test(expiresIn);
  const seconds = plain ? Number(expiresIn) : expiresIn;
  return typeof seconds === "number" && Number.isFinite(seconds) ? seconds * 1000 : undefined;
}

/** The claims of a token that is a JWT, unchecked: the upstream checks it, we only tell of it. */
function claimsOf(token: Secret): Readonly<Record<string, unknown>> {
  const parts = token.reveal().split(".");
  if (parts.length !== 3) return {};
  try {
    const claims: unknown = JSON.parse(Buffer.from(parts[1] ?? "", "base64url").toString("utf8"));
    return typeof claims === "object" && claims !== null ? (claims as Record<string, unknown>) : {};
  } catch {
    // The parser's error would quote the token.
    return {};
  }
}

/** Milliseconds until a JWT's `exp` by its issuer's clock; undefined where it has none. */
export function lifetimeOfJwt(token: Secret, clock: number): number | undefined {
  const { exp } = claimsOf(token);
  return typeof exp === "number" ? exp * 1000 - clock : undefined;
}

/** A claim that can be shown: one line of plain text. */
export function claim(token: Secret, ...names: readonly string[]): string | undefined {
  const claims = claimsOf(token);
  for (const name of names) {
    const value = claims[name];
    if (typeof value === "string" && /^[\x20-\x7e]{1,256}$/.test(value)) return value;
  }
  return undefined;
}
