/**
 * Identities: whom a new session belongs to. Where a login exists or anything
 * names an issuer, that is the person or workload the identity provider
 * confirms now, and no other: without its word no session begins. Only
 * where nothing configures an identity it is the operating system's user. A
 * logout is no way back to that; `logout --forget` is, where no other setting
 * names an issuer.
 */
import type { Identity } from "../model/identity.js";
import type { Clock } from "./deadline.js";
import { LoginError, loginCommand } from "./login-error.js";
import type { Login, Logins } from "./logins.js";
import { checkProfileName, type Profiles } from "./profiles.js";
import { type LoginSettings, mergeLayers, type SettingsLayer, settle } from "./settings.js";

/** A profile, by name or the usual one, and what the caller's variables say. */
export interface ProfileChoice {
  readonly profile?: string | undefined;
  readonly defaults?: SettingsLayer | undefined;
}

export interface Chosen {
  readonly profile: string;
  /** All layers, the profile's own on top. */
  readonly layer: SettingsLayer;
  readonly settings: LoginSettings | undefined;
  /** Something says that sessions of this profile have an identity. */
  readonly configured: boolean;
  /** Nothing but what the profile remembers of an earlier login says so. */
  readonly remembered: boolean;
}

export interface Identities {
  choose(choice: ProfileChoice): Promise<Chosen>;
  /** The login of a choice, not renewed; throws `login_needed` where there is none. */
  loginOf(chosen: Chosen): Promise<Login>;
  /** Who a new session belongs to; throws a LoginError where that needs a login. */
  forSession(choice: ProfileChoice): Promise<Identity>;
}

export interface IdentitiesOptions {
  readonly logins: Logins;
  readonly profiles: Profiles;
  readonly configured: SettingsLayer & { readonly profile: string | null };
  /** Who the operating system says is here. */
  readonly systemUser: Identity;
  readonly clock: Clock;
}

/** A workload's token that is good for less is fetched again before a session begins. */
const enough = 60;

/** Creates the one place that knows whose a session is. */
export function createIdentities(options: IdentitiesOptions): Identities {
  const { logins, profiles, configured, systemUser } = options;

  async function choose({ profile: named, defaults = {} }: ProfileChoice): Promise<Chosen> {
    const profile = checkProfileName(named ?? configured.profile ?? "default");
    const { secretStore, workload, ...own } = (await profiles.get(profile)) ?? {};
    const layer = mergeLayers(configured, defaults, own);
    const settings = settle(layer);
    const known = logins.all().some((login) => login.profile === profile);
    return {
      profile,
      layer,
      settings,
      configured:
        known ||
        secretStore !== undefined ||
        workload !== undefined ||
        settings !== undefined ||
        profile !== "default",
      remembered: profile === "default" && settle(mergeLayers(configured, defaults)) === undefined,
    };
  }

  async function loginOf({ profile, layer, settings, remembered }: Chosen): Promise<Login> {
    const login = await logins.current(profile, layer);
    const way = loginCommand(profile, settings !== undefined);
    if (login === undefined) {
      const who =
        profile === "default" ? "you are not logged in" : `profile ${profile} is not logged in`;
      // After a logout, no other setting asks for an identity: a person may do without one again.
      const back = `${way}, or hoopx logout --forget to run without a login`;
      throw new LoginError("login_needed", who, remembered && settings ? back : way);
    }
    // A workload said where it belongs when it logged in, and nothing of that is remembered.
    if (login.upkeep.by === "proof" || settings === undefined) return login;
    if (!sameClient(login.settings, settings)) {
      const there = login.settings.issuer;
      throw new LoginError(
        "login_needed",
        `profile ${profile} is logged in at ${there}, and the settings name ${settings.issuer} (client ${settings.clientId ?? "none"})`,
        way,
      );
    }
    return login;
  }

  return {
    choose,
    loginOf,

    async forSession(choice) {
      const chosen = await choose(choice);
      if (!chosen.configured) return systemUser;
      const login = await loginOf(chosen);
      if (login.upkeep.by === "proof" && stillGood(login)) return login.claimed.identity;
      return (await logins.renewed(login, groupsClaimOf(chosen, login), {})).claimed.identity;
    },
  };
}

/** What the settings say by now, where they are what the login was made with. */
export function groupsClaimOf({ settings }: Chosen, login: Login): string {
  return login.upkeep.by === "proof"
    ? login.settings.groupsClaim
    : (settings ?? login.settings).groupsClaim;
}

/** A file may hold a newer token at any time, so that is read for each session. */
function stillGood({ tokens, upkeep }: Login): boolean {
  if (upkeep.by === "proof" && upkeep.proof.kind === "id-token-file") return false;
  return ((tokens.id ?? tokens.access)?.deadline.left() ?? 0) > enough;
}

function sameClient(one: LoginSettings, other: LoginSettings): boolean {
  return (
    one.issuer === other.issuer && (other.clientId === null || one.clientId === other.clientId)
  );
}
