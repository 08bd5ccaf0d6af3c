/**
 * Connection registry: the named upstreams, kept in connections.yaml, their
 * keys in a secret store. A key is stored before the row that names it and
 * removed after it, under a new name each time: a connection in the list is
 * always whole, and a crash leaves at most a key that nothing uses.
 */
import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { Connection } from "../model/connection.js";
import type { SecretStoreName } from "../model/credential-config.js";
import { storedSecretOf } from "../model/credential-config.js";
import type { Secret } from "../model/secret.js";
import { bindSecret, readBoundSecret } from "../secrets/bound-secret.js";
import { writePrivate } from "../secrets/private-file.js";
import { type SecretStore, SecretStoreError } from "../secrets/secret-store.js";
import { type ConnectionsFile, isConnectionName, readConnectionsFile } from "./connections-file.js";
import { cleanKey } from "./key.js";
import { type NewConnection, plannedConnection } from "./new-connection.js";
import { nameRefused, nameTaken, noKey, RegistryError, unavailable } from "./registry-error.js";

export interface ConnectionRegistry {
  /** By name. */
  list(): readonly Connection[];
  find(name: string): Connection | undefined;
  /** What of the file cannot be used: one line a problem, with its place. */
  problems(): readonly string[];
  /** Which of a provider's connections a session gets that names none: the chosen one, else the first that was added. */
  defaultOf(provider: string): Connection | undefined;
  /** Makes it the default of its provider. */
  makeDefault(name: string): Promise<Connection>;
  add(connection: NewConnection): Promise<Connection>;
  /** Rejects as `add` would with a key, and keeps nothing: the store is asked whether it can be used. */
  checkNew(connection: Omit<NewConnection, "secret">): Promise<void>;
  /** A new key for the next request; it is bound to the connection's present origin. */
  rotate(name: string, secret: Secret): Promise<Connection>;
  /** Rejects where `rotate` would, whatever the key, and keeps nothing. */
  checkKey(name: string): Promise<void>;
  /** The connection that was removed. */
  remove(name: string): Promise<Connection>;
  /**
   * The names among these (SHA-256 in hex, by name) whose value is a stored key. Rejects
   * where a key cannot be read: who asks must not take that for none.
   */
  holders(digests: Readonly<Record<string, string>>): Promise<readonly string[]>;
}

export interface ConnectionRegistryOptions {
  /** connections.yaml. */
  readonly file: string;
  readonly stores: Readonly<Record<SecretStoreName, SecretStore>>;
  readonly defaultStore: SecretStoreName;
  /** Default base URL of each provider, by its name. */
  readonly providers: Readonly<Record<string, string>>;
  readonly now: () => Date;
  /** Told of rows that cannot be used, and of keys that could not be removed. */
  readonly warn: (message: string) => void;
}

