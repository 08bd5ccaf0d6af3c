/**
 * Settings: which identity provider a profile logs in at, and as which client.
 * They come in layers, the nearest last: `/etc/hoopx/config.yaml`, the
 * person's config.yaml, variables, what the profile remembers, flags.
 */
import { LoginError } from "./login-error.js";

/** One layer: what it does not say is absent. */
export interface SettingsLayer {
  readonly issuer?: string;
  readonly clientId?: string;
  readonly scope?: string;
  readonly audience?: string;
  readonly groupsClaim?: string;
}

export interface LoginSettings {
  /** As the provider writes it in its tokens. */
  readonly issuer: string;
  /** Null for workloads that bring an ID token: its audience is checked instead. */
  readonly clientId: string | null;
  /** Null: what the provider supports of openid, profile, email, offline_access and groups. */
  readonly scope: string | null;
  /** Whom tokens are for, where the provider is to be asked for that (RFC 8707); several with blanks between. */
  readonly audience: string | null;
  /** `groups`, a path such as `realm_access.roles`, or `userinfo:PATH`. */
  readonly groupsClaim: string;
}

const names = ["issuer", "clientId", "scope", "audience", "groupsClaim"] as const;

/** The layers as one, later ones on top. */
export function mergeLayers(...layers: readonly SettingsLayer[]): SettingsLayer {
  const merged: Record<string, string> = {};
  for (const layer of layers) {
    for (const name of names) {
      const value = layer[name];
      if (value !== undefined && value !== "") merged[name] = value;
    }
  }
  return merged;
}

/** The settings of a merged layer, checked; undefined where no issuer is named. */
export function settle(layer: SettingsLayer): LoginSettings | undefined {
  if (layer.issuer === undefined) return undefined;
  return {
    issuer: checkIssuer(layer.issuer),
    clientId: layer.clientId ?? null,
    scope: layer.scope ?? null,
    audience: layer.audience ?? null,
    groupsClaim: layer.groupsClaim ?? "groups",
  };
}

/** May an address be asked without TLS? On this machine no other host listens in between. */
export function isLoopback(url: URL): boolean {
  return /^(127(\.\d{1,3}){3}|\[::1\]|localhost)$/.test(url.hostname);
}

function checkIssuer(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const allowed =
    url?.protocol === "https:" || (url?.protocol === "http:" && isLoopback(url as URL));
  if (url === undefined || !allowed || url.search !== "" || url.hash !== "" || url.username) {
    throw new LoginError(
      "bad_request",
      "the issuer is not an https URL (http is for loopback alone)",
      "write --issuer https://id.example.com, as the provider's documentation has it",
    );
  }
  return text;
}
