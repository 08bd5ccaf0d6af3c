/**
 * OAuth: the parts of this room put together: who is logged in, how they log
 * in and out, whose a new session is, and tokens for the credential sources.
 */
import type { SecretStoreName } from "../model/credential-config.js";
import type { Identity } from "../model/identity.js";
import type { SubjectTokens } from "../model/subject-token.js";
import type { SecretStore } from "../secrets/secret-store.js";
import type { ReturnPage } from "./code-login.js";
import type { Clock, Deadline } from "./deadline.js";
import {
  createIdentities,
  groupsClaimOf,
  type Identities,
  type ProfileChoice,
} from "./identities.js";
import { type Issuer, type IssuerLimits, openIssuer } from "./issuer.js";
import type { Fetch } from "./lenient-reply.js";
import { createLoginVault } from "./login-vault.js";
import { createLogins, type Login } from "./logins.js";
import { createProfiles } from "./profiles.js";
import { createRenewal, type Renew } from "./renewal.js";
import { createRenewalMarks } from "./renewal-marks.js";
import type { LoginSettings, SettingsLayer } from "./settings.js";
import { createSignIn, type SignIn } from "./sign-in.js";
import { createSignOut, type SignOut } from "./sign-out.js";
import { createSubjectTokens } from "./subject-tokens.js";
import { secretsOf } from "./workload.js";

export interface OAuthOptions {
  /** `profiles.yaml`. */
  readonly profilesFile: string;
  /** Folder for the marks of renewals under way. */
  readonly marksFolder: string;
  readonly stores: Readonly<Record<SecretStoreName, SecretStore>>;
  readonly defaultStore: SecretStoreName;
  readonly configured: SettingsLayer & { readonly profile: string | null };
  readonly systemUser: Identity;
  readonly lock: (name: string, signal: AbortSignal) => Promise<() => void>;
  readonly openPage: () => Promise<ReturnPage>;
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly warn: (message: string) => void;
  readonly limits?: IssuerLimits | undefined;
}

export interface WhoIs {
  readonly login: Login;
  readonly kept: SecretStoreName | "memory";
  readonly access: Deadline | null;
  /** What is not as it should be; null where all is. */
  readonly note: string | null;
}

export interface OAuth {
  readonly signIn: SignIn;
  readonly signOut: SignOut;
  readonly forSession: Identities["forSession"];
  readonly subjectTokens: SubjectTokens;
  /** Who is logged in; `refresh`: renewed by a renewal begun after that moment, or just now. */
  whoami(choice: ProfileChoice, refresh?: { readonly begunSince: number }): Promise<WhoIs>;
  /** Every profile that is remembered or logged in. */
  profileNames(): Promise<readonly string[]>;
  /** Where the usual profile logs in; undefined where nothing says. */
  usualIssuer(): Promise<string | undefined>;
  /** Where the remembered logins keep their refresh tokens. */
  storesInUse(): Promise<readonly SecretStoreName[]>;
  /** The profile meant where none is named. */
  readonly usualProfile: string;
  /** Resolves once no renewal is under way: a stop in the middle of one could lose the login. */
  settled(): Promise<void>;
  /** Of variables by name with the SHA-256 of their value: those that hold a login's secret. */
  holders(digests: Readonly<Record<string, string>>): readonly string[];
}

/** A forced renewal joins one that ended so many milliseconds ago. */
const justNow = 5_000;
/** Metadata is discovered again after this many milliseconds. */
const discoveredFor = 3_600_000;

/** Creates the room. */
export function createOAuth(options: OAuthOptions): OAuth {
  const { stores, configured, lock, clock, fetch, warn } = options;
  const openCached = cachedIssuers(options);
  const profiles = createProfiles({ file: options.profilesFile, lock });
  const vault = createLoginVault({ stores, warn });
  const marks = createRenewalMarks(options.marksFolder);
  const underway = new Set<Promise<unknown>>();
  const renewal = createRenewal({ vault, marks, lock, openIssuer: openCached, clock, warn });
  const renew: Renew = (request) => {
    const renewed = renewal(request);
    underway.add(renewed);
    const over = () => void underway.delete(renewed);
    renewed.then(over, over);
    return renewed;
  };
  const logins = createLogins({ profiles, vault, renew, openIssuer: openCached, fetch, clock });
  const identities = createIdentities({ ...options, logins, profiles });

  return {
    signIn: createSignIn({
      ...options,
      identities,
      logins,
      profiles,
      vault,
      openIssuer: openCached,
    }),
    signOut: createSignOut({ logins, profiles, vault, openIssuer: openCached, lock }),
    forSession: identities.forSession,
    subjectTokens: createSubjectTokens({ logins, identities, clock }),
    async storesInUse() {
      const rows = await Promise.all((await profiles.names()).map((name) => profiles.get(name)));
      return rows.flatMap((row) => (row?.secretStore === undefined ? [] : [row.secretStore]));
    },
    usualIssuer: async () => (await identities.choose({})).settings?.issuer,
    usualProfile: configured.profile ?? "default",

    async whoami(choice, refresh) {
      const chosen = await identities.choose(choice);
      let login = await identities.loginOf(chosen);
      if (refresh !== undefined) {
        const willing = { ...refresh, endedWithin: justNow };
        login = await logins.renewed(login, groupsClaimOf(chosen, login), willing);
      }
      const { upkeep, tokens } = login;
      const unsaved = vault.unsaved(login.profile);
      return {
        login,
        kept: upkeep.by === "refresh-token" ? upkeep.store : "memory",
        access: (tokens.access ?? tokens.id)?.deadline ?? null,
        note: unsaved === undefined ? null : `the renewed login is not stored yet: ${unsaved}`,
      };
    },

    async profileNames() {
      const held = logins.all().map(({ profile }) => profile);
      return [...new Set([...(await profiles.names()), ...held])];
    },

    async settled() {
      await Promise.allSettled(underway);
    },

    holders(digests) {
      const secrets = logins
        .all()
        .flatMap(({ upkeep }) => (upkeep.by === "proof" ? secretsOf(upkeep.proof) : []))
        .map((secret) => secret.digest().toString("hex"));
      return Object.keys(digests).filter((name) => secrets.includes(digests[name] ?? ""));
    },
  };
}

interface Known {
  readonly issuer: Promise<Issuer>;
  readonly at: number;
}

/** Issuers by address and client; one that could not be opened is tried again. */
function cachedIssuers({ fetch, clock, limits }: OAuthOptions) {
  const known = new Map<string, Known>();
  return function openCached({ issuer, clientId }: LoginSettings): Promise<Issuer> {
    const key = JSON.stringify([issuer, clientId]);
    const found = known.get(key);
    if (found !== undefined && clock.monotonic() - found.at < discoveredFor) return found.issuer;
    const opened = openIssuer({ issuer, clientId, fetch, now: clock.now, limits });
    const fresh = { issuer: opened, at: clock.monotonic() };
    known.set(key, fresh);
    opened.catch(() => {
      if (known.get(key) === fresh) known.delete(key);
    });
    return opened;
  };
}
