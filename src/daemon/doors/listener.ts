/**
 * Listener: the data path's socket, on loopback only (SECURITY L1), behind
 * node:http's strict parser (H1, H2) and with caps on what a client may hold
 * (H7; `seats.ts` says whose connection goes when there are too many). An `upgrade` listener will be the WebSockets' door; without one Node
 * gives such requests to the path like any other, which refuses them.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { Seats } from "./seats.js";

/** Takes a request; `hosts` are the Host values that name the listener, lower case. */
export type RequestHandler = (
  request: IncomingMessage,
  response: ServerResponse,
  hosts: ReadonlySet<string>,
) => void;

export interface ListenOptions {
  readonly handle: RequestHandler;
  /** The whole answer, head and body, to what is no request. */
  readonly malformed: (problem: "malformed" | "too-large" | "timeout" | "connect") => Buffer;
  /** Tried first; taken, the next free one is. */
  readonly port: number;
  readonly limits: {
    /** Bytes of a request's head. */
    readonly headerBytes: number;
    /** Milliseconds for a request's head. */
    readonly headersTimeout: number;
    /** Milliseconds for a whole request. */
    readonly bodyTimeout: number;
  };
  readonly seats: Seats;
}

export interface Listener {
  readonly port: number;
  /** Takes no new connections and ends those that wait for a request. */
  close(): Promise<void>;
}

const loopback = "127.0.0.1";
/** Ports tried after the preferred one, before the system picks any. */
const neighbours = 50;

/** Binds the data path; rejects where no port of loopback can be had. */
export async function listen(options: ListenOptions): Promise<Listener> {
  const { limits, malformed, seats } = options;
  const server = createServer({
    maxHeaderSize: limits.headerBytes,
    headersTimeout: limits.headersTimeout,
    requestTimeout: limits.bodyTimeout,
    connectionsCheckingInterval: Math.min(5_000, limits.headersTimeout),
    // Longer than clients keep theirs, so that it is they who close an idle socket.
    keepAliveTimeout: 75_000,
    insecureHTTPParser: false,
    noDelay: true,
  });
  // Its default drops header lines beyond 2,000 in silence; the head's size is the cap.
  server.maxHeadersCount = 0;

  server.on("clientError", (error: NodeJS.ErrnoException, socket) => {
    // ECONNRESET and the like: the client is gone and cannot be told.
    if (!socket.writable || !/^(?:HPE_|ERR_HTTP_)/.test(error.code ?? "")) {
      socket.destroy();
      return;
    }
    socket.end(malformed(problemOf(error.code)), () => socket.destroy());
  });
  server.on("connect", (_request, socket: Socket) => {
    socket.end(malformed("connect"), () => socket.destroy());
  });

  // A client may open a spare socket and ask nothing on it; Node counts that one as neither idle nor done.
  const silent = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    seats.take(socket);
    silent.add(socket);
    socket.once("close", () => silent.delete(socket));
  });
  server.on("request", (request) => silent.delete(request.socket));

  const port = await bind(server, options.port);
  const hosts = hostsOf(port);
  const handle = (request: IncomingMessage, response: ServerResponse) => {
    seats.begin(request.socket);
    response.once("close", () => seats.end(request.socket));
    options.handle(request, response, hosts);
  };
  // No request is read before this turn of the event loop ends.
  server.on("request", handle);
  // RFC 9110 10.1.1: an unknown expectation may be passed over; Node's own 417 is no answer of ours.
  server.on("checkExpectation", handle);
  return {
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
        for (const socket of silent) socket.destroy();
      }),
  };
}

/** RFC 9110 4.2.1: a client may leave out http's own port. */
const httpPort = 80;

/** The Host values that name a listener on this port. */
export function hostsOf(port: number): ReadonlySet<string> {
  const names = [loopback, "localhost"];
  return new Set([...names.map((name) => `${name}:${port}`), ...(port === httpPort ? names : [])]);
}

function problemOf(code: string | undefined): "malformed" | "too-large" | "timeout" {
  if (code === "HPE_HEADER_OVERFLOW") return "too-large";
  return code === "ERR_HTTP_REQUEST_TIMEOUT" ? "timeout" : "malformed";
}

/** Binds the preferred port, one of its neighbours, or any. */
async function bind(server: Server, preferred: number): Promise<number> {
  for (
    let step = 0;
    step <= neighbours && preferred !== 0 && preferred + step < 65_536;
    step += 1
  ) {
    if (await tryBind(server, preferred + step)) return preferred + step;
  }
  await tryBind(server, 0);
  return (server.address() as AddressInfo).port;
}

function tryBind(server: Server, port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException) => {
      server.off("listening", onListening);
      if (error.code === "EADDRINUSE" && port !== 0) resolve(false);
      else reject(error);
    };
    const onListening = () => {
      server.off("error", onError);
      resolve(true);
    };
    server.once("error", onError);
    server.once("listening", onListening);
    server.listen({ host: loopback, port, exclusive: true });
  });
}
