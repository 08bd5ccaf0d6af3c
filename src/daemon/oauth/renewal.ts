/**
 * Renewal: a new access token for a stored refresh token. One at a time on
 * this machine, whatever daemons share the entry: the lock first, then the
 * token is read (again), then it is sent. A rotated token is stored before
 * anything else of the reply is looked at. `invalid_grant` for a token that is
 * not the newest any more means nothing; for the newest it is the login's end,
 * and that is said (SECURITY I1).
 */
import { type Accepted, acceptReply } from "./accepted-reply.js";
import type { ClaimedIdentity } from "./claimed-identity.js";
import type { Clock } from "./deadline.js";
import type { Issuer, TokenReply } from "./issuer.js";
import { LoginError, loginCommand } from "./login-error.js";
import { type LoginVault, newGeneration, type Place, type StoredLogin } from "./login-vault.js";
import { neverSent, oauthReplyOf, providerFault } from "./provider-fault.js";
import type { RenewalMarks } from "./renewal-marks.js";
import type { LoginSettings } from "./settings.js";

export interface RenewalOptions {
  readonly vault: LoginVault;
  readonly marks: RenewalMarks;
  /** Held by one process of this machine at a time; resolves with its release. */
  readonly lock: (name: string, signal: AbortSignal) => Promise<() => void>;
  readonly openIssuer: (settings: LoginSettings) => Promise<Issuer>;
  readonly clock: Clock;
  readonly warn: (message: string) => void;
}

export interface RenewalRequest extends Place {
  /** What the profile's settings say by now. */
  readonly groupsClaim: string;
  /** Resource, audience or scope besides. */
  readonly parameters: readonly (readonly [name: string, value: string])[];
}

export interface Renewed {
  readonly settings: LoginSettings;
  readonly claimed: ClaimedIdentity;
  readonly tokens: Accepted["tokens"];
}

export type Renew = (request: RenewalRequest) => Promise<Renewed>;

/** Waiting for others' renewals; each is bounded itself. */
const lockLimit = 60_000;
const tries = 3;

/** Thrown to be caught below: the provider does not know the token that was sent. */
class NotKnown extends Error {
  readonly interrupted: boolean;

  constructor(interrupted: boolean, cause: unknown) {
    super("invalid_grant", { cause });
    this.interrupted = interrupted;
  }
}

/** Creates the one way in which stored logins are renewed. */
export function createRenewal(options: RenewalOptions): Renew {
  const { vault, marks, lock, openIssuer, clock, warn } = options;

  return async function renew(request) {
    const release = await locked(request.profile);
    try {
      return await renewLocked(request);
    } finally {
      release();
    }
  };

  async function locked(profile: string): Promise<() => void> {
    const limit = AbortSignal.timeout(lockLimit);
    try {
      return await lock(`login.${profile}`, limit);
    } catch (error) {
      if (!limit.aborted) throw error;
      throw new LoginError(
        "identity_provider_unavailable",
        `another daemon has been renewing the login of ${profile} for ${lockLimit / 1000} s`,
        "try again; hoopx daemon logs tells more",
        { cause: error },
      );
    }
  }

  async function renewLocked(request: RenewalRequest): Promise<Renewed> {
    let stored = await vault.read(request);
    for (let attempt = 1; stored !== undefined; attempt += 1) {
      try {
        return await renewOnce(request, stored);
      } catch (error) {
        if (!(error instanceof NotKnown)) throw error;
        const newest = await vault.read(request);
        if (newest?.generation === stored.generation || attempt === tries) {
          await vault.remove(request, stored.generation);
          const why = error.interrupted ? lostWords : endedWords;
          warn(`the login of ${request.profile} is over: ${why}`);
          throw over(request.profile, stored, why, error);
        }
        stored = newest;
      }
    }
    throw new LoginError(
      "login_needed",
      `profile ${request.profile} is not logged in any more`,
      loginCommand(request.profile, true),
    );
  }

  async function renewOnce(request: RenewalRequest, stored: StoredLogin): Promise<Renewed> {
    const { profile } = request;
    const settings = { ...stored.settings, groupsClaim: request.groupsClaim };
    const issuer = await openIssuer(settings);
    const interrupted = (await marks.open(profile)) === stored.generation;
    if (interrupted) warn(`an earlier renewal of the login of ${profile} has no known end`);
    let kept = stored;
    let reply: TokenReply;
    await marks.set(profile, stored.generation);
    try {
      reply = await issuer.refresh(stored.refreshToken, request.parameters, async (rotated) => {
        if (rotated.equals(stored.refreshToken)) return;
        kept = { ...stored, refreshToken: rotated, generation: newGeneration() };
        await vault.keep(request, kept, stored.generation);
      });
    } catch (error) {
      const answer = oauthReplyOf(error)?.error;
      // Else it is not known whether the provider has rotated, which some do before they look
      // at the rest of the request: the mark stays.
      const known = answer === "invalid_grant" || kept !== stored || neverSent(error);
      if (known && vault.unsaved(profile) === undefined) await marks.clear(profile);
      if (answer === "invalid_grant" && kept === stored) throw new NotKnown(interrupted, error);
      throw providerFault(settings.issuer, "to renew the login", error);
    }
    if (vault.unsaved(profile) === undefined) await marks.clear(profile);

    const { subject } = stored.claimed.identity;
    const before = { subject, issuedAt: stored.issuedAt };
    const accepted = await acceptReply(reply, { issuer, settings, profile, clock, before });
    const claimed = accepted.claimed ?? stored.claimed;
    if (JSON.stringify(claimed) !== JSON.stringify(kept.claimed)) {
      const { issuedAt } = accepted;
      const told = { ...kept, settings, claimed, issuedAt, generation: newGeneration() };
      await vault.keep(request, told, kept.generation);
    }
    return { settings, claimed, tokens: accepted.tokens };
  }
}

const endedWords = "the identity provider does not accept it any more (expired or revoked)";
const lostWords =
  "a renewal before this one was cut off between the provider's answer and its being stored, so the rotated token was lost";

function over(profile: string, login: StoredLogin, why: string, cause: unknown): LoginError {
  const { email, subject } = login.claimed.identity;
  const message = `the login of ${email ?? subject} is over: ${why}`;
  return new LoginError("login_needed", message, loginCommand(profile, true), { cause });
}
