/**
 * Static key: the permanent key of a connection, for providers that mint
 * nothing shorter-lived. It is read from its secret store once and kept in
 * memory, so a request never waits for a keychain; a rotated key has another
 * name, so the next request carries it. It goes to the origin it was given
 * for and nowhere else, whatever connections.yaml says by now.
 */
import type { Connection, SecretStoreName } from "../model/connection.js";
import type { Secret } from "../model/secret.js";
import { type BoundSecret, readBoundSecret } from "../secrets/bound-secret.js";
import { type SecretStore, SecretStoreError } from "../secrets/secret-store.js";
import { within } from "../secrets/within.js";
import { type Credential, CredentialError, type CredentialSource } from "./source.js";

export interface StaticKeyOptions {
  readonly stores: Readonly<Record<SecretStoreName, SecretStore>>;
}

/** How each provider takes its key: a header's name and value. */
const headers: ReadonlyMap<string, (key: string) => readonly [string, string]> = new Map([
  ["openai", (key: string) => ["authorization", `Bearer ${key}`] as const],
]);

interface Kept {
  readonly identity: string;
  readonly secret: Promise<BoundSecret>;
}

/** Creates the source that yields stored keys. */
export function createStaticKeySource({ stores }: StaticKeyOptions): CredentialSource {
  /** By connection: one key each, and a key that was rotated away is let go of. */
  const kept = new Map<string, Kept>();

  function secretOf(connection: Connection): Promise<BoundSecret> {
    const { name, credential, createdAt, rotatedAt } = connection;
    const { secretStore, secretName } = credential;
    const times = [createdAt, rotatedAt].map((time) => time?.getTime() ?? 0);
    const identity = [secretStore, secretName, ...times].join(" ");
    const known = kept.get(name);
    if (known?.identity === identity) return known.secret;

    const fresh: Kept = { identity, secret: fetchSecret(connection, stores[secretStore]) };
    kept.set(name, fresh);
    // A failure is told to those who wait and not kept: the keychain may be unlocked by then.
    fresh.secret.catch(() => {
      if (kept.get(name) === fresh) kept.delete(name);
    });
    return fresh.secret;
  }

  return {
    async obtain(connection, _identity, signal) {
      const { origin, value } = await within(signal, secretOf(connection));
      if (origin !== connection.origin) throw bound(connection, origin);
      return credentialOf(connection, value);
    },
  };
}

async function fetchSecret(connection: Connection, store: SecretStore): Promise<BoundSecret> {
  const { name, credential } = connection;
  const home = store.name === "keychain" ? "the keychain" : "the sealed file";
  const again = `hoopx connections rotate ${name} gives it its key again`;
  let stored: Secret | undefined;
  try {
    stored = await store.get(credential.secretName);
  } catch (error) {
    if (!(error instanceof SecretStoreError)) throw error;
    const message = `the key of connection ${name} cannot be read: ${error.message}`;
    throw new CredentialError(message, error.hint, { cause: error });
  }
  if (stored === undefined) {
    throw new CredentialError(`${home} has no key of connection ${name}`, again);
  }
  const secret = readBoundSecret(stored);
  if (secret === undefined) {
    throw new CredentialError(`what ${home} has for connection ${name} is no key`, again);
  }
  return secret;
}

function credentialOf(connection: Connection, value: Secret): Credential {
  const headerOf = headers.get(connection.provider);
  if (headerOf === undefined) {
    throw new CredentialError(
      `provider ${connection.provider} takes no permanent key`,
      "hoopx connections show NAME tells a connection's provider",
    );
  }
  const { origin } = connection;
  return {
    // A getter: inspecting a credential shows none.
    get sensitive() {
      return [value.reveal()];
    },
    apply(request) {
      if (request.origin !== origin) throw bound(connection, origin);
      request.headers.push(...headerOf(value.reveal()));
    },
  };
}

function bound({ name, origin }: Connection, given: string): CredentialError {
  return new CredentialError(
    `the key of connection ${name} is bound to ${given}, and the request goes to ${origin}`,
    `set its baseUrl back, or give it the key for the new origin with hoopx connections rotate ${name}`,
  );
}
