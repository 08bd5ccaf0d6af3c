/**
 * Accepted reply: a token endpoint's reply, believed. Its ID token is checked,
 * the userinfo endpoint asked where the ID token leaves something open, and
 * what is kept of it is in memory, with lifetimes by the monotonic clock.
 */
import type { Secret } from "../model/secret.js";
import {
  type ClaimedIdentity,
  identityOf,
  isIncomplete,
  wantsUserinfo,
} from "./claimed-identity.js";
import { type Clock, type Deadline, deadlineIn } from "./deadline.js";
import type { Claims } from "./id-token.js";
import type { Issuer, TokenReply } from "./issuer.js";
import { LoginError } from "./login-error.js";
import type { LoginSettings } from "./settings.js";

export interface KeptToken {
  readonly token: Secret;
  readonly deadline: Deadline;
}

/** In memory only, always. */
export interface Tokens {
  readonly access: KeptToken | null;
  readonly id: KeptToken | null;
}

export interface Accepted {
  /** Undefined where the reply had no ID token: who it is has not changed. */
  readonly claimed: ClaimedIdentity | undefined;
  readonly tokens: Tokens;
  /** `iat` of the ID token. */
  readonly issuedAt: number | undefined;
}

export interface AcceptOptions {
  readonly issuer: Issuer;
  readonly settings: LoginSettings;
  readonly profile: string;
  readonly clock: Clock;
  readonly nonce?: string | undefined;
  /** A renewal's: the subject it must still be, and the ID token before. */
  readonly before?: { readonly subject: string; readonly issuedAt: number | undefined };
}

/** Checks a reply; throws a LoginError. */
export async function acceptReply(reply: TokenReply, options: AcceptOptions): Promise<Accepted> {
  const { issuer, settings, profile, clock, nonce, before } = options;
  const access = { token: reply.accessToken, deadline: deadlineIn(clock, reply.expiresIn) };
  if (reply.idToken === undefined) {
    if (before === undefined) throw noIdToken(settings);
    return { claimed: undefined, tokens: { access, id: null }, issuedAt: undefined };
  }
  const { claims, issuedAt, secondsLeft } = await issuer.verify(reply.idToken, {
    audience: settings.clientId ?? "",
    nonce,
    fresh: true,
    issuedBefore: before?.issuedAt,
  });
  if (before !== undefined && before.subject !== claims.sub) throw anotherSubject(settings);
  const userinfo = await userinfoOf(issuer, settings, reply.accessToken, claims);
  const { groupsClaim } = settings;
  return {
    claimed: identityOf({ issuer: issuer.name, profile, groupsClaim, claims, userinfo }),
    tokens: { access, id: { token: reply.idToken, deadline: deadlineIn(clock, secondsLeft) } },
    issuedAt,
  };
}

async function userinfoOf(
  issuer: Issuer,
  { groupsClaim }: LoginSettings,
  accessToken: Secret,
  claims: Claims,
): Promise<Claims | undefined> {
  const wanted = wantsUserinfo(groupsClaim);
  if (!wanted && !isIncomplete(claims, groupsClaim)) return undefined;
  const userinfo = await issuer.userinfo(accessToken, claims.sub);
  if (userinfo === undefined && wanted) {
    throw new LoginError(
      "identity_provider_refused",
      `${issuer.name} has no userinfo endpoint that takes this login's token, and the groups are to come from there`,
      "name a claim of the ID token with --groups-claim",
    );
  }
  return userinfo;
}

function noIdToken({ issuer }: LoginSettings): LoginError {
  return new LoginError(
    "identity_provider_refused",
    `the identity provider ${issuer} sent no ID token, so it is not known who logged in`,
    "let --scope hold openid, and see that the client is one for OpenID Connect",
  );
}

function anotherSubject({ issuer }: LoginSettings): LoginError {
  return new LoginError(
    "identity_provider_refused",
    `the identity provider ${issuer} renewed the login as another person`,
    "hoopx logout, then log in again",
  );
}
