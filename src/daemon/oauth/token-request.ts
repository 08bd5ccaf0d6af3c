/**
 * Token request: the parameters that say what is asked for, from a profile's
 * settings and what the provider says it supports.
 */
import type { LoginSettings } from "./settings.js";

/** Asked for unless `--scope` says otherwise; the last only of providers that name it. */
const usual = ["openid", "profile", "email", "offline_access"];
const onlyIfNamed = ["groups"];

/** Who it is, and a refresh token. */
export const leastScope = "openid offline_access";

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

/** The audiences of a login: one, or several with blanks between. */
export function audiencesOf({ audience }: LoginSettings): readonly string[] {
  return (audience ?? "").split(/[\s,]+/).filter((each) => each !== "");
}

/** Whom tokens are for: RFC 8707 where that is a URL, besides the older `audience`. */
export function audienceFor(audiences: readonly string[]): [name: string, value: string][] {
  return audiences.flatMap((audience): [string, string][] =>
    URL.canParse(audience)
      ? [
          ["resource", audience],
          ["audience", audience],
        ]
      : [["audience", audience]],
  );
}