/** Creates the registry from its file; one that cannot be read in whole or part is told to `warn`. */
export async function createConnectionRegistry(
  options: ConnectionRegistryOptions,
): Promise<ConnectionRegistry> {
  const { file, stores, defaultStore, providers, now, warn } = options;
  const digests = new Map<string, string>();
  let tail: Promise<unknown> = Promise.resolve();
  let current = await load();
  for (const problem of current.problems) warn(problem);

  async function load(): Promise<ConnectionsFile> {
    try {
      return readConnectionsFile(file, await readFile(file, "utf8"), providers);
    } catch (error) {
      const { code = "unknown" } = error as NodeJS.ErrnoException;
      if (code === "ENOENT") return readConnectionsFile(file, "", providers);
      throw unavailable(`${file} cannot be read (${code})`, error);
    }
  }

  /** One change at a time, each from the file as it is now: a person may have edited it. */
  function change<Result>(job: (latest: ConnectionsFile) => Promise<Result>): Promise<Result> {
    const turn = tail.then(async () => {
      const latest = await load();
      if (latest.usable) return job(latest);
      const [problem = ""] = latest.problems;
      throw new RegistryError("bad_request", problem, `mend ${file}, then try again`);
    });
    tail = turn.catch(() => undefined);
    return turn;
  }

  async function write(text: string): Promise<void> {
    try {
      await writePrivate(file, text);
    } catch (error) {
      const { code = "unknown" } = error as NodeJS.ErrnoException;
      throw unavailable(`${file} cannot be written (${code})`, error);
    }
    current = readConnectionsFile(file, text, providers);
  }

  /** Stores the key, if there is one, then the row; a key whose row could not be written is taken back. */
  async function keep(latest: ConnectionsFile, connection: Connection, key: Secret | undefined) {
    const place = storedSecretOf(connection.credential);
    if (place !== undefined && key !== undefined) {
      const bound = bindSecret({ origin: secretGoesTo(connection), value: key });
      await stores[place.secretStore].set(place.secretName, bound);
    }
    try {
      await write(latest.withRow(connection.name, connection));
    } catch (error) {
      await dropKey(connection).catch(({ message }: Error) => warn(message));
      throw error;
    }
    if (place !== undefined && key !== undefined) {
      digests.set(place.secretName, key.digest().toString("hex"));
    }
    return connection;
  }

  async function dropKey({ name, credential }: Connection): Promise<void> {
    const place = storedSecretOf(credential);
    if (place === undefined) return;
    digests.delete(place.secretName);
    try {
      await stores[place.secretStore].delete(place.secretName);
    } catch (error) {
      if (!(error instanceof SecretStoreError)) throw error;
      throw new RegistryError(
        "secret_store_unavailable",
        `a key of connection ${name} that is not used any more is still stored as ${place.secretName}: ${error.message}`,
        "revoke that key at the provider",
        { cause: error },
      );
    }
  }

  async function digestOf({ credential }: Connection): Promise<string | undefined> {
    const place = storedSecretOf(credential);
    if (place === undefined) return undefined;
    const known = digests.get(place.secretName);
    if (known !== undefined) return known;
    const stored = await stores[place.secretStore].get(place.secretName);
    const digest = stored && readBoundSecret(stored)?.value.digest().toString("hex");
    if (digest !== undefined) digests.set(place.secretName, digest);
    return digest;
  }

  function planned(latest: ConnectionsFile, given: NewConnection, hasKey: boolean): Connection {
    const { name, secretStore = defaultStore } = given;
    if (!isConnectionName(name)) throw nameRefused();
    if (latest.has(name)) throw nameTaken(name, latest.connections.has(name) ? undefined : file);
    const place = hasKey ? { secretStore, secretName: secretNameFor(name) } : undefined;
    return plannedConnection(given, { place, providers, now: now() });
  }

  /** The secret's store shows that it can be used by looking for a name that it does not have. */
  async function checkStore({ credential }: Connection): Promise<void> {
    const place = storedSecretOf(credential);
    if (place !== undefined) await stores[place.secretStore].get(".check");
  }

  function withKey(name: string, latest: ConnectionsFile): Connection {
    const connection = found(name, latest.connections);
    if (storedSecretOf(connection.credential) !== undefined) return connection;
    throw noKey(name, connection.credential.kind);
  }

  function found(name: string, connections: ConnectionsFile["connections"]): Connection {
    const connection = connections.get(name);
    if (connection !== undefined) return connection;
    throw new RegistryError(
      "not_found",
      `unknown connection ${name}`,
      "hoopx connections lists them",
    );
  }

  return {
    list: () =>
      [...current.connections.values()].sort((one, other) => (one.name < other.name ? -1 : 1)),

    find: (name) => current.connections.get(name),
    problems: () => current.problems,

    defaultOf(provider) {
      const chosen = current.connections.get(current.defaults.get(provider) ?? "");
      if (chosen !== undefined) return chosen;
      const [first] = [...current.connections.values()]
        .filter((connection) => connection.provider === provider)
        .sort((one, other) => one.createdAt.getTime() - other.createdAt.getTime());
      return first;
    },

    makeDefault: (name) =>
      change(async (latest) => {
        const connection = found(name, latest.connections);
        await write(latest.withDefault(connection));
        return connection;
      }),

    add: (given) =>
      change(async (latest) => {
        const key = given.secret && cleanKey(given.secret);
        return keep(latest, planned(latest, given, key !== undefined), key);
      }),

    checkNew: (given) => change((latest) => checkStore(planned(latest, given, true))),

    checkKey: (name) => change((latest) => checkStore(withKey(name, latest))),

    rotate: (name, secret) =>
      change(async (latest) => {
        const old = withKey(name, latest);
        const key = cleanKey(secret);
        const credential = { ...old.credential, secretName: secretNameFor(name) };
        const connection = await keep(latest, { ...old, credential, rotatedAt: now() }, key);
        await dropKey(old).catch(({ message }: Error) => warn(message));
        return connection;
      }),

    remove: (name) =>
      change(async (latest) => {
        const connection = found(name, latest.connections);
        await write(latest.withRow(name, undefined));
        await dropKey(connection);
        return connection;
      }),

    async holders(asked) {
      const stored = new Set(await Promise.all([...current.connections.values()].map(digestOf)));
      return Object.keys(asked).filter((name) => stored.has(asked[name]));
    },
  };
}

/** Never the name of an earlier key: what was read of one can then be kept. */
function secretNameFor(name: string): string {
  return `${name}-${randomBytes(6).toString("hex")}`;
}

/** The origin that the connection's secret is sent to: a client secret goes to the token endpoint. */
function secretGoesTo({ origin, credential }: Connection): string {
  return credential.kind === "token-exchange" ? new URL(credential.tokenUrl).origin : origin;
}
