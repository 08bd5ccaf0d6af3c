/**
 * New connection: what a person gave, as the connection that it becomes; or
 * the one sentence that says why it cannot. Nothing is kept here.
 */
import type { Connection } from "../model/connection.js";
import type { CredentialConfig, SecretStoreName } from "../model/credential-config.js";
import type { Secret } from "../model/secret.js";
import { BaseUrlError, parseBaseUrl } from "../upstream/address.js";
import { RowProblem, readCredential } from "./credential-row.js";
import { RegistryError } from "./registry-error.js";

export interface NewConnection {
  readonly name: string;
  readonly provider: string;
  /** Absent: the provider's own. */
  readonly baseUrl?: string;
  readonly credential: string;
  /** The kind's own settings. */
  readonly settings?: Readonly<Record<string, string | undefined>>;
  /** The key, or what the kind's endpoint wants of its client; absent for kinds that have none. */
  readonly secret?: Secret;
  /** Absent: the default store. */
  readonly secretStore?: SecretStoreName;
  readonly allowPrivateNetwork?: boolean;
}

interface Circumstances {
  /** Where its key will be; undefined: it has none. */
  readonly place:
    | { readonly secretStore: SecretStoreName; readonly secretName: string }
    | undefined;
  readonly providers: Readonly<Record<string, string>>;
  readonly now: Date;
}

/** The connection, its name unchecked; throws a RegistryError. */
export function plannedConnection(
  given: NewConnection,
  { place, providers, now }: Circumstances,
): Connection {
  const { name, provider, allowPrivateNetwork = false } = given;
  return {
    name,
    provider,
    ...baseUrlOf(given, providers),
    credential: credentialOf(given, place !== undefined, { ...given.settings, ...place }),
    allowPrivateNetwork,
    createdAt: now,
    rotatedAt: null,
  };
}

function credentialOf(
  { credential, allowPrivateNetwork = false }: NewConnection,
  hasKey: boolean,
  settings: Readonly<Record<string, unknown>>,
): CredentialConfig {
  // What the row says where a key is missing is for people who edit files.
  if (credential === "static-key" && !hasKey) {
    throw new RegistryError("bad_request", "static-key needs a key", "give it with --secret-stdin");
  }
  try {
    return readCredential(credential, settings, allowPrivateNetwork);
  } catch (error) {
    if (!(error instanceof RowProblem)) throw error;
    const [setting = "credential"] = error.path;
    const keyless = setting === "secretStore" || setting === "secretName";
    throw new RegistryError(
      "bad_request",
      keyless ? `${credential} takes no key` : `${setting} ${error.message}`,
      "hoopx connections add --help tells what each kind takes",
      { cause: error },
    );
  }
}

function baseUrlOf(given: NewConnection, providers: Readonly<Record<string, string>>) {
  const { provider, allowPrivateNetwork = false } = given;
  const own = Object.hasOwn(providers, provider) ? providers[provider] : undefined;
  if (own === undefined) {
    throw new RegistryError(
      "bad_request",
      `unknown provider ${provider}`,
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
