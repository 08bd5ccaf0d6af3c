/**
 * Subject tokens: tokens of the login behind a session's identity, for the
 * credential sources. Never of anybody else: where the profile belongs to
 * another person by now, or to no person, there is none (and no credential).
 */
import type { Identity } from "../model/identity.js";
import type { SubjectToken, SubjectTokenNeed, SubjectTokens } from "../model/subject-token.js";
import { SecretStoreError } from "../secrets/secret-store.js";
import { within } from "../secrets/within.js";
import type { KeptToken } from "./accepted-reply.js";
import type { Clock } from "./deadline.js";
import type { Identities } from "./identities.js";
import { LoginError, loginCommand } from "./login-error.js";
import type { Login, Logins } from "./logins.js";
import { audienceFor, audiencesOf } from "./token-request.js";

export interface SubjectTokensOptions {
  readonly logins: Logins;
  readonly identities: Identities;
  readonly clock: Clock;
}

/** Seconds that a token must still be good for to be handed out. */
const margin = 60;

/** Creates the source of subject tokens. */
export function createSubjectTokens({
  logins,
  identities,
  clock,
}: SubjectTokensOptions): SubjectTokens {
  /** Access tokens for an audience or scope of their own, by profile, person and what they are for. */
  const kept = new Map<string, KeptToken>();

  async function obtain(identity: Identity, need: SubjectTokenNeed): Promise<SubjectToken> {
    const began = clock.monotonic();
    if (identity.profile === null) throw noLogin();
    const login = await ofPerson(identity, identity.profile);
    const plain = need.audience === undefined && need.scope === undefined;
    const token =
      need.kind === "id_token"
        ? await idToken(login, need, began)
        : plain
          ? await accessToken(login, need, began)
          : await audienceToken(login, identity, need);
    return { token: token.token, kind: need.kind, expiresAt: token.deadline.at };
  }

  async function ofPerson(identity: Identity, profile: string): Promise<Login> {
    const login = await identities.loginOf(await identities.choose({ profile }));
    return same(login, identity);
  }

  function same(login: Login, { issuer, subject }: Identity): Login {
    const now = login.claimed.identity;
    if (now.issuer === issuer && now.subject === subject) return login;
    throw new LoginError(
      "login_needed",
      `profile ${login.profile} belongs to another login by now, and the session does not`,
      "start the session again",
    );
  }

  async function renewed(login: Login, begunSince: number): Promise<Login> {
    const next = await logins.renewed(login, login.settings.groupsClaim, { begunSince });
    return same(next, login.claimed.identity);
  }

  async function idToken(login: Login, need: SubjectTokenNeed, began: number) {
    if (need.fresh !== true && usable(login.tokens.id)) return login.tokens.id;
    const { id } = (await renewed(login, began)).tokens;
    if (id !== null) return id;
    throw new LoginError(
      "identity_provider_refused",
      `${login.settings.issuer} gives no ID token with this login`,
      "log in again with a scope that holds openid, or use a credential that takes the access token",
    );
  }

  async function accessToken(login: Login, need: SubjectTokenNeed, began: number) {
    if (need.fresh !== true && usable(login.tokens.access)) return login.tokens.access;
    const { access } = (await renewed(login, began)).tokens;
    if (access !== null) return access;
    throw new LoginError(
      "identity_provider_refused",
      `this login at ${login.settings.issuer} has an ID token only, no access token`,
      "use a credential that takes the ID token",
    );
  }

  async function audienceToken(login: Login, identity: Identity, need: SubjectTokenNeed) {
    const { audience, scope } = need;
    const key = JSON.stringify([login.profile, identity.issuer, identity.subject, audience, scope]);
    const known = kept.get(key) ?? null;
    if (need.fresh !== true && usable(known)) return known;
    assertGranted(login, need);
    if (login.upkeep.by !== "refresh-token") return accessToken(login, need, clock.monotonic());
    const parameters = [
      ...audienceFor(audience === undefined ? [] : [audience]),
      ...(scope === undefined ? [] : [["scope", scope] as const]),
    ];
    const { access } = await logins.tokensFor(login, parameters);
    if (access === null) return accessToken(login, need, clock.monotonic());
    for (const [other, { deadline }] of kept) if (deadline.left() <= 0) kept.delete(other);
    kept.set(key, access);
    return access;
  }

  return {
    async obtain(identity, need, signal) {
      try {
        return await within(signal, obtain(identity, need));
      } catch (error) {
        if (!(error instanceof SecretStoreError)) throw error;
        const message = `the login of this session cannot be read: ${error.message}`;
        throw new LoginError("login_needed", message, error.hint, { cause: error });
      }
    },
  };
}

/**
 * Only for an audience that the login was made for: a provider may rotate the
 * refresh token and then refuse the audience, and the login is lost. Without a
 * refresh token there is the login's own access token and no other.
 */
function assertGranted({ settings, upkeep }: Login, { audience, scope }: SubjectTokenNeed): void {
  const granted = audiencesOf(settings);
  if (audience !== undefined && !granted.includes(audience)) {
    const all = [...granted, audience].join(" ");
    throw new LoginError(
      "identity_provider_refused",
      `the login at ${settings.issuer} was not made for the audience ${audience}`,
      `hoopx login --audience "${all}"`,
    );
  }
  if (scope === undefined || upkeep.by === "refresh-token" || scope === settings.scope) return;
  throw new LoginError(
    "identity_provider_refused",
    `the login at ${settings.issuer} has no refresh token to get a token of scope ${scope} with`,
    `hoopx login --scope "${scope}"`,
  );
}

function usable(token: KeptToken | null): token is KeptToken {
  return token !== null && token.deadline.left() > margin;
}

function noLogin(): LoginError {
  return new LoginError(
    "login_needed",
    "the session belongs to the operating system's user, and this credential needs a login",
    loginCommand("default", false),
  );
}
