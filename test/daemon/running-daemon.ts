/** The built daemon in a home of its own, spoken to on its socket. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { request as httpRequest } from "node:http";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { homeOf } from "../../src/contract/home.js";
import { root } from "../support/sources.js";
import { askSocket } from "./control/ask-socket.js";

export interface RunningDaemon {
  readonly child: ChildProcess;
  readonly socket: string;
  readonly stderr: () => string;
  /** Resolves with the exit code; null where a signal ended it. */
  readonly gone: Promise<number | null>;
  /** Resolves once the control socket answers; rejects where the process ended first. */
  ready(): Promise<void>;
  /** Any route; the JSON body, with the status beside it. */
  call<Body = Record<string, unknown>>(
    method: string,
    path: string,
    body?: object,
  ): Promise<{ readonly status: number; readonly body: Body }>;
  /** A route that streams: its lines one by one, and the way to leave. */
  lines(
    method: string,
    path: string,
    body?: object,
  ): { next(): Promise<Record<string, unknown> | undefined>; leave(): void };
}

export function runDaemon(
  home: string,
  environment: Readonly<Record<string, string>> = {},
  flags: readonly string[] = [],
): RunningDaemon {
  const { socket } = homeOf({ HOOPX_HOME: home });
  const child = spawn(process.execPath, [...flags, join(root, "bin/hoopxd.js")], {
    env: { PATH: process.env.PATH, HOOPX_HOME: home, HOOPX_PORT: "0", ...environment },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let stderr = "";
  child.stderr?.on("data", (chunk) => {
    stderr += chunk;
  });
  const gone = once(child, "close").then(([code]) => code as number | null);

  return {
    child,
    socket,
    gone,
    stderr: () => stderr,

    async ready() {
      while (child.exitCode === null && child.signalCode === null) {
        const answer = await askSocket(socket, "GET", "/v1/daemon").catch(() => undefined);
        if (answer?.status === 200 && JSON.parse(answer.text).pid === child.pid) return;
        await delay(10);
      }
      throw new Error(`the daemon ended: ${stderr}`);
    },

    async call(method, path, body) {
      const answer = await askSocket(socket, method, path, body && JSON.stringify(body));
      return { status: answer.status, body: JSON.parse(answer.text) };
    },

    lines(method, path, body) {
      const request = httpRequest({ socketPath: socket, method, path, agent: false });
      request.on("error", () => undefined);
      request.end(body && JSON.stringify(body));
      const read = once(request, "response").then(([response]) => {
        response.on("error", () => undefined);
        return createInterface({ input: response })[Symbol.asyncIterator]();
      });
      return {
        async next() {
          const { value, done } = await (await read).next();
          return done ? undefined : JSON.parse(value);
        },
        leave: () => void request.destroy(),
      };
    },
  };
}
