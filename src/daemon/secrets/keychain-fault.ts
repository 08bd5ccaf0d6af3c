/**
 * Keychain fault: why the keychain cannot be used, told from the library's
 * error texts (it has one code for all) and said with both ways on: how to
 * mend the keychain, and the sealed file. The texts are those of
 * @napi-rs/keyring 2.1.2 (docs/decisions/0002-keychain-library.md).
 */
import { SecretStoreError, type SecretStoreFault } from "./secret-store.js";

type KeychainFault = Extract<
  SecretStoreFault,
  "no-dbus" | "no-service" | "locked" | "no-collection" | "timeout" | "unsupported"
>;

/** In this order: the first that matches names the fault. */
const texts: readonly (readonly [KeychainFault, RegExp])[] = [
  ["locked", /object locked|prompt was dismissed|interaction is not allowed/i],
  ["no-collection", /no result found/i],
  ["timeout", /did not receive a reply|timed? ?out|abort/i],
  [
    "no-service",
    /not provided by any \.service|ServiceUnknown|has no owner|disconnected from message bus|Secret Service provider|exited with status|could not activate/i,
  ],
  ["no-dbus", /autolaunch|DBUS_SESSION_BUS_ADDRESS|connect to socket|D-?Bus error/i],
];

const sayings: Readonly<Record<KeychainFault, { message: string; mend: string }>> = {
  "no-dbus": {
    message: "the keychain cannot be reached: no session bus (D-Bus)",
    mend: "run hoopx daemon restart from a desktop session or below dbus-run-session",
  },
  "no-service": {
    message: "the keychain cannot be reached: no Secret Service answers on the session bus",
    mend: "start a keyring, such as gnome-keyring-daemon --start --components=secrets",
  },
  locked: {
    message: "the keychain is locked",
    mend: "unlock it, for instance by logging in at the desktop or with gnome-keyring-daemon --unlock",
  },
  "no-collection": {
    message: "the keychain has no collection to keep secrets in",
    mend: "create one called login, for instance with gnome-keyring-daemon --unlock",
  },
  timeout: {
    message: "the keychain did not answer in time",
    mend: "answer its prompt if it shows one, or restart the keyring",
  },
  unsupported: {
    message: "the keychain cannot be used on this system",
    mend: "reinstall hoopx with its optional packages for this platform",
  },
};

/** The error for a fault that is known. */
export function keychainError(fault: KeychainFault, detail?: string): SecretStoreError {
  const { message, mend } = sayings[fault];
  return new SecretStoreError(
    fault,
    detail === undefined ? message : `${message}: ${detail}`,
    `${mend}; or keep secrets in the sealed file with --secret-store file`,
  );
}

/**
 * What a failure of the library means. Its error is not kept as cause: a
 * keychain that quoted the secret in it would put it into our log.
 */
export function keychainFailure(error: unknown): SecretStoreError {
  if (error instanceof SecretStoreError) return error;
  const text = error instanceof Error ? `${error.name}: ${error.message}` : "";
  const [fault] = texts.find(([, pattern]) => pattern.test(text)) ?? [];
  return fault === undefined
    ? keychainError("unsupported", "it failed in a way hoopx does not know")
    : keychainError(fault);
}
