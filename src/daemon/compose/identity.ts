/**
 * Identity: the rooms that know who acts and with what the upstream is asked,
 * put together: secret stores, connections, logins and credential sources.
 */
import { homedir } from "node:os";
import { join } from "node:path";
import type { Home } from "../../contract/home.js";
import { createConnectionRegistry } from "../connections/registry.js";
import { createCredentials } from "../credentials/credentials.js";
import { openReturnPage } from "../doors/return-page.js";
import { type Config, identitySettings } from "../lifecycle/config.js";
import { storedSecretOf } from "../model/credential-config.js";
import type { Identity } from "../model/identity.js";
import type { Fetch } from "../oauth/lenient-reply.js";
import { createOAuth } from "../oauth/oauth.js";
import { providerNamed, providerNames } from "../providers/providers.js";
import { createKeychainStore } from "../secrets/keychain.js";
import { createSealedFileStore } from "../secrets/sealed-file.js";
import type { SecretStore } from "../secrets/secret-store.js";
import { awaitExclusiveLock } from "../store/exclusive-lock.js";
import { createCheckedFetch } from "../upstream/checked-fetch.js";

export interface IdentityOptions {
  readonly home: Home;
  readonly config: Config;
  /** The operating system's user. */
  readonly systemUser: Identity;
  readonly now: () => Date;
  /** Milliseconds that no setting of the clock moves. */
  readonly monotonic: () => number;
  readonly log: { warn(message: string): void };
}

export type IdentityRooms = Awaited<ReturnType<typeof composeIdentity>>;

/** Opens what is kept of connections and logins. */
export async function composeIdentity(options: IdentityOptions) {
  const { home, config, systemUser, now, monotonic, log } = options;
  const warn = (message: string) => log.warn(message);
  /** Below the data folder, as the keychain's entries and the sealed file are: daemons that share these share the lock. */
  async function lockInData(name: string, signal: AbortSignal): Promise<() => void> {
    const held = await awaitExclusiveLock(join(home.data, `${name}.lock`), signal);
    return () => held.release();
  }

  const keychain = createKeychainStore({ scope: home.data });
  const file = createSealedFileStore({
    file: join(home.data, "secrets.sealed"),
    keyFile: config.keyFile ?? join(home.config, "secrets.key"),
    lock: () => lockInData("secrets", AbortSignal.timeout(15_000)),
  });
  const stores = { keychain, file };
  const connections = await createConnectionRegistry({
    file: join(home.config, "connections.yaml"),
    stores,
    defaultStore: config.secretStore,
    providers: Object.fromEntries(
      providerNames.map((name) => [name, providerNamed(name)?.defaultBaseUrl ?? ""]),
    ),
    now,
    warn,
  });
  const checkedFetch = createCheckedFetch({
    connectTimeout: 10_000,
    timeout: 20_000,
    replyBytes: 1024 ** 2,
  });
  // An organisation's identity provider often is on its own network.
  const identityFetch: Fetch = (
    url,
    { headers, method = "GET", body = null, signal = null } = {},
  ) =>
    checkedFetch(url, {
      headers: new Headers(headers),
      method,
      body,
      signal,
      allowPrivateNetwork: true,
    });
  const oauth = createOAuth({
    profilesFile: join(home.config, "profiles.yaml"),
    marksFolder: join(home.data, "logins"),
    stores,
    defaultStore: config.secretStore,
    configured: identitySettings(config),
    systemUser,
    lock: lockInData,
    openPage: openReturnPage,
    fetch: identityFetch,
    clock: { now, monotonic },
    warn,
  });
  /** Where keys of connections and refresh tokens of logins are, each store once. */
  async function storesInUse(): Promise<readonly SecretStore["name"][]> {
    const keys = connections.list().map(({ credential }) => storedSecretOf(credential));
    const ofKeys = keys.flatMap((place) => (place === undefined ? [] : [place.secretStore]));
    return [...new Set([...ofKeys, ...(await oauth.storesInUse())])].sort();
  }
  const stopping = new AbortController();
  const source = createCredentials({
    stores,
    subjects: oauth.subjectTokens,
    fetch: checkedFetch,
    now,
    monotonic,
    limit: 30_000,
    environment: process.env,
    folder: homedir(),
    over: stopping.signal,
  });

  return {
    stores,
    file,
    connections,
    checkedFetch,
    identityFetch,
    oauth,
    source,
    storesInUse,
    /** Ends what is being obtained: the daemon stops. */
    close: () => stopping.abort(new Error("the daemon stops")),
  };
}
