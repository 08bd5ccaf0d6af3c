/**
 * Stored secret: what a connection has in a secret store, read with the error
 * that mends it. It comes with the origin it was given for; who sends it holds
 * that against where it goes.
 */
import type { Connection } from "../model/connection.js";
import type { SecretStoreName } from "../model/credential-config.js";
import { storedSecretOf } from "../model/credential-config.js";
import type { Secret } from "../model/secret.js";
import { type BoundSecret, readBoundSecret } from "../secrets/bound-secret.js";
import { type SecretStore, SecretStoreError } from "../secrets/secret-store.js";
import { CredentialError } from "./source.js";

export type SecretStores = Readonly<Record<SecretStoreName, SecretStore>>;

/** Reads the connection's secret; throws CredentialError where there is none to read. */
export async function readStoredSecret(
  stores: SecretStores,
  { name, credential }: Connection,
): Promise<BoundSecret> {
  const place = storedSecretOf(credential);
  if (place === undefined) throw new Error(`connection ${name} has no stored secret`);
  const home = place.secretStore === "keychain" ? "the keychain" : "the sealed file";
  const again = `hoopx connections rotate ${name} gives it its key again`;
  const problem = "secret_missing";
  let stored: Secret | undefined;
  try {
    stored = await stores[place.secretStore].get(place.secretName);
  } catch (error) {
    if (!(error instanceof SecretStoreError)) throw error;
    const message = `the key of connection ${name} cannot be read: ${error.message}`;
    const asked = `hoopx connections test ${name} asks for the passphrase on a terminal; elsewhere HOOPX_PASSPHRASE gives it`;
    const hint = error.fault === "passphrase-needed" ? asked : error.hint;
    throw new CredentialError(message, hint, { cause: error, problem });
  }
  if (stored === undefined) {
    throw new CredentialError(`${home} has no key of connection ${name}`, again, { problem });
  }
  const secret = readBoundSecret(stored);
  if (secret === undefined) {
    const message = `what ${home} has for connection ${name} is not a key`;
    throw new CredentialError(message, again, { problem });
  }
  return secret;
}

/** The secret would go elsewhere than where it was given for. */
export function boundElsewhere(name: string, given: string, to: string): CredentialError {
  return new CredentialError(
    `the key of connection ${name} is bound to ${given}, and the request goes to ${to}`,
    `set its baseUrl back, or give it the key for the new origin with hoopx connections rotate ${name}`,
    { problem: "secret_missing" },
  );
}
