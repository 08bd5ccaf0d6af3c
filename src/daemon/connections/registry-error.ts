/**
 * Registry error: why a connection cannot be added, changed or removed. The
 * codes are those of the control API's problems; neither message nor hint
 * holds a secret.
 */
export type RegistryErrorCode =
  | "already_exists"
  | "not_found"
  | "bad_request"
  /** connections.yaml cannot be read or written. */
  | "store_unavailable"
  | "secret_store_unavailable";

export class RegistryError extends Error {
  readonly code: RegistryErrorCode;
  readonly hint: string;

  constructor(code: RegistryErrorCode, message: string, hint: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "RegistryError";
    this.code = code;
    this.hint = hint;
  }
}
