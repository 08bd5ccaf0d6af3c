/**
 * Home: a throw-away HOOPX_HOME and the built program run in it, as a person's
 * shell would: with an environment of its own, so that nothing of the machine
 * that runs the tests leaks in. Disposing stops the daemon and removes all.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { DaemonView } from "../../src/contract/daemon-view.js";
import type { ExchangeView, SessionView } from "../../src/contract/views.js";
import { root } from "./sources.js";

export const hoopxProgram = join(root, "bin/hoopx.js");
export const agentsFolder = join(root, "test/fixtures/agents");

export interface RunOptions {
  readonly environment?: Readonly<Record<string, string>>;
  /** Absent: empty. `open`: the test writes to it. */
  readonly stdin?: string | "open";
  readonly cwd?: string;
}

export interface AgentOptions extends RunOptions {
  /** Flags of `hoopx run`. */
  readonly flags?: readonly string[];
}

export interface Outcome {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly pid: number;
  /** What came so far. */
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Resolves once stdout holds this. */
  readonly shows: (text: string | RegExp) => Promise<void>;
  readonly done: Promise<Outcome>;
}

export interface TestHome {
  readonly path: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Runs a program with the home's environment. */
  spawn(command: string, args: readonly string[], options?: RunOptions): Running;
  /** Runs `hoopx` to its end. */
  hoopx(args: readonly string[], options?: RunOptions): Promise<Outcome>;
  /** The same, with exit code 0 and JSON on stdout. */
  json<Result>(args: readonly string[]): Promise<Result>;
  start(args: readonly string[], options?: RunOptions): Running;
  /** Runs an agent of test/fixtures/agents through `hoopx run`. */
  agent(name: string, args?: readonly string[], options?: AgentOptions): Running;
  connect(baseUrl: string, key: string, name?: string): Promise<void>;
  daemon(): Promise<DaemonView>;
  lastSession(): Promise<SessionView>;
  /** Its exchanges, in order. */
  exchangesOf(session: string): Promise<readonly ExchangeView[]>;
  /** Every file below the home whose bytes hold this text: database, WAL, logs, all. */
  filesWith(text: string): readonly string[];
  dispose(): Promise<void>;
}

/** Makes an empty home, with these variables besides; the daemon starts with the first command that needs it. */
export function createHome(more: Readonly<Record<string, string>> = {}): TestHome {
  const path = mkdtempSync(join(tmpdir(), "hoopx-home-"));
  const environment: Record<string, string> = {
    PATH: process.env.PATH ?? "",
    HOME: path,
    LANG: "C.UTF-8",
    HOOPX_HOME: path,
    // Of its own: another test's daemon must not take the port while this one's is down.
    HOOPX_PORT: String(randomInt(10_000, 30_000)),
    // This machine may belong to an organisation.
    HOOPX_SYSTEM_CONFIG: join(path, "system.yaml"),
    HOOPX_SYSTEM_POLICY: join(path, "system-policy.yaml"),
    ...more,
  };
  const running = new Set<ChildProcess>();

  const home: TestHome = {
    path,
    environment,
    spawn(command, args, options = {}) {
      const child = spawn(command, args, {
        env: { ...environment, ...options.environment },
        cwd: options.cwd ?? path,
        stdio: ["pipe", "pipe", "pipe"],
      });
      running.add(child);
      child.on("exit", () => running.delete(child));
      child.stdin?.on("error", () => {});
      if (options.stdin !== "open") child.stdin?.end(options.stdin ?? "");
      return follow(child);
    },
    start: (args, options) => home.spawn(process.execPath, [hoopxProgram, ...args], options),
    hoopx: (args, options) => home.start(args, options).done,
    async json(args) {
      const { code, stdout, stderr } = await home.hoopx([...args, "--json"]);
      if (code !== 0) throw new Error(`hoopx ${args.join(" ")} exited ${code}: ${stderr}`);
      return JSON.parse(stdout);
    },
    agent: (name, args = [], { flags = [], ...options } = {}) =>
      home.start(
        ["run", ...flags, "--", process.execPath, join(agentsFolder, name), ...args],
        options,
      ),
    async connect(baseUrl, key, name = "openai") {
      const flags = ["--base-url", baseUrl, "--secret-env", "KEY", "--secret-store", "file"];
      const { code, stderr } = await home.hoopx(
        ["connections", "add", name, "--provider", "openai", ...flags],
        { environment: { KEY: key } },
      );
      if (code !== 0) throw new Error(`connections add exited ${code}: ${stderr}`);
    },
    daemon: () => home.json<DaemonView>(["daemon", "status"]),
    lastSession: () => home.json<SessionView>(["sessions", "show", "last"]),
    exchangesOf: async (session) =>
      (await home.json<{ exchanges: ExchangeView[] }>(["sessions", "show", session])).exchanges,
    filesWith(text) {
      const wanted = Buffer.from(text);
      return readdirSync(path, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
        .filter((file) => readFileSync(file).includes(wanted));
    },
    async dispose() {
      for (const child of running) child.kill("SIGKILL");
      await home.hoopx(["daemon", "stop"]);
      rmSync(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    },
  };
  return home;
}

function follow(child: ChildProcess): Running {
  let stdout = "";
  let stderr = "";
  child.stdout?.setEncoding("utf8").on("data", (text) => {
    stdout += text;
  });
  child.stderr?.setEncoding("utf8").on("data", (text) => {
    stderr += text;
  });
  const done = once(child, "close").then(([code, signal]) => ({ code, signal, stdout, stderr }));
  return {
    child,
    pid: child.pid ?? 0,
    stdout: () => stdout,
    stderr: () => stderr,
    async shows(text) {
      const ended = done.then(() => "ended" as const);
      while (!(typeof text === "string" ? stdout.includes(text) : text.test(stdout))) {
        const event = await Promise.race([once(child.stdout ?? child, "data"), ended]);
        if (event === "ended") throw new Error(`ended without ${text}: ${stdout}${stderr}`);
      }
    },
    done,
  };
}

/** Asks again until the answer satisfies: for what no event tells, with an end. */
export async function eventually<Value>(
  ask: () => Value | Promise<Value>,
  satisfies: (value: Value) => boolean,
  patienceMs = 30_000,
): Promise<Value> {
  const end = Date.now() + patienceMs;
  for (;;) {
    const value = await ask();
    if (satisfies(value)) return value;
    if (Date.now() > end) throw new Error(`not within ${patienceMs} ms: ${JSON.stringify(value)}`);
    await delay(20);
  }
}

/** Does this process run? One that ended and was not yet reaped does not. */
export function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const stat = `/proc/${pid}/stat`;
  return !existsSync(stat) || !readFileSync(stat, "utf8").includes(") Z ");
}
