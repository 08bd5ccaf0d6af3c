/**
 * Credential source: yields what the upstream accepts, for one connection and
 * identity. A credential knows how to put itself on an outgoing request, and
 * is dropped once it has.
 */
import type { Connection } from "../model/connection.js";
import type { ConfigOf, CredentialKind } from "../model/credential-config.js";
import type { Identity } from "../model/identity.js";

/** What a credential may see and change of the request that leaves. */
export interface OutgoingRequest {
  readonly method: string;
  readonly origin: string;
  /** Path and query. */
  path: string;
  /** Names and values in turn, as they are sent. */
  readonly headers: string[];
  readonly body: Uint8Array;
}

export interface Credential {
  /** By our clock; absent where nothing is said of an end. */
  readonly expiresAt?: Date;
  /** Milliseconds it lives from when it was asked for; absent where nothing is said of it. */
  readonly lifetime?: number;
  /** Whom the upstream sees, as far as the source was told: a service account, a role, a subject. */
  readonly seenAs?: string;
  /** Adds itself to the request. */
  apply(request: OutgoingRequest): Promise<void> | void;
  /** Texts that must not come back to the client or into a transcript. */
  readonly sensitive: readonly string[];
}

export interface CredentialSource {
  /**
   * `rejected` is one that the upstream has refused: what is yielded then is another,
   * or that very object where no other can be had.
   */
  obtain(
    connection: Connection,
    identity: Identity,
    signal: AbortSignal,
    rejected?: Credential,
  ): Promise<Credential>;
}

/** The connection's settings, as a source of that kind reads them. */
export function configOf<Kind extends CredentialKind>(
  { name, credential }: Connection,
  kind: Kind,
): ConfigOf<Kind> {
  if (credential.kind === kind) return credential as ConfigOf<Kind>;
  throw new Error(`connection ${name} is not of kind ${kind}`);
}

export interface CredentialErrorOptions extends ErrorOptions {
  /** What it means where no request waits; absent: that the credential cannot be had now. */
  readonly problem?: "secret_missing" | "login_needed";
}

/** No credential could be had; the message says why and never holds a secret. */
export class CredentialError extends Error {
  /** The refusal it means on the data path. */
  readonly code = "credential_unavailable";
  readonly problem: "credential_unavailable" | "secret_missing" | "login_needed";
  readonly hint: string;

  constructor(message: string, hint: string, options: CredentialErrorOptions = {}) {
    super(message, options);
    this.name = "CredentialError";
    this.problem = options.problem ?? "credential_unavailable";
    this.hint = hint;
  }
}
