/**
 * Login vault: refresh tokens in the secret store, each with what it is bound
 * to: the issuer and client it goes to, no others, and who it is. Every
 * write has a generation of its own, so that a newer token is never taken for
 * an older one. What a store will not take just then is kept in memory and
 * offered again, and until then it is said that it is not stored.
 */
import { randomBytes } from "node:crypto";
import * as z from "zod";
import type { SecretStoreName } from "../model/credential-config.js";
import { Secret } from "../model/secret.js";
import { type SecretStore, SecretStoreError } from "../secrets/secret-store.js";
import type { ClaimedIdentity } from "./claimed-identity.js";
import type { LoginSettings } from "./settings.js";

export interface StoredLogin {
  readonly generation: string;
  readonly settings: LoginSettings;
  readonly claimed: ClaimedIdentity;
  /** `iat` of the last ID token. */
  readonly issuedAt: number | undefined;
  readonly refreshToken: Secret;
}

export interface Place {
  readonly profile: string;
  readonly store: SecretStoreName;
}

export interface LoginVault {
  /** The newest there is; rejects where the store cannot be read. */
  read(place: Place): Promise<StoredLogin | undefined>;
  /** Stores a new login; rejects where the store does not take it. */
  write(place: Place, login: StoredLogin): Promise<void>;
  /** Stores a renewed login in place of the generation before; never rejects. */
  keep(place: Place, login: StoredLogin, replaces: string): Promise<void>;
  /** Removes it, where it is of this generation or none is named. */
  remove(place: Place, generation?: string): Promise<void>;
  /** Why a renewed login is not stored yet; undefined where all is. */
  unsaved(profile: string): string | undefined;
}

export interface LoginVaultOptions {
  readonly stores: Readonly<Record<SecretStoreName, SecretStore>>;
  readonly warn: (message: string) => void;
}

interface Unsaved {
  readonly login: StoredLogin;
  /** The generation that the store still has. */
  readonly replaces: string;
  readonly why: string;
}

const nullable = z.string().nullable();
const entrySchema = z.object({
  generation: z.string(),
  settings: z.object({
    issuer: z.string(),
    clientId: nullable,
    scope: nullable,
    audience: nullable,
    groupsClaim: z.string(),
  }),
  claimed: z.object({
    identity: z.object({
      issuer: z.string(),
      subject: z.string(),
      email: nullable,
      groups: z.array(z.string()),
      profile: nullable,
    }),
    name: nullable,
  }),
  issuedAt: z.number().optional(),
  refreshToken: z.string().min(1),
});

/** A new generation. */
export function newGeneration(): string {
  return randomBytes(9).toString("base64url");
}

/** Creates the vault over the secret stores. */
export function createLoginVault({ stores, warn }: LoginVaultOptions): LoginVault {
  const waiting = new Map<string, Unsaved>();
  const nameOf = (profile: string) => `login.${profile}`;

  async function stored({ profile, store }: Place): Promise<StoredLogin | undefined> {
    const text = await whole(stores[store], nameOf(profile));
    if (text === undefined) return undefined;
    const login = parse(text);
    if (login === undefined) warn(`what the ${store} has as login of ${profile} cannot be read`);
    return login;
  }

  async function write({ profile, store }: Place, login: StoredLogin): Promise<void> {
    const { refreshToken, ...rest } = login;
    const text = JSON.stringify({ ...rest, refreshToken: refreshToken.reveal() });
    await stores[store].set(nameOf(profile), new Secret(text));
    waiting.delete(profile);
  }

  async function keep(place: Place, login: StoredLogin, replaces: string): Promise<void> {
    const { profile } = place;
    // Of several that could not be stored, the store still has what the first replaces.
    const first = waiting.get(profile);
    const before = first?.login.generation === replaces ? first.replaces : replaces;
    try {
      await write(place, login);
    } catch (error) {
      const why = error instanceof SecretStoreError ? error.message : "the secret store failed";
      waiting.set(profile, { login, replaces: before, why });
      warn(`the renewed login of ${profile} is not stored yet: ${why}`);
    }
  }

  return {
    async read(place) {
      const pending = waiting.get(place.profile);
      if (pending === undefined) return stored(place);
      const inStore = await stored(place).catch(() => undefined);
      if (inStore !== undefined && inStore.generation !== pending.replaces) {
        // Another process logged in or renewed meanwhile: theirs is the newer.
        waiting.delete(place.profile);
        return inStore;
      }
      await keep(place, pending.login, pending.replaces);
      return pending.login;
    },

    write,
    keep,

    async remove({ profile, store }, generation) {
      const pending = waiting.get(profile);
      if (generation === undefined || pending?.login.generation === generation) {
        waiting.delete(profile);
      }
      if (generation !== undefined) {
        const now = await stored({ profile, store });
        const theirs = now?.generation;
        if (theirs !== undefined && theirs !== generation && theirs !== pending?.replaces) return;
      }
      await stores[store].delete(nameOf(profile));
    },

    unsaved: (profile) => waiting.get(profile)?.why,
  };
}

/** A long text is several entries, and another daemon may be replacing them while they are read. */
async function whole(store: SecretStore, name: string): Promise<Secret | undefined> {
  try {
    return await store.get(name);
  } catch (error) {
    if (error instanceof SecretStoreError && error.fault === "damaged") return store.get(name);
    throw error;
  }
}

function parse(text: Secret): StoredLogin | undefined {
  try {
    const { refreshToken, issuedAt, ...login } = entrySchema.parse(JSON.parse(text.reveal()));
    return { ...login, issuedAt, refreshToken: new Secret(refreshToken) };
  } catch {
    // The parser's error would quote the text.
    return undefined;
  }
}
