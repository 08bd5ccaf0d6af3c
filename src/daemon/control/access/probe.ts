/**
 * Probe: one cheap read upstream with the real credential, to say whether a
 * connection works. What came back is told in our words only: an upstream's
 * own message for a bad key repeats part of the key.
 */
import type { ConnectionTestView } from "../../../contract/views.js";
import type { CredentialSource, OutgoingRequest } from "../../credentials/source.js";
import type { Connection } from "../../model/connection.js";
import type { CredentialKind } from "../../model/credential-config.js";
import type { Identity } from "../../model/identity.js";
import type { Provider } from "../../providers/provider.js";
import type { UpstreamTransport } from "../../upstream/transport.js";
import type { Actor } from "../caller.js";
import { clockAhead } from "../daemon/clock.js";
import { lifetimeText } from "./lifetime.js";
import type { ProbeRecord } from "./probe-record.js";

export interface ProbeOptions {
  readonly providerNamed: (name: string) => Provider | undefined;
  readonly source: CredentialSource;
  readonly transport: UpstreamTransport;
  readonly record: ProbeRecord;
  /** Whose credential is tried. */
  readonly identityOf: (connection: Connection, actor: ProbeActor) => Promise<Identity>;
  /** Milliseconds the whole of it may take. */
  readonly limit: number;
  readonly now: () => Date;
}

/** Who asks for a test. */
export type ProbeActor = Pick<Actor, "identity" | "program" | "runsAround">;

export type Probe = (
  connection: Connection,
  actor: ProbeActor,
  signal: AbortSignal,
) => Promise<ConnectionTestView>;

/** What is read of a reply to count what it lists; the rest is let go. */
const readLimit = 1024 ** 2;

/** Creates the test of a connection. */
export function createProbe(options: ProbeOptions): Probe {
  const { source, transport, limit, now } = options;

  return async function probe(connection, actor, caller) {
    const provider = options.providerNamed(connection.provider);
    if (provider === undefined) throw new Error(`unknown provider ${connection.provider}`);
    const path = connection.basePath + provider.probe.path;
    const began = performance.now();
    const timeout = AbortSignal.timeout(limit);
    const signal = AbortSignal.any([caller, timeout]);

    const identity = await options.identityOf(connection, actor);
    const credential = await source.obtain(connection, identity, signal);
    const request: OutgoingRequest = {
      method: provider.probe.method,
      origin: connection.origin,
      path,
      headers: ["accept", "application/json"],
      body: Buffer.alloc(0),
    };
    await credential.apply(request);

    const { kind } = connection.credential;
    const view = {
      connection: connection.name,
      request: `${request.method} ${path}`,
      credential: {
        kind,
        lifetime: lifetimeText(kind, credential, now()),
        expiresAt: credential.expiresAt?.toISOString() ?? null,
      },
      seenAs: credential.seenAs ?? null,
    };
    const { method } = request;
    const ended = await options.record.open({ connection, provider, method, path, actor });
    const spent = () => Math.round(performance.now() - began);
    let reply: ProbeReply;
    try {
      reply = await send(transport, connection, request, signal);
    } catch (thrown) {
      const error = timeout.aborted ? "upstream_timeout" : "upstream_unreachable";
      await ended({ status: null, bytes: 0, error });
      caller.throwIfAborted();
      const message = timeout.aborted
        ? `no answer within ${limit / 1000} s`
        : `unreachable: ${reasonOf(thrown)}`;
      const durationMs = spent();
      return { ...view, ok: false, status: null, durationMs, message, clockAheadMs: null };
    }
    const { status, body, date } = reply;
    const durationMs = spent();
    await ended({ status, bytes: body.length, error: null });
    const ok = status >= 200 && status < 300;
    const message = ok ? contentOf(body) : meaningOf(status, kind);
    const clockAheadMs = clockAhead(date, options.now());
    return { ...view, ok, status, durationMs, message, clockAheadMs };
  };
}

interface ProbeReply {
  readonly status: number;
  /** Its beginning, as far as it was read. */
  readonly body: Buffer;
  readonly date: string | undefined;
}

function send(
  transport: UpstreamTransport,
  { origin, allowPrivateNetwork }: Connection,
  { method, path, headers }: OutgoingRequest,
  signal: AbortSignal,
): Promise<ProbeReply> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let status = 0;
    let date: string | undefined;
    let size = 0;
    const settle = () => resolve({ status, body: Buffer.concat(chunks), date });
    const request = { method, origin, path, headers, body: Buffer.alloc(0), allowPrivateNetwork };
    const call = transport.send(request, {
      head(head) {
        status = head.status;
        const at = head.headers.findIndex((name, place) => place % 2 === 0 && /^date$/i.test(name));
        date = head.headers[at + 1];
      },
      data(chunk) {
        chunks.push(chunk);
        size += chunk.length;
        if (size <= readLimit) return;
        settle();
        call.cancel(new Error("read enough"));
      },
      end: settle,
      fail: reject,
    });
    const onAbort = () => {
      call.cancel(new Error("the test was cancelled"));
      reject(signal.reason);
    };
    if (signal.aborted) onAbort();
    else signal.addEventListener("abort", onAbort, { once: true });
  });
}

/** What a good reply holds: `82 models`. */
function contentOf(body: Buffer): string {
  try {
    const { data } = JSON.parse(body.toString("utf8")) as { data?: unknown };
    if (!Array.isArray(data)) return "a reply that is not a list of models";
    return `${data.length} ${data.length === 1 ? "model" : "models"}`;
  } catch {
    return "a reply that is not JSON";
  }
}

function meaningOf(status: number, kind: CredentialKind): string {
  const what = kind === "static-key" ? "key" : "credential";
  if (status === 401) return `the provider rejects this ${what}`;
  if (status === 403) return `the provider knows this ${what} and forbids the request`;
  if (status === 404) return "nothing is there; check the base URL";
  if (status === 429) return `the ${what} works, and its rate limit or quota is used up`;
  if (status >= 300 && status < 400) return "a redirect, which is not followed; check the base URL";
  if (status >= 500) return "the provider reports an error of its own";
  return "the provider refuses the request";
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return "unknown";
  const { code } = error as NodeJS.ErrnoException;
  // Node's messages for sockets say host and port, which the user knows; the code says what is wrong.
  return code !== undefined && /^E[A-Z]+$/.test(code) ? code : error.message;
}
