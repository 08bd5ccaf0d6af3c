/**
 * Code login: the authorization code flow with PKCE, state and nonce, answered
 * on a loopback address with a random port (RFC 8252, 7.3). Only a reply with
 * our state counts; its `iss` must be the issuer's (RFC 9207).
 */

import { denied } from "./device-login.js";
import type { Issuer, TokenReply } from "./issuer.js";
import { LoginError } from "./login-error.js";
import { oauthReplyOf, providerFault } from "./provider-fault.js";
import type { LoginSettings } from "./settings.js";
import { audienceFor, audiencesOf, scopeFor } from "./token-request.js";

/** Where the browser is sent back to; made by the listener. */
export interface ReturnPage {
  readonly redirectUri: string;
  /** Resolves with the first address for which `accepts` is true; the browser waits until told. */
  arrival(accepts: (url: URL) => boolean, signal: AbortSignal): Promise<Arrival>;
  close(): void;
}

interface Arrival {
  readonly url: URL;
  /** Shows the person how it ended. */
  answer(ok: boolean, message: string): void;
}

export interface CodeLogin {
  readonly authorizationUrl: string;
  /** Seconds. */
  readonly expiresIn: number;
  /** Waits for the browser; `accept` checks the reply before the page says it is done. */
  finish<Result>(
    accept: (reply: TokenReply, nonce: string) => Promise<Result>,
    signal: AbortSignal,
  ): Promise<Result>;
  close(): void;
}

const patience = 300;

/** Opens the page that the browser returns to, and says where to send it. */
export async function startCodeLogin(
  issuer: Issuer,
  settings: LoginSettings,
  openPage: () => Promise<ReturnPage>,
): Promise<CodeLogin> {
  const page = await openPage();
  try {
    const scope = scopeFor(settings, issuer.scopes);
    // OpenID Connect Core, 11: offline access is the person's to grant.
    const consent = scope.split(" ").includes("offline_access");
    const request = await issuer.codeRequest(page.redirectUri, [
      ["scope", scope],
      ...(consent ? [["prompt", "consent"] as const] : []),
      ...audienceFor(audiencesOf(settings)),
    ]);
    return {
      authorizationUrl: request.url,
      expiresIn: patience,
      close: () => page.close(),

      async finish(accept, signal) {
        const limit = AbortSignal.timeout(patience * 1000);
        const ours = (url: URL) => url.searchParams.get("state") === request.state;
        const arrival = await page
          .arrival(ours, AbortSignal.any([signal, limit]))
          .catch((error) => {
            throw limit.aborted && !signal.aborted ? late() : error;
          });
        try {
          const reply = await issuer.exchangeCode(arrival.url, request);
          const result = await accept(reply, request.nonce);
          arrival.answer(
            true,
            "You are logged in. Go back to the terminal; this page can be closed.",
          );
          return result;
        } catch (error) {
          const fault = faultOf(error, settings);
          arrival.answer(false, `The login failed: ${fault.message}.`);
          throw fault;
        }
      },
    };
  } catch (error) {
    page.close();
    throw error;
  }
}

function faultOf(error: unknown, { issuer }: LoginSettings): LoginError {
  const cause = error instanceof LoginError ? error.cause : error;
  if (oauthReplyOf(cause)?.error === "access_denied") return denied(cause);
  return providerFault(issuer, "the login", error);
}

function late(): LoginError {
  const message = `no browser came back within ${patience / 60} minutes`;
  return new LoginError("login_expired", message, "hoopx login --browser starts again");
}
