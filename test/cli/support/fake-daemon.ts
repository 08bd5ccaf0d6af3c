/**
 * Fake daemon: a control server on the real socket, typed by the contract,
 * whose answers a test writes down. A route without an answer is a fault, so
 * a command that asks for more than it should fails its test.
 */
import { mkdirSync } from "node:fs";
import { createServer } from "node:http";
import { dirname } from "node:path";
import { homeOf, lockFileOf } from "../../../src/contract/home.js";
import type { Problem, ProblemCode } from "../../../src/contract/problem.js";
import {
  type RequestOf,
  type ResponseOf,
  type RouteName,
  routes,
} from "../../../src/contract/routes.js";
import { takeExclusiveLock } from "../../../src/daemon/store/exclusive-lock.js";
import { daemonView } from "./views.js";

export interface Received<Name extends RouteName> {
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: RequestOf<Name>;
}

type Answer<Name extends RouteName> = (typeof routes)[Name] extends { readonly stream: true }
  ? Iterable<ResponseOf<Name>> | AsyncIterable<ResponseOf<Name>>
  : ResponseOf<Name> | Promise<ResponseOf<Name>>;

export type Answers = {
  readonly [Name in RouteName]?: (received: Received<Name>) => Answer<Name>;
};

/** Thrown by an answer: the daemon says no. */
export class Refused extends Error {
  readonly problem: Problem;
  constructor(code: ProblemCode, title: string, hint?: string) {
    super(title);
    const type = `https://hoopx.dev/problems/${code}`;
    this.problem = { type, title, status: 400, code, ...(hint !== undefined && { hint }) };
  }
}

export interface FakeDaemon {
  /** What was asked, in order, with each body; the handshake aside. */
  readonly asked: readonly (readonly [name: RouteName, body: unknown, query: string])[];
  close(): Promise<void>;
}

/** Listens on the home's control socket. */
export async function startFakeDaemon(
  home: string,
  answers: Answers,
  version = "0.0.0-dev",
): Promise<FakeDaemon> {
  const folders = homeOf({ HOOPX_HOME: home });
  const { socket } = folders;
  mkdirSync(dirname(socket), { recursive: true });
  mkdirSync(folders.data, { recursive: true });
  // A command that runs as a process of its own asks the kernel who holds it.
  const lock = takeExclusiveLock(lockFileOf(folders));
  const asked: [RouteName, unknown, string][] = [];
  const all: Answers = { daemonStatus: () => daemonView({ socket, version }), ...answers };
  const server = createServer(async (request, response) => {
    response.setHeader("x-hoopx-version", version);
    const { pathname, searchParams } = new URL(request.url ?? "", "http://fake");
    let text = "";
    for await (const chunk of request) text += chunk;
    const found = find(request.method ?? "", pathname);
    try {
      if (found === undefined) throw new Refused("not_found", "no such control route");
      const body = text === "" ? {} : JSON.parse(text);
      if (found.name !== "daemonStatus") asked.push([found.name, body, searchParams.toString()]);
      const handle = all[found.name] as ((received: Received<RouteName>) => unknown) | undefined;
      if (handle === undefined) throw new Refused("fault", `${found.name} was not expected`);
      const answer = await handle({ params: found.params, query: searchParams, body });
      if (!("stream" in routes[found.name])) return void response.end(JSON.stringify(answer));
      response.flushHeaders();
      for await (const line of answer as AsyncIterable<unknown>) {
        response.write(`${JSON.stringify(line)}\n`);
      }
      response.end();
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      response.writeHead(error.problem.status, { "content-type": "application/problem+json" });
      response.end(JSON.stringify(error.problem));
    }
  });
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  return {
    asked,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        lock?.release();
        server.closeAllConnections();
      }),
  };
}

function find(method: string, path: string) {
  for (const name of Object.keys(routes) as RouteName[]) {
    const names: string[] = [];
    const pattern = routes[name].path.replace(/:(\w+)/g, (_, param: string) => {
      names.push(param);
      return "([^/]+)";
    });
    const match = new RegExp(`^${pattern}$`).exec(path);
    if (match === null || routes[name].method !== method) continue;
    const params = Object.fromEntries(
      names.map((param, at) => [param, decodeURIComponent(match[at + 1] ?? "")]),
    );
    return { name, params };
  }
  return undefined;
}
