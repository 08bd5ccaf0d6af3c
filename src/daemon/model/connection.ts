/**
 * Connection: a named upstream with its credential source.
 */
import type { CredentialConfig } from "./credential-config.js";

export interface Connection {
  /** Lower-case letters, digits and hyphens: it is a path segment and a file's key. */
  readonly name: string;
  readonly provider: string;
  /** Scheme, host and port, as `URL.origin` writes them. */
  readonly origin: string;
  /** Path of the base URL, without a slash at its end; empty for a bare host. */
  readonly basePath: string;
  readonly credential: CredentialConfig;
  /** The upstream may resolve to a private or link-local address. */
  readonly allowPrivateNetwork: boolean;
  readonly createdAt: Date;
  readonly rotatedAt: Date | null;
}
