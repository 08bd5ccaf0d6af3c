/**
 * Forward: apply the credential and send; the only station that dials
 * upstreams. The credential ends here: what goes on has no such field, so
 * nothing later can hold it. No redirect is followed (SECURITY H5), and the
 * request goes to the connection's origin, whatever its path says (H3).
 */
import type { OutgoingRequest } from "../credentials/source.js";
import { Refusal, refusalCodeOf } from "../model/refusal.js";
import type { UpstreamTransport } from "../upstream/transport.js";
import { clientHeaders, upstreamHeaders, withoutCredential } from "./headers.js";
import { createPendingReply } from "./pending-reply.js";
import { advance, type Forwarded, type Injected, type Station } from "./station.js";

export interface ForwardOptions {
  readonly transport: UpstreamTransport;
}

/** Creates the station that sends the request and waits for the reply's head. */
export function createForward({ transport }: ForwardOptions): Station<Injected, Forwarded> {
  return async function forward({ credential, exchange }) {
    const { connection, signal, method, body } = exchange;
    const query = withoutCredential(exchange.query);
    const request: OutgoingRequest = {
      method,
      origin: connection.origin,
      path: query === "" ? exchange.path : `${exchange.path}?${query}`,
      headers: upstreamHeaders(exchange.headers),
      body,
    };
    await credential.apply(request);
    if (!/^\/(?!\/)/.test(request.path)) throw new Error("the path would change the origin");
    signal.throwIfAborted();

    const reply = createPendingReply();
    const { origin, allowPrivateNetwork } = connection;
    const { path, headers } = request;
    const valve = transport.send(
      { method, origin, path, headers, body, allowPrivateNetwork },
      reply,
    );
    reply.attach(valve);
    const leave = () => {
      valve.cancel(signal.reason);
      reply.fail(signal.reason);
    };
    signal.addEventListener("abort", leave);
    try {
      const head = await reply.arrived;
      return advance(exchange, {
        sensitive: [exchange.token.reveal(), ...credential.sensitive],
        replyHead: { ...head, headers: clientHeaders(head.headers) },
        flow: reply,
      });
    } catch (error) {
      signal.throwIfAborted();
      throw refusalOf(error, connection.name);
    } finally {
      signal.removeEventListener("abort", leave);
    }
  };
}

/** Upstream trouble in words; the cause is for the log. */
function refusalOf(error: unknown, connection: string): Refusal {
  const code = refusalCodeOf(error) ?? "upstream_unreachable";
  const why = {
    upstream_address_denied: "its address is a private one",
    upstream_timeout: "it did not answer in time",
  } as Readonly<Record<string, string>>;
  const reason = why[code] ?? `the connection failed${networkCode(error)}`;
  return new Refusal(code, `upstream of ${connection} not reached: ${reason}`, { cause: error });
}

/** ` (ECONNREFUSED)`: the system's word for what went wrong, where there is one. */
function networkCode(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" && /^[A-Z][A-Z0-9_]{2,40}$/.test(code) ? ` (${code})` : "";
}
