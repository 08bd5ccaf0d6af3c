/**
 * Sign out: the refresh token is revoked at the provider (RFC 7009) and then
 * forgotten here in any case: a provider that is down keeps no login alive.
 */

import type { SecretStoreName } from "../model/credential-config.js";
import type { Identity } from "../model/identity.js";
import type { Issuer } from "./issuer.js";
import { LoginError } from "./login-error.js";
import type { LoginVault } from "./login-vault.js";
import type { Logins } from "./logins.js";
import { checkProfileName, type ProfileRow, type Profiles } from "./profiles.js";
import type { LoginSettings } from "./settings.js";

export interface SignedOut {
  readonly profile: string;
  /** Null: there was no login. */
  readonly identity: Identity | null;
  /** The provider knows; false where it could not be told, or there was nothing to tell. */
  readonly revoked: boolean;
  /** Why it does not; null where nothing is amiss. */
  readonly note: string | null;
  /** Its settings stay for the next login, and its sessions need one until then. */
  readonly settingsKept: boolean;
}

/** `forget`: the settings too that flags of a login said, so that the profile is as if it had never logged in. */
export type SignOut = (
  profile: string,
  options?: { readonly forget?: boolean },
) => Promise<SignedOut>;

export interface SignOutOptions {
  readonly logins: Logins;
  readonly profiles: Profiles;
  readonly vault: LoginVault;
  readonly openIssuer: (settings: LoginSettings) => Promise<Issuer>;
  readonly lock: (name: string, signal: AbortSignal) => Promise<() => void>;
}

const lockLimit = 60_000;

/** Creates the way out. */
export function createSignOut(options: SignOutOptions): SignOut {
  const { logins, profiles, vault, openIssuer, lock } = options;

  return async function signOut(named, { forget: all = false } = {}) {
    const profile = checkProfileName(named);
    const row = await profiles.get(profile);
    const held = logins.all().find((login) => login.profile === profile);
    logins.forget(profile);
    const { secretStore, workload: _, ...said } = row ?? {};
    const rest = all ? {} : said;
    const forgetRow = async () => {
      if (row !== undefined) await profiles.set(profile, empty(rest) ? undefined : rest);
    };
    if (secretStore === undefined) {
      await forgetRow();
      const identity = held?.claimed.identity ?? null;
      return { profile, identity, revoked: false, note: null, settingsKept: !empty(rest) };
    }
    // A renewal under way ends first, so that the newest token is the one revoked.
    const release = await lock(`login.${profile}`, AbortSignal.timeout(lockLimit));
    try {
      logins.forget(profile);
      const out = await forget(profile, secretStore, forgetRow);
      return { ...out, settingsKept: !empty(rest) };
    } finally {
      release();
    }
  };

  async function forget(
    profile: string,
    store: SecretStoreName,
    forgetRow: () => Promise<void>,
  ): Promise<Omit<SignedOut, "settingsKept">> {
    const stored = await vault.read({ profile, store });
    // First here: whatever the provider does, this login is over. The row last: it is what finds the entry.
    await vault.remove({ profile, store });
    await forgetRow();
    if (stored === undefined) return { profile, identity: null, revoked: false, note: null };
    const { identity } = stored.claimed;
    try {
      const issuer = await openIssuer(stored.settings);
      const revoked = await issuer.revoke(stored.refreshToken);
      const note = revoked ? null : `${stored.settings.issuer} offers no revocation`;
      return { profile, identity, revoked, note };
    } catch (error) {
      if (!(error instanceof LoginError)) throw error;
      return { profile, identity, revoked: false, note: error.message };
    }
  }
}

function empty(row: ProfileRow): boolean {
  return Object.keys(row).length === 0;
}
