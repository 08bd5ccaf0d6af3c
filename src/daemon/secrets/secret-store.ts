/**
 * Secret store: the home of stored secrets. The OS keychain, or by explicit
 * choice a sealed file; never plaintext, and never one in place of the other.
 */
import type { Secret } from "../model/secret.js";

export interface SecretStore {
  readonly name: "keychain" | "file";
  /** The secret, or undefined where there is none of that name. */
  get(name: string): Promise<Secret | undefined>;
  set(name: string, secret: Secret): Promise<void>;
  /** Removing what is not there is no error. */
  delete(name: string): Promise<void>;
}

/** Why a secret store cannot be used. */
export type SecretStoreFault =
  /** No session bus to reach a keyring by. */
  | "no-dbus"
  /** A bus, and no Secret Service on it. */
  | "no-service"
  | "locked"
  | "no-collection"
  | "timeout"
  /** The keychain's library does not load or does not know this system. */
  | "unsupported"
  /** The sealed file needs its passphrase. */
  | "passphrase-needed"
  | "passphrase-wrong"
  /** The sealed file or its key file was changed, cut, or is open to others. */
  | "damaged"
  | "unwritable";

/** `message`: one sentence, lower case; `hint`: both ways on. Neither holds a secret. */
export class SecretStoreError extends Error {
  readonly fault: SecretStoreFault;
  readonly hint: string;

  constructor(fault: SecretStoreFault, message: string, hint: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "SecretStoreError";
    this.fault = fault;
    this.hint = hint;
  }
}
