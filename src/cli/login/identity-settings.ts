/**
 * Identity settings: where to log in, from flags and from this shell's
 * variables. The daemon may have been started from another shell, so what the
 * variables say here is told to it with each request that needs it.
 */
import type { IdentitySettings, ProfileChoice } from "../../contract/identity-requests.js";
import type { Environment } from "../start-daemon.js";

/** The flags of `hoopx login`, by name. */
export interface IdentityFlags {
  readonly issuer?: string;
  readonly clientId?: string;
  readonly scope?: string;
  readonly audience?: string;
  readonly groupsClaim?: string;
}

const names = ["issuer", "clientId", "scope", "audience", "groupsClaim"] as const;

/** What the flags say. */
export function givenSettings(flags: IdentityFlags): IdentitySettings {
  return picked((name) => flags[name]);
}

/** Which login is meant: `--profile`, else HOOPX_PROFILE, else the daemon's usual one. */
export function profileChoice(
  environment: Environment,
  profile: string | undefined,
): ProfileChoice {
  const defaults = picked((name) => environment[variableOf(name)]);
  const chosen = profile ?? environment.HOOPX_PROFILE;
  return {
    ...(chosen !== undefined && chosen !== "" && { profile: chosen }),
    ...(Object.keys(defaults).length > 0 && { defaults }),
  };
}

function picked(of: (name: (typeof names)[number]) => string | undefined): IdentitySettings {
  const found: Record<string, string> = {};
  for (const name of names) {
    const value = of(name);
    if (value !== undefined && value !== "") found[name] = value;
  }
  return found;
}

/** `clientId` is HOOPX_CLIENT_ID. */
function variableOf(name: string): string {
  return `HOOPX_${name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}
