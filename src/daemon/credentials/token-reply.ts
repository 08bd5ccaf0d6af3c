/**
 * Token reply: the access token in an endpoint's answer (RFC 6749, 5.1). What
 * no header can carry, and a token that wants another scheme than Bearer, is
 * refused: neither could be sent as it is meant.
 */
import type { Connection } from "../model/connection.js";
import { Secret } from "../model/secret.js";
import { lifetimeOfJwt, milliseconds } from "./bearer.js";
import { type TokenReply, unusable } from "./token-call.js";

/** Longer than any token that a server's header limit takes. */
const longest = 32_768;

/** The token in a field of the reply. */
export function tokenIn(
  reply: TokenReply,
  { connection, url, field = "access_token" }: Place,
): Secret {
  const value = reply.fields[field];
  const type = reply.fields.token_type;
  if (typeof type === "string" && !/^(bearer|n_a)$/i.test(type)) {
    throw unusable(connection, url, "with a token that is not a bearer token");
  }
  if (typeof value !== "string" || value === "") {
    throw unusable(connection, url, `without an ${field}`);
  }
  return carried(value, connection, url);
}

/** The text as a secret, where a header can carry it. */
export function carried(text: string, connection: Connection, url: string): Secret {
  if (text.length <= longest && /^[\x21-\x7e]+$/.test(text)) return new Secret(text);
  throw unusable(connection, url, "with a token that no header can carry");
}

export interface Place {
  readonly connection: Connection;
  readonly url: string;
  readonly field?: string;
}

/** Milliseconds that the token lives, as the reply or the token itself says. */
export function lifetimeIn(reply: TokenReply, token: Secret): number | undefined {
  return milliseconds(reply.fields.expires_in) ?? lifetimeOfJwt(token, reply.clock);
}
