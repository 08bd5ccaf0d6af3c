/**
 * Undici transport: `Pool.dispatch` with raw headers and a whole body, the
 * cheapest way through Node that was measured. One pool an origin, with a lane
 * in front of it; an abandoned call is aborted at once; the address connected
 * to is the one that was checked (SECURITY H6), since the check is the pool's
 * own look-up.
 */
import { errors, Pool } from "undici";
import type { ReplySink, ReplyValve } from "../model/reply.js";
import { createConnector } from "./connector.js";
import { createLane, type Lane } from "./lane.js";
import { mendStatusOf } from "./reply-status.js";
import { type UpstreamRequest, UpstreamTimeout, type UpstreamTransport } from "./transport.js";

export interface UndiciTransportOptions {
  /** Milliseconds without a reply head, or without a byte of a begun reply. */
  readonly replyTimeout: number;
  /** Milliseconds to connect, TLS included. */
  readonly connectTimeout: number;
  /** Sockets to one origin; a call beyond that waits for a free one. */
  readonly connections: number;
  /** Milliseconds that it waits; five seconds unless said. */
  readonly turnTimeout?: number;
}

interface Upstream {
  readonly pool: Pool;
  readonly lane: Lane;
}

/** Creates the transport that forwards to upstreams. */
export function createUndiciTransport(options: UndiciTransportOptions): UpstreamTransport {
  const { connections, turnTimeout = 5_000 } = options;
  const upstreams = new Map<string, Upstream>();

  function upstreamOf(origin: string, allowPrivateNetwork: boolean): Upstream {
    const key = allowPrivateNetwork ? `private ${origin}` : origin;
    const known = upstreams.get(key);
    if (known !== undefined) return known;
    const pool = new Pool(origin, {
      connections,
      pipelining: 1,
      connect: createConnector({ origin, allowPrivateNetwork, timeout: options.connectTimeout }),
      headersTimeout: options.replyTimeout,
      bodyTimeout: options.replyTimeout,
      maxHeaderSize: 64 * 1024,
    });
    pool.on("connect", (_origin, [, client]) => {
      if (client !== undefined) mendStatusOf(client);
    });
    const lane = createLane({ limit: connections, patience: turnTimeout });
    const upstream = { pool, lane };
    upstreams.set(key, upstream);
    return upstream;
  }

  return {
    send(request: UpstreamRequest, sink: ReplySink): ReplyValve {
      const { pool, lane } = upstreamOf(request.origin, request.allowPrivateNetwork);
      const call = new Call(sink);
      const dispatch = () => {
        pool.dispatch(
          {
            origin: request.origin,
            method: request.method as "GET",
            path: request.path,
            headers: request.headers as string[],
            body: request.body.length > 0 ? request.body : null,
          },
          call,
        );
      };
      call.enter(lane, dispatch);
      return call;
    },

    async close() {
      await Promise.all([...upstreams.values()].map(({ pool }) => pool.destroy()));
      upstreams.clear();
    },
  };
}

/** One dispatched request: undici's handler on one side, our valve on the other. */
class Call implements ReplyValve {
  readonly #sink: ReplySink;
  #abort: ((reason: Error) => void) | undefined;
  #resume: (() => void) | undefined;
  #paused = false;
  #over = false;
  #cancelled: Error | undefined;
  #leave = () => {};

  constructor(sink: ReplySink) {
    this.#sink = sink;
  }

  /** Dispatches when it is this call's turn at its upstream. */
  enter(lane: Lane, dispatch: () => void): void {
    this.#leave = lane.enter(dispatch, (error) => this.onError(error));
    // The library may have refused it at once.
    if (this.#over) this.#leave();
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.#resume?.();
  }

  cancel(reason: Error): void {
    if (this.#over) return;
    this.#over = true;
    this.#cancelled = reason;
    this.#abort?.(reason);
    this.#leave();
  }

  onConnect(abort: (reason?: Error) => void): void {
    // A call cancelled in the queue never reaches the socket.
    if (this.#cancelled !== undefined) abort(this.#cancelled);
    else this.#abort = abort;
  }

  onHeaders(status: number, rawHeaders: Buffer[], resume: () => void, statusText: string): boolean {
    // 1xx are between the two hops; the reply is still to come.
    if (status < 200) return true;
    this.#resume = resume;
    const headers: string[] = new Array(rawHeaders.length);
    // RFC 9110 5.5: bytes beyond ASCII are opaque, and latin1 keeps each as it is.
    for (let index = 0; index < rawHeaders.length; index += 1) {
      headers[index] = (rawHeaders[index] as Buffer).toString("latin1");
    }
    if (this.#over) return !this.#paused;
    this.#sink.head({ status, statusText: plainReason(statusText), headers });
    // RFC 9110 6.4.1: no content, whatever their length says. The library would wait for some.
    if (status === 204 || status === 304) {
      this.onComplete();
      if (statesLength(headers))
        this.#abort?.(new Error("the reply states content it cannot have"));
    }
    return !this.#paused;
  }

  onData(chunk: Buffer): boolean {
    if (!this.#over) this.#sink.data(chunk);
    return !this.#paused;
  }

  onComplete(): void {
    if (this.#over) return;
    this.#end();
    this.#sink.end();
  }

  onError(error: Error): void {
    if (this.#over) return;
    this.#end();
    const timedOut =
      error instanceof errors.HeadersTimeoutError ||
      error instanceof errors.BodyTimeoutError ||
      error instanceof errors.ConnectTimeoutError;
    this.#sink.fail(timedOut ? new UpstreamTimeout({ cause: error }) : error);
  }

  #end(): void {
    this.#over = true;
    this.#leave();
  }

  onUpgrade(): void {
    // RFC 9110 7.8: no request of ours asks for one.
    this.cancel(new Error("the upstream changed protocols unasked"));
  }
}

/**
 * RFC 9112 4: a reason is for people, and no client heeds it. The library reads
 * it as UTF-8, which cannot be written as it was; what is not plain is left out.
 */
function plainReason(text: string): string {
  return /^[\t\x20-\x7e]*$/.test(text) ? text : "";
}

function statesLength(headers: readonly string[]): boolean {
  return headers.some(
    (name, place) => place % 2 === 0 && /^(?:content-length|transfer-encoding)$/i.test(name),
  );
}
