/**
 * Login views: who is logged in, and how a logout went. As in `views.ts`,
 * scripts rely on these keys; add freely, change none.
 */
import type { IdentityView } from "./views.js";

/** Who is logged in under a profile, and how the login stands. */
export interface WhoamiView {
  readonly profile: string;
  readonly identity: IdentityView;
  /** For people; null where the provider does not say. */
  readonly name: string | null;
  readonly clientId: string | null;
  /** A person's login is renewed by its refresh token, a workload's by its own proof. */
  readonly kind: "person" | "workload";
  /** Where the refresh token is; `memory`: there is none, and the login ends with the daemon. */
  readonly kept: "keychain" | "file" | "memory";
  /** Of the access token (of a workload's ID token) in memory; null where none is there yet. */
  readonly expiresAt: string | null;
  /** What is not as it should be; null where all is. */
  readonly note: string | null;
}

export interface LogoutView {
  readonly profile: string;
  /** Null: there was no login. */
  readonly identity: IdentityView | null;
  /** The identity provider was told (RFC 7009). Forgotten here is the login in any case. */
  readonly revoked: boolean;
  /** Why it was not told; null where nothing is amiss. */
  readonly note: string | null;
  /** The profile's settings stay for the next login, and its sessions need one until then. */
  readonly settingsKept: boolean;
}
