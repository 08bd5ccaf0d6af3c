/**
 * Wire: one request on the control socket and its reply. Knows HTTP, routes
 * and problem bodies, and nothing of starting daemons or trying again. Each
 * request has a connection of its own, through the door that says who answers.
 */
import { type ClientRequest, request as httpRequest, type IncomingMessage } from "node:http";
import type { Problem } from "../contract/problem.js";
import {
  type RequestOf,
  type ResponseOf,
  type RouteName,
  routes,
  secretRoutes,
} from "../contract/routes.js";
import { CliError, fromProblem } from "./cli-error.js";
import type { Door } from "./door/door.js";

/** What a request is made of; the body is typed by its route. */
export interface Parts<Name extends RouteName> {
  /** Values of `:name` in the route's path. */
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly body?: RequestOf<Name>;
  readonly signal?: AbortSignal;
}

/** No daemon listens on the socket: nothing was sent, so trying again is safe. */
export class DaemonAbsent extends Error {
  constructor(cause: unknown) {
    super("no daemon listens on the control socket", { cause });
    this.name = "DaemonAbsent";
  }
}

export interface Answer<Body> {
  /** Of the daemon that answered. */
  readonly version: string | undefined;
  readonly body: Body;
}

/** Sends a request and reads its one JSON document. */
export async function ask<Name extends RouteName>(
  door: Door,
  name: Name,
  parts: Parts<Name> = {},
): Promise<Answer<ResponseOf<Name>>> {
  const reply = await send(door, name, parts);
  const text = await textOf(reply);
  const version = reply.headers["x-hoopx-version"];
  return {
    version: Array.isArray(version) ? version[0] : version,
    body: (text === "" ? {} : JSON.parse(text)) as ResponseOf<Name>,
  };
}

/** Sends a request and yields the lines of its stream until the daemon ends it or `signal` does. */
export async function* listen<Name extends RouteName>(
  door: Door,
  name: Name,
  parts: Parts<Name> = {},
): AsyncGenerator<ResponseOf<Name>, void> {
  const reply = await send(door, name, parts);
  reply.setEncoding("utf8");
  let rest = "";
  try {
    for await (const chunk of reply) {
      const lines = (rest + String(chunk)).split("\n");
      rest = lines.pop() ?? "";
      // An empty line keeps an idle stream alive.
      for (const line of lines) if (line !== "") yield JSON.parse(line) as ResponseOf<Name>;
    }
  } catch (error) {
    if (parts.signal?.aborted) return;
    throw lost(error);
  } finally {
    reply.destroy();
  }
}

/** Sends bytes as they come, and yields those that come back meanwhile. */
export async function* pass<Name extends RouteName>(
  door: Door,
  name: Name,
  input: AsyncIterable<Uint8Array>,
  parts: Parts<Name> = {},
): AsyncGenerator<Buffer, void> {
  let failure: unknown;
  const feed = async (request: ClientRequest) => {
    try {
      for await (const chunk of input) {
        if (request.destroyed) return;
        if (!request.write(chunk)) await writable(request);
      }
      request.end();
    } catch (error) {
      // What cannot be read is no end: half an input is not passed off as all of it.
      failure = error;
      request.destroy();
    }
  };
  try {
    const reply = await send(door, name, parts, (request) => void feed(request));
    try {
      for await (const chunk of reply) yield chunk as Buffer;
    } finally {
      reply.destroy();
    }
  } catch (error) {
    if (parts.signal?.aborted) return;
    throw failure ?? lost(error);
  }
}

function writable(request: ClientRequest): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      request.off("drain", done);
      request.off("close", done);
      resolve();
    };
    request.once("drain", done);
    request.once("close", done);
  });
}

async function send<Name extends RouteName>(
  door: Door,
  name: Name,
  parts: Parts<Name>,
  feed?: (request: ClientRequest) => void,
): Promise<IncomingMessage> {
  const { method, path } = routes[name];
  const { signal } = parts;
  const body = parts.body === undefined ? undefined : Buffer.from(JSON.stringify(parts.body));
  const failed = (error: NodeJS.ErrnoException) => {
    if (error instanceof CliError || signal?.aborted) return error;
    return absent(error) ? new DaemonAbsent(error) : refused(error, door.socket);
  };
  const connection = await door
    .open({ secret: secretRoutes.has(name), signal })
    .catch((error) => Promise.reject(failed(error)));
  const reply = await new Promise<IncomingMessage>((resolve, reject) => {
    const request = httpRequest(
      {
        createConnection: () => connection,
        method,
        path: target(path, parts),
        headers: {
          accept: "application/json",
          ...(body && { "content-type": "application/json", "content-length": body.length }),
        },
        ...(signal && { signal }),
      },
      resolve,
    );
    request.once("socket", () => connection.resume());
    request.on("error", (error) => reject(failed(error)));
    if (feed === undefined) request.end(body);
    else feed(request);
  });
  if ((reply.statusCode ?? 500) < 400) return reply;
  throw problemOf(await textOf(reply), reply.statusCode ?? 500);
}

function target(path: string, parts: Parts<RouteName>): string {
  const filled = path.replace(/:(\w+)/g, (_, name: string) =>
    encodeURIComponent(parts.path?.[name] ?? ""),
  );
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parts.query ?? {})) {
    if (value !== undefined) query.set(name, String(value));
  }
  return query.size === 0 ? filled : `${filled}?${query}`;
}

function absent(error: NodeJS.ErrnoException): boolean {
  return error.code === "ENOENT" || error.code === "ECONNREFUSED";
}

function refused(error: NodeJS.ErrnoException, socket: string): CliError {
  if (error.code !== "EACCES" && error.code !== "EPERM") return lost(error);
  return new CliError(
    "socket_not_allowed",
    `the control socket ${socket} belongs to someone else`,
    "run hoopx as the user who started the daemon, or set HOOPX_HOME to a folder of your own",
    { cause: error },
  );
}

function lost(cause: unknown): CliError {
  if (cause instanceof CliError) return cause;
  return new CliError(
    "daemon_lost",
    "the daemon ended before it answered",
    "hoopx daemon logs tells why; then try again",
    { cause },
  );
}

function problemOf(text: string, status: number): CliError {
  try {
    return fromProblem(JSON.parse(text) as Problem);
  } catch {
    // No problem body: not a hoopx daemon, or one that failed before it could say how.
    return new CliError(
      "fault",
      `the daemon answered ${status} without saying why`,
      "hoopx daemon logs tells more",
    );
  }
}

async function textOf(reply: IncomingMessage): Promise<string> {
  reply.setEncoding("utf8");
  let text = "";
  try {
    for await (const chunk of reply) text += chunk;
  } catch (error) {
    throw lost(error);
  }
  return text;
}
