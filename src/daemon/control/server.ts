/**
 * Control server: HTTP on the unix socket or named pipe, for the command line
 * alone. It matches the route, checks the body, calls the handler and writes
 * JSON, lines or a problem document (RFC 9457); here is the control API's only
 * broad catch. The socket is 0600 in a 0700 folder (SECURITY L4).
 */
import { rmSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { type RouteName, routes } from "../../contract/routes.js";
import type { Seats } from "../doors/seats.js";
import { type BoundFile, bindTo } from "./bound-file.js";
import type { Actor, ActorOf } from "./caller.js";
import { ControlProblem, problemDocument } from "./control-problem.js";
import type { ByteStream, Handler, Handlers, LineStream } from "./handler.js";
import { routePermissions } from "./permissions.js";
import { matchRoute } from "./route-table.js";
import { checkBody } from "./schemas.js";

export interface ControlServerOptions {
  readonly socket: string;
  readonly version: string;
  readonly handlers: Handlers;
  /** The problem an error of another room's stands for; undefined for a fault. */
  readonly problemOf: (error: unknown) => ControlProblem | undefined;
  /** How many connections there are at once, and whose. */
  readonly seats: Pick<Seats, "take" | "begin" | "end" | "claim">;
  /** Milliseconds that a request's head may take; absent: ten seconds. */
  readonly headTime?: number;
  /** Who is at the other end; first asked when the connection comes. */
  readonly actorOf: ActorOf;
  /** Told of what should not have happened. */
  readonly fault: (route: string, error: unknown) => void;
}

export interface ControlServer {
  /** Is what lies at the socket's path this server's? */
  isBound(): boolean;
  /** Binds the socket again where it is not; what is connected stays connected. */
  rebind(): Promise<void>;
  /** Takes nothing new, ends streams, and lets running requests finish for a moment. */
  close(): Promise<void>;
}

const bodyLimit = 1024 ** 2;
/** Milliseconds that a head may take, and between looks at those that take longer. */
const headTime = 10_000;
const checkingInterval = 2_000;
/** Milliseconds that a body may take. */
const bodyTime = 30_000;
/** Milliseconds that running requests get at the close. */
const grace = 1_000;

/** Listens; resolves when the socket answers. */
export async function openControlServer(options: ControlServerOptions): Promise<ControlServer> {
  const { socket, seats } = options;
  let file: BoundFile | undefined;
  const closing = new AbortController();
  /** Those that were bound before and still have connections, and the one that is bound. */
  const servers = new Set<Server>();

  async function bind(): Promise<void> {
    // Bytes may come for as long as a log is written: only what is to be JSON has its time.
    const headersTimeout = options.headTime ?? headTime;
    const connectionsCheckingInterval = Math.min(headersTimeout, checkingInterval);
    const times = { requestTimeout: 0, headersTimeout, connectionsCheckingInterval };
    const server = createServer(times, (request, response) => {
      seats.begin(request.socket);
      response.once("close", () => seats.end(request.socket));
      void respond(request, response, options, closing.signal);
    });
    server.on("connection", (peer: Socket) => {
      seats.take(peer);
      // At once: the process that connected may end, and its number be given to another.
      void options.actorOf(peer);
    });
    file = await bindTo(socket, server);
    server.on("close", () => servers.delete(server));
    servers.add(server);
  }

  function closed(server: Server): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => server.closeAllConnections(), grace);
      server.once("close", () => {
        clearTimeout(timer);
        resolve();
      });
      server.close();
      server.closeIdleConnections();
    });
  }

  const isBound = () => file?.isThere() ?? false;

  await bind();
  return {
    isBound,
    async rebind() {
      file = undefined;
      // Who is connected stays so: a lease that broke off would end its session.
      for (const server of servers) server.close();
      await bind();
    },
    async close() {
      closing.abort(new Error("the daemon is stopping"));
      if (isBound() && process.platform !== "win32") rmSync(socket, { force: true });
      await Promise.all([...servers].map(closed));
    },
  };
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  options: ControlServerOptions,
  closing: AbortSignal,
): Promise<void> {
  const left = new AbortController();
  response.once("close", () => left.abort(new Error("the client left")));
  const signal = AbortSignal.any([left.signal, closing]);
  response.setHeader("x-hoopx-version", options.version);
  try {
    const target = new URL(request.url ?? "", "http://hoopx");
    const match = matchRoute(request.method ?? "", target.pathname);
    if (match === undefined) throw new ControlProblem("not_found", "no such control route");
    if (match === "other-method") {
      throw new ControlProblem("bad_request", "this control route takes another method");
    }
    const actor = await options.actorOf(request.socket);
    if (!options.seats.claim(request.socket, actor.client())) {
      const why = "this process and its run hold half of all control connections";
      throw new ControlProblem("too_many_connections", why);
    }
    checkPermitted(match.name, actor);
    const handler = options.handlers[match.name] as Handler<"sessionsStart">;
    const ofBytes = "bytes" in routes[match.name];
    const body = checkBody(match.name, ofBytes ? {} : await readJson(request));
    const answer = await handler({
      params: match.params,
      query: target.searchParams,
      body: body as never,
      actor,
      signal,
    });
    if ("stream" in routes[match.name]) {
      await sendLines(response, answer as unknown as LineStream<unknown>, signal);
    } else if (ofBytes) {
      await sendBytes(request, response, answer as unknown as ByteStream, signal);
    } else sendJson(response, 200, "application/json", answer);
  } catch (error) {
    if (signal.aborted && response.destroyed) return;
    const problem = problemFor(error, options, `${request.method} ${request.url}`);
    if (response.headersSent) {
      // A stream that failed has no status left to say so; cut short, it shows.
      response.destroy();
      return;
    }
    const document = problemDocument(problem);
    sendProblem(request, response, document.status, document);
  }
}

