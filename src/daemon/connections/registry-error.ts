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

export function nameRefused(): RegistryError {
  // The name is not repeated: a key pasted into its place would be shown.
  return new RegistryError(
    "bad_request",
    "a connection cannot have that name",
    "use up to 63 lower-case letters, digits and hyphens; not last, not all, nothing that begins with hoopx-",
  );
}

/** `broken`: the file, where the name's row in it cannot be used. */
export function nameTaken(name: string, broken: string | undefined): RegistryError {
  return new RegistryError(
    "already_exists",
    `connection ${name} exists already`,
    broken === undefined
      ? `hoopx connections rotate ${name} gives it another key, hoopx connections remove ${name} removes it`
      : `its row in ${broken} cannot be used: mend it or take it out`,
  );
}

export function noKey(name: string, kind: string): RegistryError {
  return new RegistryError(
    "bad_request",
    `connection ${name} has no key to rotate: its credential is ${kind}`,
    `hoopx connections test ${name} shows what it obtains`,
  );
}

export function unavailable(message: string, cause: unknown): RegistryError {
  return new RegistryError(
    "store_unavailable",
    message,
    "free disk space, or give its owner the right to read and write it and its folder",
    { cause },
  );
}
