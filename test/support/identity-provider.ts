/**
 * Identity provider: a real oidc-provider on loopback, with what a test needs
 * to play the person and the trouble: approve or deny a device code, log in by
 * browser, rotate keys, be slow, stopped or of another time, and count what it
 * was asked. Refresh tokens rotate, and one that is used twice ends its grant.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { exportJWK, generateKeyPair, importJWK, type JWK, SignJWT } from "jose";
import type { Configuration, Provider } from "oidc-provider";
import { createStorage } from "./identity-provider-storage.js";

export interface Account {
  readonly email: string;
  readonly name: string;
  readonly groups: readonly string[];
  /** Claims of any name besides. */
  readonly [claim: string]: unknown;
}

export interface IdentityProviderOptions {
  readonly accounts?: Readonly<Record<string, Account>>;
  /** Seconds a device code lives. */
  readonly codeLifetime?: number;
  readonly accessTokenLifetime?: number;
  /** Seconds between polls that it asks for (oidc-provider itself says none: five). */
  readonly interval?: number;
  /** Leave e-mail and groups to the userinfo endpoint, as the standard has it. */
  readonly lean?: boolean;
  readonly port?: number;
}

export interface IdentityProviderCall {
  readonly method: string;
  readonly path: string;
  readonly grantType: string | undefined;
  readonly form: URLSearchParams;
}

export interface IdentityProvider {
  readonly issuer: string;
  readonly port: number;
  /** A public client for people: device flow and code flow. */
  readonly clientId: string;
  /** Another, which may ask for little. */
  readonly narrowClientId: string;
  /** A client that proves itself with `workloadKey` (private_key_jwt). */
  readonly workloadClientId: string;
  readonly workloadKey: JWK;
  readonly calls: readonly IdentityProviderCall[];
  /** Token requests, of one grant type where it is named (`refresh_token`). */
  tokenRequests(grantType?: string): number;
  /** Every refresh token it ever gave out. */
  readonly refreshTokens: readonly string[];
  approve(userCode: string, account?: string): Promise<void>;
  deny(userCode: string): Promise<void>;
  /** Answers the device's next polls with `slow_down`. */
  slowDown(times: number): void;
  /** Plays the browser: logs in, consents and follows the redirect back; the page it ends on. */
  browse(authorizationUrl: string, account?: string): Promise<{ status: number; text: string }>;
  /** Ends every grant: refresh tokens and access tokens are worth nothing any more. */
  revokeAll(): Promise<void>;
  setAccount(id: string, account: Account): void;
  /** New keys; what the old ones signed is not believed any more. */
  rotateKeys(): Promise<void>;
  /** Holds each reply back so long; `undefined` hangs until set again. */
  slow(milliseconds: number | undefined): void;
  /** The token endpoint does its work, and its replies never arrive. */
  loseReplies(lose: boolean): void;
  /** Its clock goes so much ahead (behind, if negative). */
  skew(milliseconds: number): void;
  stop(): Promise<void>;
  start(): Promise<void>;
  /** An ID token for a workload, signed as its own are. */
  workloadToken(claims?: Record<string, unknown>): Promise<string>;
  /** Where a job of GitHub Actions asks for its token, and with what. */
  readonly github: { readonly requestUrl: string; readonly requestToken: string };
  close(): Promise<void>;
}

const ada: Account = {
  email: "ada@example.com",
  name: "Ada Lovelace",
  groups: ["engineering", "leads"],
  realm: { access: { roles: ["admin", "reader"] } },
};
const bob: Account = { email: "bob@example.com", name: "Bob", groups: ["support"] };

const deviceGrant = "urn:ietf:params:oauth:grant-type:device_code";
const exchangeGrant = "urn:ietf:params:oauth:grant-type:token-exchange";

/** The time that code on behalf of a request sees. */
const clock = new AsyncLocalStorage<() => number>();
const realNow = Date.now;
Date.now = () => realNow() + (clock.getStore()?.() ?? 0);

