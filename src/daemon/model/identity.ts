/**
 * Identity: who acts. A person or workload known by OIDC; until a login
 * exists, the operating system's user under the issuer `os:HOST`.
 */
export interface Identity {
  readonly issuer: string;
  /** `sub` of the ID token; the user's name for an `os:` issuer. */
  readonly subject: string;
  readonly email: string | null;
  readonly groups: readonly string[];
  /** The login's profile; null for the operating system's user. */
  readonly profile: string | null;
}
