/**
 * Authenticate: session token → session, connection and provider. The token
 * is looked up by its SHA-256, so nothing compares the token itself (SECURITY
 * L5); one that died is refused in the provider's shape (L6), and so is one
 * that comes from a process outside its run (L7).
 */
import type { Connection } from "../../model/connection.js";
import { Refusal } from "../../model/refusal.js";
import { Secret } from "../../model/secret.js";
import { type Session, tokenDigest } from "../../model/session.js";
import type { Caller, Callers } from "../../processes/callers.js";
import type { Provider } from "../../providers/provider.js";
import { type Accepted, type Authenticated, advance, type Station } from "../exchange.js";

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
  readonly connectionNamed: (name: string, session: Session) => Connection | undefined;
  readonly providerNamed: (name: string) => Provider | undefined;
  readonly callerOf: Callers;
  /** May one more attempt from outside a run be recorded in its session? */
  readonly admitOutsider: () => boolean;
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
    if (!known.live) throw over(known);
    const secret = new Secret(token);
    const caller = options.callerOf(exchange.client.peer, known);
    // Known from the connection's first request on: nothing is waited for then.
    if (!(caller instanceof Promise)) return enter(exchange, known, caller, secret);
    return caller.then((found) => {
      exchange.signal.throwIfAborted();
      if (!known.live) throw over(known);
      return enter(exchange, known, found, secret);
    });
  };

  function enter(
    exchange: Accepted,
    known: KnownSession,
    caller: Caller,
    token: Secret,
  ): Authenticated {
    const { session } = known;
    const { process } = caller;
    if (!caller.inside) {
      const why = `the token of session ${session.id} came ${caller.why}, outside its run`;
      // A flood of attempts must fill neither the session nor the disk; what is over is a stranger's.
      const place = options.admitOutsider()
        ? { sessionId: session.id, seq: known.nextSeq(), process }
        : undefined;
      throw new Refusal("token_outside_run", why, { place });
    }
    const seq = known.nextSeq();
    const name = exchange.connectionName;
    const connection = session.connections.includes(name)
      ? options.connectionNamed(name, session)
      : undefined;
    const provider = connection && options.providerNamed(connection.provider);
    if (connection === undefined || provider === undefined) {
      const why = `session ${session.id} has no connection of that name`;
      const place = { sessionId: session.id, seq, process };
      throw new Refusal("connection_unknown", why, { place });
    }
    return advance(exchange, {
      session,
      process,
      seq,
      connection,
      provider,
      over: known.over,
      token,
    });
  }
}

function over({ session, nextSeq }: KnownSession): Refusal {
  const leftOver =
    session.status === "ended" ? ": the caller is left over from an earlier run" : "";
  const why = `session ${session.id} is over, and its token with it${leftOver}`;
  return new Refusal("session_over", why, { place: { sessionId: session.id, seq: nextSeq() } });
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
