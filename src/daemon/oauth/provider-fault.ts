/**
 * Provider fault: what an error of the OAuth library, or of the network below
 * it, means for a login. The provider's own words are shown, cut and with
 * whatever could be a token struck out.
 */
import { shortened } from "../model/text-cut.js";
import { LoginError } from "./login-error.js";

interface OAuthReply {
  readonly error: string;
  readonly description: string;
}

/** The error code of RFC 6749 (5.2) that the provider answered, if it did. */
export function oauthReplyOf(thrown: unknown): OAuthReply | undefined {
  if (!(thrown instanceof Error)) return undefined;
  const { error, error_description: description } = thrown as {
    error?: unknown;
    error_description?: unknown;
  };
  if (typeof error !== "string") return undefined;
  return { error: plain(error), description: typeof description === "string" ? description : "" };
}

/** Certain not to have reached the provider: nothing was changed there. */
export function neverSent(thrown: unknown): boolean {
  return codesOf(thrown).some((code) =>
    /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)$/.test(code),
  );
}

/** The login error for whatever went wrong while the provider was asked. */
export function providerFault(issuer: string, what: string, thrown: unknown): LoginError {
  if (thrown instanceof LoginError) return thrown;
  const options = { cause: thrown };
  const reply = oauthReplyOf(thrown);
  if (reply !== undefined) {
    const said = reply.description === "" ? "" : ` (${plain(reply.description)})`;
    return new LoginError(
      "identity_provider_refused",
      `the identity provider ${issuer} refuses ${what}: ${reply.error}${said}`,
      hintFor(reply.error),
      options,
    );
  }
  const denied = chainOf(thrown).find((error) => /^(url|address|too-large)$/.test(faultOf(error)));
  if (denied !== undefined) {
    return new LoginError(
      "identity_provider_refused",
      `the identity provider ${issuer} cannot be used: ${denied.message}`,
      "check --issuer, and the endpoints that it names",
      options,
    );
  }
  const status = statusOf(thrown);
  if (status !== undefined && status < 500 && status !== 429) {
    return new LoginError(
      "identity_provider_refused",
      `${issuer} answers ${status} to ${what}`,
      "check --issuer: below it there must be /.well-known/openid-configuration",
      options,
    );
  }
  const [code] = codesOf(thrown);
  if (code === "OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED") {
    return new LoginError(
      "identity_provider_refused",
      `what answers at ${issuer} calls itself another issuer`,
      "write --issuer exactly as the provider does, with or without the slash at its end",
      options,
    );
  }
  if (code !== undefined && /^OAUTH_(?!TIMEOUT|ABORT)/.test(code) && status === undefined) {
    return new LoginError(
      "identity_provider_refused",
      `the identity provider ${issuer} answers ${what} with something that cannot be used (${code})`,
      "check --issuer and --client-id; hoopx daemon logs tells more",
      options,
    );
  }
  return new LoginError(
    "identity_provider_unavailable",
    `the identity provider ${issuer} ${trouble(thrown, status, code)}`,
    "check the network and try again; sessions that run go on, new ones need it",
    options,
  );
}

function trouble(thrown: unknown, status: number | undefined, code: string | undefined): string {
  if (status !== undefined) return `answers ${status}`;
  if (code === "OAUTH_TIMEOUT" || isTimeout(thrown)) return "does not answer in time";
  return `cannot be reached${code === undefined ? "" : ` (${code})`}`;
}

function hintFor(error: string): string {
  if (error === "invalid_client" || error === "unauthorized_client") {
    return "check --client-id, and that the client may use this way of logging in";
  }
  if (error === "invalid_scope") return "say with --scope which scopes the client may ask for";
  if (error === "invalid_target") return "check --audience: the provider does not know it";
  return "check --issuer, --client-id and --scope";
}

function chainOf(thrown: unknown): readonly Error[] {
  const chain: Error[] = [];
  let error = thrown;
  while (error instanceof Error && chain.length < 8) {
    chain.push(error);
    error = error.cause;
  }
  return chain;
}

function codesOf(thrown: unknown): readonly string[] {
  return chainOf(thrown)
    .map((error) => (error as { code?: unknown }).code)
    .filter((code) => typeof code === "string");
}

function isTimeout(thrown: unknown): boolean {
  return chainOf(thrown).some(
    (error) => /^(TimeoutError|AbortError)$/.test(error.name) || faultOf(error) === "timeout",
  );
}

/** What the function that sends says of itself: an address it may not go to, a reply too long. */
function faultOf(error: Error): string {
  const { fault } = error as { fault?: unknown };
  return typeof fault === "string" ? fault : "";
}

/** The library keeps an unexpected reply as the cause of its error. */
function statusOf(thrown: unknown): number | undefined {
  for (const error of chainOf(thrown)) {
    const { cause } = error as { cause?: { status?: unknown } };
    if (typeof cause === "object" && cause !== null && typeof cause.status === "number") {
      return cause.status;
    }
  }
  return undefined;
}

function plain(text: string): string {
  return shortened(text.replace(/[\w.~+/-]{24,}=*/g, "…"), 200);
}
