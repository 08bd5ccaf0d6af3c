/**
 * Claimed identity: the identity that a token's claims speak of, with groups
 * from the claim that the settings name. What is not of the right form counts
 * as absent: a claim can only ever give fewer groups than it meant.
 */
import type { Identity } from "../model/identity.js";
import type { Claims } from "./id-token.js";

export interface ClaimedIdentity {
  readonly identity: Identity;
  /** For people: `name`, or what else the provider calls them. */
  readonly name: string | null;
}

export interface IdentityOptions {
  readonly issuer: string;
  readonly profile: string;
  readonly groupsClaim: string;
  readonly claims: Claims;
  /** What the userinfo endpoint says besides. */
  readonly userinfo?: Claims | undefined;
}

const userinfoPrefix = "userinfo:";
const most = 1_000;
const longest = 256;

/** Must the userinfo endpoint be asked, whatever the ID token says? */
export function wantsUserinfo(groupsClaim: string): boolean {
  return groupsClaim === "userinfo" || groupsClaim.startsWith(userinfoPrefix);
}

/** Does the ID token leave something open that the userinfo endpoint may know? */
export function isIncomplete(claims: Claims, groupsClaim: string): boolean {
  return typeof claims.email !== "string" || valueAt(claims, groupsClaim) === undefined;
}

/** The identity of checked claims. */
export function identityOf(options: IdentityOptions): ClaimedIdentity {
  const { issuer, profile, claims, userinfo, groupsClaim } = options;
  const all = { ...userinfo, ...claims };
  const fromUserinfo = wantsUserinfo(groupsClaim);
  const path = fromUserinfo ? groupsClaim.slice(userinfoPrefix.length) || "groups" : groupsClaim;
  const groups =
    (fromUserinfo ? undefined : valueAt(claims, path)) ?? (userinfo && valueAt(userinfo, path));
  return {
    identity: {
      issuer,
      subject: claims.sub,
      email: text(all.email),
      groups: listed(groups),
      profile,
    },
    name: text(all.name) ?? text(all.preferred_username),
  };
}

/** A claim of this very name (names may be URLs, with dots), or one reached by a dotted path. */
function valueAt(claims: Readonly<Record<string, unknown>>, path: string): unknown {
  if (Object.hasOwn(claims, path)) return claims[path];
  let at: unknown = claims;
  for (const part of path.split(".")) {
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, part)) return undefined;
    at = (at as Record<string, unknown>)[part];
  }
  return at;
}

function listed(value: unknown): readonly string[] {
  const all = typeof value === "string" ? [value] : Array.isArray(value) ? value : [];
  const groups = all.filter((group) => typeof group === "string" && group !== "");
  return [...new Set(groups.filter((group) => group.length <= longest))].slice(0, most);
}

function text(value: unknown): string | null {
  return typeof value === "string" && value !== "" && value.length <= longest ? value : null;
}