function checkPermitted(name: RouteName, actor: Actor): void {
  const { permission, gain } = routePermissions[name];
  const why = actor.objection(permission);
  if (why === undefined) return;
  throw new ControlProblem("inside_run", gain === undefined ? why : `${gain}: ${why}`);
}

function problemFor(
  error: unknown,
  options: Pick<ControlServerOptions, "problemOf" | "fault">,
  what: string,
): ControlProblem {
  if (error instanceof ControlProblem) return error;
  const known = options.problemOf(error);
  if (known !== undefined) return known;
  options.fault(what.split("?", 1)[0] ?? "", error);
  return new ControlProblem("fault", "something went wrong in the daemon", "hoopx daemon logs");
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  const late = setTimeout(() => request.destroy(), bodyTime);
  request.once("close", () => clearTimeout(late));
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > bodyLimit)
      throw new ControlProblem("bad_request", "the request's body is over 1 MiB");
    chunks.push(chunk);
  }
  clearTimeout(late);
  if (size === 0) return {};
  try {
    return JSON.parse(Buffer.concat(chunks).toString("utf8"));
  } catch {
    // The parser's own message would repeat what it read, which may be a secret.
    throw new ControlProblem("bad_request", "the request's body is not JSON");
  }
}

function sendJson(response: ServerResponse, status: number, type: string, body: unknown): void {
  const bytes = Buffer.from(JSON.stringify(body));
  response.writeHead(status, { "content-type": type, "content-length": bytes.length });
  response.end(bytes);
}

/** Milliseconds that a client may take to hear of a problem while it still sends. */
const hearingTime = 2_000;

/**
 * A problem may be known before the request is all here. Closing on what was not read yet resets the
 * connection, and the client may lose the answer with it: the rest is read, and thrown away, first.
 */
function sendProblem(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  document: unknown,
): void {
  if (request.complete || request.destroyed) {
    sendJson(response, status, "application/problem+json", document);
    return;
  }
  const bytes = Buffer.from(JSON.stringify(document));
  const headers = { "content-type": "application/problem+json", "content-length": bytes.length };
  response.writeHead(status, headers);
  response.write(bytes);
  const timer = setTimeout(() => response.end(), hearingTime);
  const end = () => {
    clearTimeout(timer);
    response.end();
  };
  request.once("end", end).once("close", end).resume();
}

async function sendLines(
  response: ServerResponse,
  stream: LineStream<unknown>,
  signal: AbortSignal,
): Promise<void> {
  response.writeHead(200, { "content-type": "application/x-ndjson" });
  response.flushHeaders();
  await stream(async (line) => {
    if (response.destroyed) return;
    if (!response.write(`${JSON.stringify(line)}\n`)) await drained(response);
  }, signal);
  response.end();
}

async function sendBytes(
  request: IncomingMessage,
  response: ServerResponse,
  stream: ByteStream,
  signal: AbortSignal,
): Promise<void> {
  response.writeHead(200, { "content-type": "application/octet-stream" });
  response.flushHeaders();
  const leave = () => request.destroy();
  signal.addEventListener("abort", leave, { once: true });
  if (signal.aborted) leave();
  await stream(request as AsyncIterable<Buffer>, async (bytes) => {
    if (!response.destroyed && !response.write(bytes)) await drained(response);
  });
  response.end();
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      response.off("drain", done);
      response.off("close", done);
      resolve();
    };
    response.once("drain", done);
    response.once("close", done);
  });
}
