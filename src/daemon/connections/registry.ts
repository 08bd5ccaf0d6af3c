/**
 * Connection registry: the named upstreams, kept in connections.yaml, their
 * keys in a secret store. A key is stored before the row that names it and
 * removed after it, under a new name each time: a connection in the list is
 * always whole, and a crash leaves at most a key that nothing uses.
 */
import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { Connection, SecretStoreName } from "../model/connection.js";
import type { Secret } from "../model/secret.js";
import { bindSecret, readBoundSecret } from "../secrets/bound-secret.js";
import { writePrivate } from "../secrets/private-file.js";
import { type SecretStore, SecretStoreError } from "../secrets/secret-store.js";
import { BaseUrlError, parseBaseUrl } from "../upstream/address.js";
import { type ConnectionsFile, isConnectionName, readConnectionsFile } from "./connections-file.js";
import { cleanKey } from "./key.js";
import { RegistryError } from "./registry-error.js";

export interface NewConnection {
  readonly name: string;
  readonly provider: string;
  /** Absent: the provider's own. */
  readonly baseUrl?: string;
  readonly credential: "static-key";
  readonly secret: Secret;
  /** Absent: the default store. */
  readonly secretStore?: SecretStoreName;
  readonly allowPrivateNetwork?: boolean;
}

export interface ConnectionRegistry {
  /** By name. */
  list(): readonly Connection[];
  find(name: string): Connection | undefined;
  add(connection: NewConnection): Promise<Connection>;
  /** A new key for the next request; it is bound to the connection's present origin. */
  rotate(name: string, secret: Secret): Promise<Connection>;
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

  async function write(
    latest: ConnectionsFile,
    name: string,
    connection: Connection | undefined,
  ): Promise<void> {
    const text = latest.withRow(name, connection);
    try {
      await writePrivate(file, text);
    } catch (error) {
      const { code = "unknown" } = error as NodeJS.ErrnoException;
      throw unavailable(`${file} cannot be written (${code})`, error);
    }
    current = readConnectionsFile(file, text, providers);
  }

  /** Stores the key, then the row; a key whose row could not be written is taken back. */
  async function keep(latest: ConnectionsFile, connection: Connection, key: Secret) {
    const { secretName } = connection.credential;
    const store = storeOf(connection);
    await store.set(secretName, bindSecret({ origin: connection.origin, value: key }));
    try {
      await write(latest, connection.name, connection);
    } catch (error) {
      await dropKey(connection).catch(({ message }: Error) => warn(message));
      throw error;
    }
    digests.set(secretName, key.digest().toString("hex"));
    return connection;
  }

  async function dropKey(connection: Connection): Promise<void> {
    const { secretName } = connection.credential;
    digests.delete(secretName);
    try {
      await storeOf(connection).delete(secretName);
    } catch (error) {
      if (!(error instanceof SecretStoreError)) throw error;
      throw new RegistryError(
        "secret_store_unavailable",
        `a key of connection ${connection.name} that is not used any more is still stored as ${secretName}: ${error.message}`,
        "revoke that key at the provider",
        { cause: error },
      );
    }
  }

  function storeOf({ credential }: Connection): SecretStore {
    return stores[credential.secretStore];
  }

  async function digestOf(connection: Connection): Promise<string | undefined> {
    const { secretName } = connection.credential;
    const known = digests.get(secretName);
    if (known !== undefined) return known;
    const stored = await storeOf(connection).get(secretName);
    const digest = stored && readBoundSecret(stored)?.value.digest().toString("hex");
    if (digest !== undefined) digests.set(secretName, digest);
    return digest;
  }

  function found(name: string, connections: ConnectionsFile["connections"]): Connection {
    const connection = connections.get(name);
    if (connection !== undefined) return connection;
    throw new RegistryError(
      "not_found",
      `no connection is named ${name}`,
      "hoopx connections lists them",
    );
  }

  return {
    list: () =>
      [...current.connections.values()].sort((one, other) => (one.name < other.name ? -1 : 1)),

    find: (name) => current.connections.get(name),

    add: (given) =>
      change(async (latest) => {
        const { name, provider, secretStore = defaultStore, allowPrivateNetwork = false } = given;
        if (!isConnectionName(name)) throw nameRefused();
        if (latest.has(name)) throw nameTaken(name, file, latest);
        const key = cleanKey(given.secret);
        const connection: Connection = {
          name,
          provider,
          ...baseUrlOf(given, providers),
          credential: { kind: given.credential, secretStore, secretName: secretNameFor(name) },
          allowPrivateNetwork,
          createdAt: now(),
          rotatedAt: null,
        };
        return keep(latest, connection, key);
      }),

    rotate: (name, secret) =>
      change(async (latest) => {
        const old = found(name, latest.connections);
        const key = cleanKey(secret);
        const credential = { ...old.credential, secretName: secretNameFor(name) };
        const connection = await keep(latest, { ...old, credential, rotatedAt: now() }, key);
        await dropKey(old).catch(({ message }: Error) => warn(message));
        return connection;
      }),

    remove: (name) =>
      change(async (latest) => {
        const connection = found(name, latest.connections);
        await write(latest, name, undefined);
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

function baseUrlOf(given: NewConnection, providers: Readonly<Record<string, string>>) {
  const { provider, allowPrivateNetwork = false } = given;
  const own = Object.hasOwn(providers, provider) ? providers[provider] : undefined;
  if (own === undefined) {
    throw new RegistryError(
      "bad_request",
      `no provider is named ${provider}`,
      `use one of ${Object.keys(providers).join(", ")}`,
    );
  }
  try {
    return parseBaseUrl(given.baseUrl ?? own, { allowPrivateNetwork });
  } catch (error) {
    if (!(error instanceof BaseUrlError)) throw error;
    throw new RegistryError("bad_request", error.message, error.hint, { cause: error });
  }
}

function nameRefused(): RegistryError {
  // The name is not repeated: a key pasted into its place would be shown.
  return new RegistryError(
    "bad_request",
    "that is no name for a connection",
    "use up to 63 lower-case letters, digits and hyphens; not last, not all, nothing that begins with hoopx-",
  );
}

function nameTaken(name: string, file: string, latest: ConnectionsFile): RegistryError {
  return new RegistryError(
    "already_exists",
    `a connection is named ${name} already`,
    latest.connections.has(name)
      ? `hoopx connections rotate ${name} gives it another key, hoopx connections remove ${name} removes it`
      : `its row in ${file} cannot be used: mend it or take it out`,
  );
}

function unavailable(message: string, cause: unknown): RegistryError {
  return new RegistryError(
    "store_unavailable",
    message,
    "free disk space, or give its owner the right to read and write it and its folder",
    { cause },
  );
}
