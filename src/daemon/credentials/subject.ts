/**
 * Subject: the token of the login that a source hands in, as the connection's
 * settings want it, and how token endpoints call its type.
 */
import type { ExchangeConfig } from "../model/credential-config.js";
import type { Identity } from "../model/identity.js";
import type { SubjectToken, SubjectTokens } from "../model/subject-token.js";
import type { TokenCaller } from "./token-call.js";

/** What every source that exchanges a token of the login is made of. */
export interface ExchangeOptions {
  readonly subjects: SubjectTokens;
  readonly call: TokenCaller;
  readonly now: () => Date;
}

/** RFC 8693, 3. */
export const tokenTypes = {
  access_token: "urn:ietf:params:oauth:token-type:access_token",
  id_token: "urn:ietf:params:oauth:token-type:id_token",
  jwt: "urn:ietf:params:oauth:token-type:jwt",
} as const;

/** RFC 8693, 2.1. */
export const exchangeGrant = "urn:ietf:params:oauth:grant-type:token-exchange";

/** The token to hand in: the ID token, unless the settings say otherwise. */
export function subjectFor(
  subjects: SubjectTokens,
  { subjectToken: kind = "id_token", subjectAudience: audience }: ExchangeConfig,
  identity: Identity,
  signal: AbortSignal,
): Promise<SubjectToken> {
  return subjects.obtain(identity, { kind, ...(audience !== undefined && { audience }) }, signal);
}

/** `jwt` for those who take any JWT and know no access tokens. */
export function jwtTypeOf({ kind }: SubjectToken): string {
  return kind === "id_token" ? tokenTypes.id_token : tokenTypes.jwt;
}
