/**
 * Device login (RFC 8628): a code for the person, and polls until they have
 * entered it. The provider's interval is kept, `slow_down` adds five seconds,
 * a provider that does not answer is asked again later, and the end of the
 * code's life is the end of the wait.
 */
import { setTimeout as delay } from "node:timers/promises";
import { type Clock, deadlineIn } from "./deadline.js";
import type { Issuer, TokenReply } from "./issuer.js";
import { LoginError } from "./login-error.js";
import { oauthReplyOf, providerFault } from "./provider-fault.js";
import type { LoginSettings } from "./settings.js";
import { audienceFor, audiencesOf, leastScope, scopeFor } from "./token-request.js";

export interface DeviceCode {
  readonly userCode: string;
  readonly verificationUri: string;
  /** The same with the code in it; null where the provider has none. */
  readonly verificationUriComplete: string | null;
  /** Seconds. */
  readonly expiresIn: number;
}

export interface DeviceLogin {
  readonly code: DeviceCode;
  /** Waits for the person; throws a LoginError, or the signal's reason. */
  poll(signal: AbortSignal): Promise<TokenReply>;
}

/** RFC 8628, 3.2: where the provider names none. */
const usualInterval = 5;
/** RFC 8628, 3.5. */
const slowDown = 5;
const longestWait = 30;

/** Asks for a code. */
export async function startDeviceLogin(
  issuer: Issuer,
  settings: LoginSettings,
  clock: Clock,
): Promise<DeviceLogin> {
  const ask = (scope: string) =>
    issuer.startDevice([["scope", scope], ...audienceFor(audiencesOf(settings))]);
  const begun = await ask(scopeFor(settings, issuer.scopes)).catch((error) => {
    // The usual scopes are ours to choose: a client that may not ask for all gets the least that serves.
    const ours = settings.scope === null && oauthReplyOf(error.cause)?.error === "invalid_scope";
    if (ours) return ask(leastScope);
    throw error;
  });
  const end = deadlineIn(clock, begun.expires_in);

  async function poll(signal: AbortSignal): Promise<TokenReply> {
    let interval = begun.interval ?? usualInterval;
    let silences = 0;
    for (;;) {
      const wait = Math.min(interval * 2 ** silences, Math.max(interval, longestWait));
      await delay(Math.min(wait, Math.max(0, end.left())) * 1000, undefined, { signal });
      if (end.left() <= 0) throw expired();
      try {
        return await issuer.pollDevice(begun.device_code);
      } catch (error) {
        signal.throwIfAborted();
        const code = oauthReplyOf(error)?.error;
        if (code === "slow_down") interval += slowDown;
        else if (code === undefined) {
          const fault = providerFault(settings.issuer, "the login", error);
          if (fault.problem !== "identity_provider_unavailable") throw fault;
          silences = Math.min(silences + 1, 5);
          continue;
        } else if (code !== "authorization_pending") throw ended(code, settings, error);
        silences = 0;
      }
    }
  }

  return {
    code: {
      userCode: begun.user_code,
      verificationUri: begun.verification_uri,
      verificationUriComplete: begun.verification_uri_complete ?? null,
      expiresIn: begun.expires_in,
    },
    poll,
  };
}

function ended(code: string, settings: LoginSettings, cause: unknown): LoginError {
  if (code === "expired_token") return expired(cause);
  if (code !== "access_denied") return providerFault(settings.issuer, "the login", cause);
  return denied(cause);
}

/** The person said no, at the provider. */
export function denied(cause?: unknown): LoginError {
  const message = "the login was denied at the identity provider";
  return new LoginError("login_denied", message, "hoopx login starts again", { cause });
}

function expired(cause?: unknown): LoginError {
  const message = "the code expired before it was entered";
  return new LoginError("login_expired", message, "hoopx login gets a new one", { cause });
}
