/**
 * Credential source: yields what the upstream accepts, for one connection and
 * identity. A credential knows how to put itself on an outgoing request, and
 * is dropped once it has.
 */
import type { Connection } from "../model/connection.js";
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
  readonly expiresAt?: Date;
  /** Adds itself to the request. */
  apply(request: OutgoingRequest): Promise<void> | void;
  /** Texts that must not come back to the client or into a transcript. */
  readonly sensitive: readonly string[];
}

export interface CredentialSource {
  obtain(connection: Connection, identity: Identity, signal: AbortSignal): Promise<Credential>;
}

/** No credential could be had; the message says why and never holds a secret. */
export class CredentialError extends Error {
  /** The refusal it means on the data path. */
  readonly code = "credential_unavailable";
  readonly hint: string;

  constructor(message: string, hint: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "CredentialError";
    this.hint = hint;
  }
}
