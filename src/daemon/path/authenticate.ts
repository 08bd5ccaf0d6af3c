/**
 * Authenticate: session token → session, connection and provider. The token
 * is looked up by its SHA-256, so nothing compares the token itself (SECURITY
 * L5); one that died is refused in the provider's shape (L6).
 */
import type { Connection } from "../model/connection.js";
import { Refusal } from "../model/refusal.js";
import { Secret } from "../model/secret.js";
import { type Session, tokenDigest } from "../model/session.js";
import type { Provider } from "../providers/provider.js";
import { type Accepted, type Authenticated, advance, type Station } from "./station.js";

/** What the registry of sessions knows of a token. */
export interface KnownSession {
  readonly session: Session;
  /** False once it ended, expired or was revoked. */
  readonly live: boolean;
  /** Aborts when it is over. */
  readonly over: AbortSignal;
  /** The next exchange's place in the session. */
  nextSeq(): number;
}

export interface AuthenticateOptions {
  readonly sessionOf: (digest: Uint8Array) => KnownSession | undefined;
  readonly connectionNamed: (name: string) => Connection | undefined;
  readonly providerNamed: (name: string) => Provider | undefined;
}

const bearer = /^bearer +/i;

/** Creates the station that finds out on whose behalf a request comes. */
export function createAuthenticate(options: AuthenticateOptions): Station<Accepted, Authenticated> {
  return function authenticate(exchange) {
    const token = tokenOf(exchange);
    if (token === "") throw new Refusal("token_missing", "the request carries no session token");
    const known = options.sessionOf(tokenDigest(token));
    if (known === undefined) {
      const why = token.startsWith("hxs_")
        ? "the session token is not one of this daemon's"
        : "the request carries a key of its own, not a session token";
      throw new Refusal("token_unknown", why);
    }
    const { session } = known;
    const seq = known.nextSeq();
    const place = { sessionId: session.id, seq };
    if (!known.live) {
      const why = `session ${session.id} is over, and its token with it`;
      throw new Refusal("session_over", why, { place });
    }
    const name = exchange.connectionName;
    const connection = session.connections.includes(name)
      ? options.connectionNamed(name)
      : undefined;
    const provider = connection && options.providerNamed(connection.provider);
    if (connection === undefined || provider === undefined) {
      const why = `session ${session.id} has no connection of that name`;
      throw new Refusal("connection_unknown", why, { place });
    }
    const { over } = known;
    const secret = new Secret(token);
    return advance(exchange, { session, seq, connection, provider, over, token: secret });
  };
}

/** The credential as any LLM client sends it: bearer, `x-api-key`, `api-key`, `x-goog-api-key` or `?key=`. */
function tokenOf({ header, query }: Accepted): string {
  const authorization = header("authorization");
  if (authorization !== undefined) return authorization.replace(bearer, "").trim();
  for (const name of ["x-api-key", "api-key", "x-goog-api-key"]) {
    const value = header(name);
    if (value !== undefined) return value.trim();
  }
  return query === "" ? "" : (new URLSearchParams(query).get("key") ?? "");
}