/** Starts one; port 0 unless said. */
export async function startIdentityProvider(
  options: IdentityProviderOptions = {},
): Promise<IdentityProvider> {
  const accounts = new Map<string, Account>(Object.entries({ ada, bob, ...options.accounts }));
  const calls: IdentityProviderCall[] = [];
  const refreshTokens: string[] = [];
  const adapter = createStorage((model, id) => {
    // An opaque token is its own id; noted here, since a reply may have nobody left to go to.
    if (model === "RefreshToken") refreshTokens.push(id);
  });
  const sockets = new Set<import("node:net").Socket>();
  let keys = await newKeys();
  let wait: number | undefined = 0;
  const asleep = new Set<() => void>();
  const awake = () => {
    for (const wake of asleep) wake();
    asleep.clear();
  };
  let losing = false;
  let skewed = 0;
  let slowDowns = 0;
  const workload = await generateKeyPair("ES256", { extractable: true });
  const workloadKey = { ...(await exportJWK(workload.privateKey)), alg: "ES256", kid: "ci-key" };
  const requestToken = "job-request-token-0123456789abcdef";

  const { Provider } = await loadQuietly();
  let server: Server = createServer();
  await listen(options.port ?? 0);
  const { port } = server.address() as AddressInfo;
  const issuer = `http://127.0.0.1:${port}`;
  let provider = createProvider();

  function listen(at: number): Promise<void> {
    server = createServer((request, response) => {
      void clock.run(
        () => skewed,
        () => serve(request, response),
      );
    });
    server.on("connection", (socket) => {
      sockets.add(socket);
      socket.on("close", () => sockets.delete(socket));
    });
    return new Promise((resolve, reject) => {
      server.once("error", reject);
      server.listen(at, "127.0.0.1", () => resolve());
    });
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "", issuer);
    const form = new URLSearchParams(request.method === "POST" ? await peek(request) : "");
    const grantType = form.get("grant_type") ?? undefined;
    calls.push({ method: request.method ?? "", path: url.pathname, grantType, form });
    if (wait === undefined) await new Promise<void>((resolve) => asleep.add(resolve));
    else if (wait > 0) await delay(wait);
    if (url.pathname === "/github") return github(request, url, response);
    if (grantType === deviceGrant && slowDowns > 0) {
      slowDowns -= 1;
      response.writeHead(400, { "content-type": "application/json" });
      return void response.end('{"error":"slow_down"}');
    }
    watch(url.pathname, response);
    await provider.callback()(request, response);
  }

  /** Adds the interval, and loses what is to be lost. */
  function watch(path: string, response: ServerResponse): void {
    const end = response.end.bind(response) as (...args: unknown[]) => ServerResponse;
    response.end = ((chunk?: unknown, ...rest: unknown[]) => {
      if (path === "/token" || path === "/device/auth") {
        const body = JSON.parse(String(chunk ?? "{}"));
        if (losing && path === "/token") {
          response.destroy();
          return response;
        }
        if (body.device_code !== undefined) {
          const text = JSON.stringify({ ...body, interval: options.interval ?? 0.05 });
          response.setHeader("content-length", Buffer.byteLength(text));
          return end(text, ...rest);
        }
      }
      return end(chunk, ...rest);
    }) as typeof response.end;
  }

  async function github(request: IncomingMessage, url: URL, response: ServerResponse) {
    const allowed = request.headers.authorization === `Bearer ${requestToken}`;
    response.writeHead(allowed ? 200 : 401, { "content-type": "application/json" });
    const sub = "repo:acme/shop:ref:refs/heads/main";
    const aud = url.searchParams.get("audience") ?? "";
    response.end(JSON.stringify(allowed ? { value: await workloadToken({ sub, aud }) } : {}));
  }

  function createProvider(): Provider {
    const configuration: Configuration = {
      adapter: adapter as unknown as NonNullable<Configuration["adapter"]>,
      clients: [
        {
          client_id: "hoopx-cli",
          application_type: "native",
          token_endpoint_auth_method: "none",
          redirect_uris: ["http://127.0.0.1/callback"],
          grant_types: ["authorization_code", "refresh_token", deviceGrant, exchangeGrant],
        },
        {
          client_id: "hoopx-narrow",
          application_type: "native",
          token_endpoint_auth_method: "none",
          redirect_uris: ["http://127.0.0.1/callback"],
          grant_types: ["authorization_code", "refresh_token", deviceGrant],
          scope: "openid offline_access",
        },
        {
          client_id: "hoopx-ci",
          token_endpoint_auth_method: "private_key_jwt",
          jwks: { keys: [publicPart(workloadKey)] as never },
          redirect_uris: [],
          response_types: [],
          grant_types: ["client_credentials", exchangeGrant],
        },
      ],
      findAccount: (_context, id) => {
        const account = accounts.get(id);
        if (account === undefined) return undefined;
        return { accountId: id, claims: async () => ({ sub: id, ...account }) };
      },
      claims: {
        openid: ["sub"],
        email: ["email"],
        profile: ["name", "groups", "realm", "https://example.com/teams"],
      },
      conformIdTokenClaims: options.lean === true,
      cookies: { keys: ["a key for cookies in tests"] },
      features: {
        devInteractions: { enabled: false },
        deviceFlow: { enabled: true },
        revocation: { enabled: true, allowedPolicy: () => true },
        clientCredentials: { enabled: true },
        resourceIndicators: {
          enabled: true,
          defaultResource: () => undefined as never,
          getResourceServerInfo: () => ({ scope: "api", accessTokenFormat: "jwt" }),
        },
      },
      interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
      jwks: { keys: [keys as never] },
      rotateRefreshToken: true,
      ttl: {
        AccessToken: options.accessTokenLifetime ?? 3600,
        ClientCredentials: options.accessTokenLifetime ?? 3600,
        DeviceCode: options.codeLifetime ?? 600,
        Grant: 86_400,
        IdToken: options.accessTokenLifetime ?? 3600,
        Interaction: 600,
        RefreshToken: 86_400,
        Session: 86_400,
      },
    };
    const made = new Provider(issuer, configuration);
    made.registerGrantType(
      exchangeGrant,
      async (context) => {
        const { client, params } = context.oidc;
        const [, payload = ""] = String(params?.subject_token).split(".");
        const { sub } = JSON.parse(Buffer.from(payload, "base64url").toString("utf8"));
        const token = new made.ClientCredentials({ client: client as never, scope: "api" });
        const access = await token.save();
        const kind = "urn:ietf:params:oauth:token-type:access_token";
        context.body = {
          access_token: access,
          issued_token_type: kind,
          token_type: "Bearer",
          expires_in: 600,
          subject: sub,
        };
      },
      ["subject_token", "subject_token_type", "audience", "scope", "resource"],
    );
    made.use(async (context, next) => {
      if (!context.path.startsWith("/interaction/")) return next();
      await interact(made, context.req, context.res);
      context.respond = false;
    });
    return made;
  }

  /** Login and consent without a page: the account is in a cookie that `browse` sends. */
  async function interact(made: Provider, request: IncomingMessage, response: ServerResponse) {
    const details = await made.interactionDetails(request, response);
    const accountId = /\baccount=(\w+)/.exec(request.headers.cookie ?? "")?.[1] ?? "ada";
    if (accountId === "nobody") {
      const denial = { error: "access_denied", error_description: "no" };
      return made.interactionFinished(request, response, denial, {
        mergeWithLastSubmission: false,
      });
    }
    const scope = String(details.params.scope);
    const clientId = String(details.params.client_id);
    const grantId = await grant(made, accountId, clientId, scope, details.params.resource);
    const result = { login: { accountId }, consent: { grantId } };
    await made.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
  }

  async function grant(
    made: Provider,
    accountId: string,
    clientId: string,
    scope: string,
    resource: unknown,
  ): Promise<string> {
    const given = new made.Grant({ accountId, clientId });
    given.addOIDCScope(scope);
    for (const one of [resource].flat()) {
      if (typeof one === "string") given.addResourceScope(one, "api");
    }
    return given.save();
  }

  // biome-ignore lint/suspicious/noExplicitAny: the library's own types leave these fields out
  async function deviceCode(userCode: string): Promise<any> {
    const code = await provider.DeviceCode.findByUserCode(userCode.replace(/[^A-Za-z0-9]/g, ""));
    if (code === undefined) throw new Error(`no device code ${userCode}`);
    return code;
  }

  async function workloadToken(claims: Record<string, unknown> = {}): Promise<string> {
    const { sub = "system:serviceaccount:ci:agent", aud = "hoopx", exp = "10m", ...rest } = claims;
    const now = Math.floor((realNow() + skewed) / 1000);
    return new SignJWT(rest)
      .setProtectedHeader({ alg: "RS256", kid: keys.kid as string })
      .setIssuer(issuer)
      .setSubject(String(sub))
      .setAudience(aud as string)
      .setIssuedAt(typeof rest.iat === "number" ? rest.iat : now)
      .setExpirationTime(typeof exp === "number" ? exp : now + 600)
      .sign(await importJWK(keys, "RS256"));
  }

  async function stop(): Promise<void> {
    awake();
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of sockets) socket.destroy();
    await closed;
  }

  return {
    issuer,
    port,
    clientId: "hoopx-cli",
    narrowClientId: "hoopx-narrow",
    workloadClientId: "hoopx-ci",
    workloadKey,
    calls,
    refreshTokens,
    github: { requestUrl: `${issuer}/github?api-version=2`, requestToken },
    tokenRequests: (grantType) =>
      calls.filter(({ path, grantType: of }) => path === "/token" && (grantType ?? of) === of)
        .length,

    approve: (userCode, account = "ada") =>
      clock.run(
        () => skewed,
        async () => {
          const code = await deviceCode(userCode);
          const { params, clientId } = code;
          code.accountId = account;
          code.grantId = await grant(provider, account, clientId, params.scope, params.resource);
          code.scope = params.scope;
          code.resource = params.resource;
          code.authTime = Math.floor(Date.now() / 1000);
          await code.save();
        },
      ),

    deny: (userCode) =>
      clock.run(
        () => skewed,
        async () => {
          const code = await deviceCode(userCode);
          code.error = "access_denied";
          await code.save();
        },
      ),

    slowDown(times) {
      slowDowns = times;
    },

    async browse(authorizationUrl, account = "ada") {
      const cookies = new Map([["account", account]]);
      let at = authorizationUrl;
      for (let hops = 0; hops < 10; hops += 1) {
        const cookie = [...cookies].map((pair) => pair.join("=")).join("; ");
        const response = await fetch(at, { redirect: "manual", headers: { cookie } });
        for (const line of response.headers.getSetCookie()) {
          const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
          cookies.set(name, value);
        }
        const next = response.headers.get("location");
        if (next === null) return { status: response.status, text: await response.text() };
        at = new URL(next, at).href;
      }
      throw new Error("too many redirects");
    },

    async revokeAll() {
      for (const model of ["RefreshToken", "AccessToken", "Grant"]) {
        const rows = new adapter(model);
        for (;;) {
          const row = rows.first(() => true) as { jti?: string } | undefined;
          if (row?.jti === undefined) break;
          await rows.destroy(row.jti);
        }
      }
    },

    setAccount: (id, account) => void accounts.set(id, account),

    async rotateKeys() {
      keys = await newKeys();
      provider = createProvider();
    },

    slow(milliseconds) {
      wait = milliseconds;
      awake();
    },
    loseReplies(lose) {
      losing = lose;
    },
    skew(milliseconds) {
      skewed = milliseconds;
    },
    stop,
    start: () => listen(port),
    workloadToken,
    close: stop,
  };
}

/** It warns of every Node but the newest, in the middle of what a demo or test shows. */
async function loadQuietly() {
  const { warn } = console;
  console.warn = () => undefined;
  try {
    return await import("oidc-provider");
  } finally {
    console.warn = warn;
  }
}

let made = 0;

async function newKeys(): Promise<JWK> {
  const { privateKey } = await generateKeyPair("RS256", { extractable: true });
  made += 1;
  return { ...(await exportJWK(privateKey)), alg: "RS256", use: "sig", kid: `key-${made}` };
}

function publicPart({ d: _, ...key }: JWK): JWK {
  return key;
}

/** Reads a body that is then read again by the provider. */
async function peek(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  request.iterator = async function* again() {
    yield* chunks;
  };
  Object.defineProperty(request, "readable", { value: true });
  return Buffer.concat(chunks).toString("utf8");
}
