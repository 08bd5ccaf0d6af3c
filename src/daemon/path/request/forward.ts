/**
 * Forward: apply the credential and send; the only station that dials
 * upstreams. The credential ends here: what goes on has no such field, so
 * nothing later can hold it. No redirect is followed (SECURITY H5), and the
 * request goes to the connection's origin, whatever its path says (H3). Where
 * the upstream answers 401 and another credential can be had, the request goes
 * out once more with that, and only the second reply is passed on.
 */
import type { Credential, OutgoingRequest } from "../../credentials/source.js";
import { createSecretEncodings } from "../../masking/text/secret-encodings.js";
import { Refusal, refusalCodeOf } from "../../model/refusal.js";
import type { ReplyHead } from "../../model/reply.js";
import {
  type Approved,
  advance,
  type Forwarded,
  type Injected,
  type Station,
} from "../exchange.js";
import { clientHeaders, upstreamHeaders, withoutCoding, withoutCredential } from "../headers.js";
import { createPendingReply, type PendingReply } from "./pending-reply.js";

/** Creates the station that sends the request and waits for the reply's head. */
export function createForward(): Station<Injected, Forwarded> {
  const spelled = createSecretEncodings();
  return async function forward({ credential, renew, exchange }) {
    const read = {
      spelled,
      watched: exchange.policy.watchesToolCalls(exchange.policyInput),
    };
    const first = await send(exchange, credential);
    // A 401 says that nothing was done, so the request may go out again, once.
    if (first.head.status !== 401) return forwarded(exchange, [credential], first, read);
    const other = await renewed(renew, first);
    if (other === credential) return forwarded(exchange, [credential], first, read);
    // Of the first reply nothing was passed on, and nothing will be.
    first.reply.cancel(new Error("the credential was refused; the request goes out again"));
    const second = await send(exchange, other);
    return forwarded(exchange, [credential, other], second, read);
  };
}

/** Whether rules want to read the reply, and how secrets are spelled in it. */
interface Read extends Pick<Forwarded, "watched"> {
  readonly spelled: ReturnType<typeof createSecretEncodings>;
}

interface Sent {
  readonly head: ReplyHead;
  readonly reply: PendingReply;
}

/** Sends once; resolves when the reply's head is here. */
async function send(exchange: Approved, credential: Credential): Promise<Sent> {
  const { connection, signal, method, body, route } = exchange;
  const query = withoutCredential(exchange.query);
  const request: OutgoingRequest = {
    method,
    origin: connection.origin,
    path: query === "" ? exchange.path : `${exchange.path}?${query}`,
    headers: withoutCoding(upstreamHeaders(exchange.headers)),
    body,
  };
  try {
    await credential.apply(request);
  } catch (error) {
    const code = refusalCodeOf(error);
    throw code === undefined
      ? error
      : new Refusal(code, (error as Error).message, { cause: error });
  }
  if (!/^\/(?!\/)/.test(request.path)) throw new Error("the path would change the origin");
  signal.throwIfAborted();

  advance(exchange, { sent: true });
  const reply = createPendingReply();
  const { origin, allowPrivateNetwork } = connection;
  const { path, headers } = request;
  const valve = route.transport.send(
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
    return { head: await reply.arrived, reply };
  } catch (error) {
    signal.throwIfAborted();
    throw refusalOf(error, connection.name);
  } finally {
    signal.removeEventListener("abort", leave);
  }
}

async function renewed(renew: Injected["renew"], { reply }: Sent): Promise<Credential> {
  try {
    return await renew();
  } catch (error) {
    reply.cancel(new Error("no other credential could be obtained"));
    throw error;
  }
}

/** Built from named fields: the credentials go no further. */
function forwarded(
  exchange: Approved,
  credentials: readonly Credential[],
  { head, reply }: Sent,
  { spelled, ...read }: Read,
): Forwarded {
  return advance(exchange, {
    sensitive: spelled([
      exchange.token.reveal(),
      ...credentials.flatMap(({ sensitive }) => sensitive),
    ]),
    replyHead: { ...head, headers: clientHeaders(head.headers) },
    flow: reply,
    ...read,
  });
}

/** Upstream trouble in words; the cause is for the log. */
function refusalOf(error: unknown, connection: string): Refusal {
  const code = refusalCodeOf(error) ?? "upstream_unreachable";
  const why = {
    upstream_address_denied: "its address is a private one",
    upstream_timeout: "it did not answer in time",
    upstream_busy: "all its connections are in use, and they stayed so for too long",
  } as Readonly<Record<string, string>>;
  const reason = why[code] ?? `the connection failed${networkCode(error)}`;
  return new Refusal(code, `upstream of ${connection} not reached: ${reason}`, { cause: error });
}

/** ` (ECONNREFUSED)`: the system's word for what went wrong, where there is one. */
function networkCode(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" && /^[A-Z][A-Z0-9_]{2,40}$/.test(code) ? ` (${code})` : "";
}
