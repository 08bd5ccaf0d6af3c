/**
 * Subject token: what proves to a token endpoint who acts (RFC 8693, 2.1).
 * The login behind a session yields it; it never leaves the daemon but for the
 * token endpoint it is meant for.
 */
import type { Identity } from "./identity.js";
import type { Secret } from "./secret.js";

/** What proves to a token endpoint who acts (RFC 8693, 2.1). */
export interface SubjectToken {
  readonly token: Secret;
  readonly kind: "id_token" | "access_token";
  readonly expiresAt: Date | null;
}

export interface SubjectTokenNeed {
  readonly kind: "id_token" | "access_token";
  readonly audience?: string;
  readonly scope?: string;
  /** Do not answer with a token that is kept from before. */
  readonly fresh?: boolean;
}

/**
 * Yields a token of the login behind an identity; throws an error with code
 * `credential_unavailable` and a hint where there is none or it is another's.
 */
export interface SubjectTokens {
  obtain(identity: Identity, need: SubjectTokenNeed, signal: AbortSignal): Promise<SubjectToken>;
}
