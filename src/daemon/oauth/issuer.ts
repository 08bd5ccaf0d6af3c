/**
 * Issuer: one identity provider as one client sees it: its discovered
 * endpoints, its keys, and each request that a login makes. The OAuth library
 * is loaded here and nowhere else, with the first login; every request has a
 * time limit and follows no redirect.
 */
import type { CryptoKey } from "jose";
import type {
  Configuration,
  CustomFetch,
  DeviceAuthorizationResponse,
  TokenEndpointResponse,
} from "openid-client";
import { Secret } from "../model/secret.js";
import {
  type Claims,
  type IdToken,
  type IdTokenChecks,
  isUnknownKey,
  verifyIdToken,
} from "./id-token.js";
import { type Fetch, lenientFetch } from "./lenient-reply.js";
import { LoginError } from "./login-error.js";
import { oauthReplyOf, providerFault } from "./provider-fault.js";
import { isLoopback } from "./settings.js";

/** What a token endpoint answered. */
export interface TokenReply {
  readonly accessToken: Secret;
  /** Seconds. */
  readonly expiresIn: number;
  readonly idToken: Secret | undefined;
  readonly refreshToken: Secret | undefined;
}

export interface CodeChecks {
  readonly verifier: string;
  readonly state: string;
  readonly nonce: string;
}

/** Names and values; a name may come again. */
type Parameters = readonly (readonly [name: string, value: string])[];

export interface Issuer {
  /** As its metadata has it. */
  readonly name: string;
  /** What it says it supports; empty where it does not say. */
  readonly scopes: readonly string[];
  startDevice(parameters: Parameters): Promise<DeviceAuthorizationResponse>;
  /** One poll (RFC 8628, 3.4); throws the library's own error. */
  pollDevice(deviceCode: string): Promise<TokenReply>;
  codeRequest(redirectUri: string, parameters: Parameters): Promise<CodeChecks & { url: string }>;
  exchangeCode(arrived: URL, checks: CodeChecks): Promise<TokenReply>;
  /** `rotated` is awaited with a new refresh token before anything else is looked at; throws the library's own error. */
  refresh(
    token: Secret,
    parameters: Parameters,
    rotated: (token: Secret) => Promise<void>,
  ): Promise<TokenReply>;
  clientCredentials(parameters: Parameters): Promise<TokenReply>;
  verify(token: Secret, checks: Omit<IdTokenChecks, "issuer" | "now">): Promise<IdToken>;
  /** Undefined where there is no such endpoint, or it does not take this token. */
  userinfo(accessToken: Secret, subject: string): Promise<Claims | undefined>;
  /** False where the provider has no revocation endpoint (RFC 7009). */
  revoke(token: Secret): Promise<boolean>;
}

export interface IssuerOptions {
  readonly issuer: string;
  /** Null: for tokens that are only checked here. */
  readonly clientId: string | null;
  readonly fetch: Fetch;
  readonly now: () => Date;
  /** Proves the client (private_key_jwt, RFC 7523): PKCS 8 or a JWK. */
  readonly clientKey?: ClientKey | undefined;
  readonly limits?: IssuerLimits | undefined;
}

/** Seconds that requests may take. */
export interface IssuerLimits {
  readonly discovery: number;
  /** A token reply that comes late still counts, since it may rotate. */
  readonly request: number;
}

export interface ClientKey {
  readonly key: CryptoKey;
  readonly keyId: string | undefined;
}

const usualLimits: IssuerLimits = { discovery: 10, request: 30 };
/** Assumed where the provider does not say (RFC 6749, 5.1 only recommends it). */
const assumedLifetime = 300;

