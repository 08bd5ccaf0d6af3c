/** Identity requests: where and how to log in, and whose login is meant. */
import type { SecretStoreChoice } from "./credential-kinds.js";

/** Where a profile logs in, as flags or variables say; absent: what lies below holds. */
export interface IdentitySettings {
  readonly issuer?: string;
  readonly clientId?: string;
  readonly scope?: string;
  readonly audience?: string;
  /** `groups`, a path such as `realm_access.roles`, or `userinfo:PATH`. */
  readonly groupsClaim?: string;
}

/** Which login is meant. */
export interface ProfileChoice {
  /** Absent: the usual one. */
  readonly profile?: string;
  /** What the caller's own variables say: the daemon may have been started from another shell. */
  readonly defaults?: IdentitySettings;
}

/** How to log in. Tokens and paths go to the daemon's memory; none is answered back. */
export type LoginWay =
  /** RFC 8628. */
  | { readonly kind: "device" }
  /** The code flow with PKCE, on loopback. */
  | { readonly kind: "browser" }
  | { readonly kind: "id-token-file"; readonly file: string }
  | { readonly kind: "id-token"; readonly token: string }
  | {
      readonly kind: "github-actions";
      readonly requestUrl: string;
      readonly requestToken: string;
    }
  /** Client credentials with private_key_jwt (RFC 7523). */
  | { readonly kind: "client-key"; readonly keyFile: string };

export interface StartLogin extends ProfileChoice {
  /** By flags; a person's login remembers them. */
  readonly given: IdentitySettings;
  readonly way: LoginWay;
  /** Absent: what config.yaml says, else the keychain. */
  readonly secretStore?: SecretStoreChoice;
  /** Remember a workload's settings too. */
  readonly save?: boolean;
}

export interface AskWhoami extends ProfileChoice {
  /** Renew the login first. */
  readonly refresh?: boolean;
  /** How long ago the command began that asks: a renewal begun since will do. */
  readonly startedMsAgo?: number;
}

export interface LogoutRequest {
  readonly profile?: string;
  readonly all?: boolean;
  /** Forget where the profile logs in, too. */
  readonly forget?: boolean;
}
