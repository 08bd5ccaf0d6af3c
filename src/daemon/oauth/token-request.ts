/**
 * Token request: the parameters that say what is asked for, from a profile's
 * settings and what the provider says it supports.
 */
import type { LoginSettings } from "./settings.js";

/** Asked for unless `--scope` says otherwise; the last only of providers that name it. */
const usual = ["openid", "profile", "email", "offline_access"];
const onlyIfNamed = ["groups"];

/** The scopes of a login. */
export function scopeFor(settings: LoginSettings, supported: readonly string[]): string {
  if (settings.scope !== null) {
    const asked = settings.scope.split(/[\s,]+/).filter((scope) => scope !== "");
    return [...new Set(["openid", ...asked])].join(" ");
  }
  const named = (scope: string) => supported.includes(scope);
  const known = usual.filter(
    (scope) => supported.length === 0 || scope === "openid" || named(scope),
  );
  return [...known, ...onlyIfNamed.filter(named)].join(" ");
}

/** Whom the access token is for: RFC 8707 where it is a URL, besides the older `audience`. */
export function audienceFor(audience: string | null | undefined): Record<string, string> {
  if (audience === null || audience === undefined) return {};
  return URL.canParse(audience) ? { resource: audience, audience } : { audience };
}
