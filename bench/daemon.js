/**
 * Daemon: the built hoopxd in a throw-away home, with every station on and
 * the durable record on, a connection whose key is in the sealed file, and a
 * session started over the control socket as `hoopx run` would. The session's
 * lease is held until the daemon is stopped.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { request } from "node:http";
import { hostname, tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { cores, pinnedNode, stopChild } from "./processes.js";

const program = fileURLToPath(new URL("../bin/hoopxd.js", import.meta.url));
const startLimitMs = 20_000;

/** Asks the control API; rejects with the problem's title. */
function control(socketPath, method, path, body) {
  return new Promise((resolve, reject) => {
    const bytes = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
    const headers =
      bytes === undefined
        ? {}
        : { "content-type": "application/json", "content-length": bytes.length };
    const asked = request({ socketPath, method, path, headers, timeout: 10_000 }, (reply) => {
      let text = "";
      reply.setEncoding("utf8");
      reply.on("data", (chunk) => {
        text += chunk;
      });
      reply.on("end", () => {
        const answer = text === "" ? {} : JSON.parse(text);
        if (reply.statusCode < 300) resolve(answer);
        else reject(new Error(`${method} ${path}: ${answer.title ?? text} ${answer.hint ?? ""}`));
      });
    });
    asked.on("timeout", () => asked.destroy(new Error(`${method} ${path} was not answered`)));
    asked.on("error", reject);
    asked.end(bytes);
  });
}

/** Opens the lease and leaves it open; resolves when it stands. */
function holdLease(socketPath, { session, token }) {
  return new Promise((resolve, reject) => {
    const asked = request({
      socketPath,
      method: "POST",
      path: `/v1/sessions/${session.id}/lease`,
      headers: { "content-type": "application/json" },
      agent: false,
    });
    asked.on("error", reject);
    asked.on("response", (reply) => {
      reply.resume();
      reply.on("error", () => {});
      if (reply.statusCode === 200) resolve(asked);
      else reject(new Error(`the lease was answered with ${reply.statusCode}`));
    });
    asked.end(JSON.stringify({ token, childPid: process.pid }));
  });
}

async function awaitStatus(socketPath, child, printed) {
  const end = Date.now() + startLimitMs;
  for (;;) {
    try {
      return await control(socketPath, "GET", "/v1/daemon");
    } catch (error) {
      if (child.exitCode !== null || Date.now() > end) {
        throw new Error(`the daemon did not start: ${error.message}\n${printed()}`);
      }
      await sleep(50);
    }
  }
}

/** Starts the daemon before an upstream. `nodeOptions` go to its node, for profiles. */
export async function startDaemon(upstreamPort, nodeOptions = []) {
  const home = mkdtempSync(join(tmpdir(), "hoopx-bench-"));
  const socketPath = join(home, "run", "hoopxd.sock");
  const { command, args } = pinnedNode(cores.proxies, [...nodeOptions, program]);
  const child = spawn(command, args, {
    env: {
      PATH: process.env.PATH,
      HOME: home,
      HOOPX_HOME: home,
      HOOPX_PORT: "0",
      HOOPX_SECRET_STORE: "file",
    },
    cwd: home,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (data) => {
      printed = (printed + data).slice(-4000);
    });
  }
  let lease;
  const stop = async () => {
    lease?.destroy();
    await stopChild(child);
    rmSync(home, { recursive: true, force: true });
  };
  try {
    await awaitStatus(socketPath, child, () => printed);
    await control(socketPath, "POST", "/v1/connections", {
      name: "openai",
      provider: "openai",
      baseUrl: `http://127.0.0.1:${upstreamPort}/v1`,
      credential: "static-key",
      secret: "sk-bench-0123456789abcdef0123456789abcdef",
      secretStore: "file",
    });
    const started = await control(socketPath, "POST", "/v1/sessions", {
      connections: ["openai"],
      ttlSeconds: 3600,
      labels: { bench: "yes" },
      process: {
        runnerPid: process.pid,
        command: "bench",
        cwd: process.cwd(),
        host: hostname(),
        user: userInfo().username,
      },
      environment: {},
    });
    lease = await holdLease(socketPath, started);
    lease.on("error", () => {});
    const base = new URL(started.environment.OPENAI_BASE_URL);
    return {
      name: "hoopx",
      pid: child.pid,
      home,
      target: {
        port: Number(base.port),
        path: `${base.pathname}/responses`,
        headers: { authorization: `Bearer ${started.token}` },
      },
      /** How many exchanges the record holds, by the daemon's own count. */
      recorded: async () =>
        (await control(socketPath, "GET", `/v1/sessions/${started.session.id}`)).counts.exchanges,
      stop,
    };
  } catch (error) {
    await stop();
    const log = readFileOr(join(home, "log", "hoopxd.log"));
    throw new Error(`${error.message}\n${printed}\n${log}`, { cause: error });
  }
}

function readFileOr(path) {
  try {
    return readFileSync(path, "utf8").slice(-4000);
  } catch {
    return "";
  }
}