/** Discovers an identity provider; throws a LoginError. */
export async function openIssuer(options: IssuerOptions): Promise<Issuer> {
  const library = await import("openid-client");
  const { issuer, clientId, clientKey, now, limits = usualLimits } = options;
  const fetch = lenientFetch(options.fetch);
  const insecure = isLoopback(new URL(issuer)) ? [library.allowInsecureRequests] : [];
  // Times are checked by id-token.ts, which knows how to say it.
  const metadata = { [library.clockTolerance]: 100 * 365 * 86_400 };
  const client = clientId ?? "hoopx";
  const proof = clientKey && library.PrivateKeyJwt(keyOf(clientKey));
  let config: Configuration;
  try {
    config = await library.discovery(new URL(issuer), client, metadata, proof, {
      execute: insecure,
      timeout: limits.discovery,
      [library.customFetch]: fetch as CustomFetch,
    });
  } catch (error) {
    throw providerFault(issuer, "discovery", error);
  }
  config.timeout = limits.request;
  const server = config.serverMetadata();
  const keys = await keySetOf(server.jwks_uri, options, limits);

  function needs(endpoint: string | undefined, what: string): void {
    if (endpoint !== undefined) return;
    throw new LoginError(
      "identity_provider_refused",
      `the identity provider ${issuer} does not offer ${what}`,
      what === "device login" ? "hoopx login --browser" : "hoopx login, without --browser",
    );
  }

  async function asked<Result>(what: string, job: () => Promise<Result>): Promise<Result> {
    try {
      return await job();
    } catch (error) {
      throw providerFault(issuer, what, error);
    }
  }

  return {
    name: server.issuer,
    scopes: server.scopes_supported ?? [],

    startDevice: (parameters) =>
      asked("device login", () => {
        needs(server.device_authorization_endpoint, "device login");
        return library.initiateDeviceAuthorization(config, formOf(parameters));
      }),

    async pollDevice(deviceCode) {
      const grant = "urn:ietf:params:oauth:grant-type:device_code";
      return replyOf(await library.genericGrantRequest(config, grant, { device_code: deviceCode }));
    },

    async codeRequest(redirectUri, parameters) {
      needs(server.authorization_endpoint, "login by browser");
      const verifier = library.randomPKCECodeVerifier();
      const checks = { verifier, state: library.randomState(), nonce: library.randomNonce() };
      const form = formOf([
        ...parameters,
        ["redirect_uri", redirectUri],
        ["code_challenge", await library.calculatePKCECodeChallenge(verifier)],
        ["code_challenge_method", "S256"],
        ["state", checks.state],
        ["nonce", checks.nonce],
      ]);
      const url = library.buildAuthorizationUrl(config, form);
      return { ...checks, url: url.href };
    },

    exchangeCode: (arrived, { verifier, state, nonce }) =>
      asked("the login", async () =>
        replyOf(
          await library.authorizationCodeGrant(config, arrived, {
            pkceCodeVerifier: verifier,
            expectedState: state,
            expectedNonce: nonce,
            idTokenExpected: true,
          }),
        ),
      ),

    async refresh(token, parameters, rotated) {
      // Of its own, so that it sees this reply alone, before the library can reject it.
      const once = new library.Configuration(server, client, metadata, proof);
      for (const extension of insecure) extension(once);
      once.timeout = limits.request;
      once[library.customFetch] = async (url, init) => {
        const response = await fetch(url, init as RequestInit);
        const next = response.ok ? await refreshTokenIn(response.clone()) : undefined;
        if (next !== undefined) await rotated(next);
        return response;
      };
      return replyOf(await library.refreshTokenGrant(once, token.reveal(), formOf(parameters)));
    },

    clientCredentials: (parameters) =>
      asked("client credentials", async () =>
        replyOf(await library.clientCredentialsGrant(config, formOf(parameters))),
      ),

    verify: (token, checks) =>
      asked("its keys", async () => {
        const all = { ...checks, issuer: server.issuer, now };
        try {
          return await verifyIdToken(token, keys, all);
        } catch (error) {
          if (!isUnknownKey(error)) throw error;
          // Keys rotate: the set that was read before may lack the newest.
          await keys.reload();
          return verifyIdToken(token, keys, all);
        }
      }),

    async userinfo(accessToken, subject) {
      if (server.userinfo_endpoint === undefined) return undefined;
      try {
        return await library.fetchUserInfo(config, accessToken.reveal(), subject);
      } catch (error) {
        if (error instanceof library.WWWAuthenticateChallengeError) return undefined;
        throw providerFault(issuer, "userinfo", error);
      }
    },

    async revoke(token) {
      if (server.revocation_endpoint === undefined) return false;
      try {
        await library.tokenRevocation(config, token.reveal(), { token_type_hint: "refresh_token" });
      } catch (error) {
        // A token it does not know is as revoked as can be (RFC 7009, 2.2).
        if (oauthReplyOf(error)?.error !== "invalid_token") {
          throw providerFault(issuer, "to revoke", error);
        }
      }
      return true;
    },
  };
}

function formOf(parameters: Parameters): URLSearchParams {
  const form = new URLSearchParams();
  for (const [name, value] of parameters) form.append(name, value);
  return form;
}

function replyOf(reply: TokenEndpointResponse): TokenReply {
  const {
    access_token: access,
    expires_in: expiresIn,
    id_token: id,
    refresh_token: refresh,
  } = reply;
  return {
    accessToken: new Secret(access),
    expiresIn: expiresIn ?? assumedLifetime,
    idToken: id === undefined ? undefined : new Secret(id),
    refreshToken: refresh === undefined ? undefined : new Secret(refresh),
  };
}

async function refreshTokenIn(response: Response): Promise<Secret | undefined> {
  const body = (await response.json().catch(() => undefined)) as
    | { refresh_token?: unknown }
    | undefined;
  const token = body?.refresh_token;
  return typeof token === "string" && token !== "" ? new Secret(token) : undefined;
}

function keyOf({ key, keyId }: ClientKey) {
  return keyId === undefined ? key : { key, kid: keyId };
}

async function keySetOf(
  uri: string | undefined,
  { issuer, fetch }: IssuerOptions,
  limits: IssuerLimits,
) {
  const insecure = isLoopback(new URL(issuer)) ? "http:" : "https:";
  const url = uri !== undefined && URL.canParse(uri) ? new URL(uri) : undefined;
  if (url === undefined || !["https:", insecure].includes(url.protocol)) {
    throw new LoginError(
      "identity_provider_refused",
      `the identity provider ${issuer} publishes no keys at an https address (jwks_uri)`,
      "check --issuer",
    );
  }
  const { createRemoteJWKSet, customFetch } = await import("jose");
  return createRemoteJWKSet(url, {
    // A key that the provider took back is believed no longer than this.
    cacheMaxAge: 300_000,
    timeoutDuration: limits.discovery * 1000,
    [customFetch]: fetch as never,
  });
}
