/**
 * Bound secret: a key and the origin it was given for, stored as one text.
 * An edited connections.yaml therefore cannot send a key anywhere else: who
 * reads the secret holds its origin against the connection's.
 */
import { Secret } from "../model/secret.js";

export interface BoundSecret {
  /** Scheme, host and port, as `URL.origin` writes them. */
  readonly origin: string;
  readonly value: Secret;
}

/** The text to store. */
export function bindSecret({ origin, value }: BoundSecret): Secret {
  return new Secret(JSON.stringify({ origin, value: value.reveal() }));
}

/** What a stored text holds; undefined for one that `bindSecret` did not write. */
export function readBoundSecret(stored: Secret): BoundSecret | undefined {
  try {
    const { origin, value } = JSON.parse(stored.reveal());
    if (typeof origin !== "string" || typeof value !== "string") return undefined;
    return { origin, value: new Secret(value) };
  } catch {
    // The parser's error would quote the text.
    return undefined;
  }
}
