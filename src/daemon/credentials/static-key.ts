/**
 * Static key: the permanent key of a connection, for providers that mint
 * nothing shorter-lived. It is read from its secret store once and kept in
 * memory, so a request never waits for a keychain; a rotated key has another
 * name, so the next request carries it. It goes to the origin it was given
 * for and nowhere else, whatever connections.yaml says by now.
 */
import type { Connection } from "../model/connection.js";
import type { Secret } from "../model/secret.js";
import type { BoundSecret } from "../secrets/bound-secret.js";
import { within } from "../secrets/within.js";
import { type Credential, CredentialError, type CredentialSource, configOf } from "./source.js";
import { boundElsewhere, readStoredSecret, type SecretStores } from "./stored-secret.js";

export interface StaticKeyOptions {
  readonly stores: SecretStores;
}

/** How each provider takes its key: a header's name and value. */
const headers: ReadonlyMap<string, (key: string) => readonly [string, string]> = new Map([
  ["openai", (key: string) => ["authorization", `Bearer ${key}`] as const],
]);

interface Kept {
  readonly identity: string;
  readonly secret: Promise<BoundSecret>;
  /** Once it is here, as the requests of this connection take it. */
  ready?: { readonly connection: Connection; readonly credential: Credential };
}

/** Creates the source that yields stored keys. */
export function createStaticKeySource({ stores }: StaticKeyOptions): CredentialSource {
  /** By connection: one key each, and a key that was rotated away is let go of. */
  const kept = new Map<string, Kept>();

  function keptOf(connection: Connection): Kept {
    const { name, createdAt, rotatedAt } = connection;
    const { secretStore, secretName } = configOf(connection, "static-key");
    const times = [createdAt, rotatedAt].map((time) => time?.getTime() ?? 0);
    const identity = [secretStore, secretName, ...times].join(" ");
    const known = kept.get(name);
    if (known?.identity === identity) return known;

    const fresh: Kept = { identity, secret: readStoredSecret(stores, connection) };
    kept.set(name, fresh);
    // A failure is told to those who wait and not kept: the keychain may be unlocked by then.
    fresh.secret.catch(() => {
      if (kept.get(name) === fresh) kept.delete(name);
    });
    return fresh;
  }

  return {
    async obtain(connection, _identity, signal, rejected) {
      // There is one key; asking for it again gives the same.
      if (rejected !== undefined) return rejected;
      signal.throwIfAborted();
      const ready = kept.get(connection.name)?.ready;
      // The same object is the same connection: a changed one is read again, as another.
      if (ready?.connection === connection) return ready.credential;
      const found = keptOf(connection);
      const { origin, value } = await within(signal, found.secret);
      if (origin !== connection.origin)
        throw boundElsewhere(connection.name, origin, connection.origin);
      const credential = credentialOf(connection, value);
      found.ready = { connection, credential };
      return credential;
    },
  };
}

function credentialOf(connection: Connection, value: Secret): Credential {
  const headerOf = headers.get(connection.provider);
  if (headerOf === undefined) {
    throw new CredentialError(
      `provider ${connection.provider} takes no permanent key`,
      "hoopx connections show NAME tells a connection's provider",
    );
  }
  const { name, origin } = connection;
  return {
    // A getter: inspecting a credential shows none.
    get sensitive() {
      return [value.reveal()];
    },
    apply(request) {
      if (request.origin !== origin) throw boundElsewhere(name, origin, request.origin);
      request.headers.push(...headerOf(value.reveal()));
    },
  };
}
