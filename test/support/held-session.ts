/**
 * Held session: a live session whose token the test has, to play the agent
 * itself with bytes of its own. The token works only inside the run, so the
 * agent carries the test's bytes: what is sent to `relay` comes on the agent's
 * own socket.
 */
import type { AgentOptions, Running, TestHome } from "./home.js";
import { type RawReply, sendRaw } from "./raw-http.js";

export interface HeldSession {
  readonly running: Running;
  readonly pid: number;
  readonly id: string;
  readonly token: string;
  readonly baseUrl: string;
  /** Of the data path, as a Host header names it. */
  readonly port: number;
  /** The agent's port, which leads to the data path. */
  readonly relay: number;
  /** A request with these header lines added to a right one's, or in place of all. */
  request(options: RawRequest): Promise<RawReply>;
  /** Lets the child end, and with it the session. */
  end(): Promise<void>;
}

export interface RawRequest {
  readonly method?: string;
  /** Below the origin. */
  readonly target?: string;
  readonly headers?: readonly string[];
  readonly body?: string | Buffer;
  /** Names (lower case) of the usual header lines to leave out. */
  readonly without?: readonly string[];
  /** From the test's own process, which is none of the run's. */
  readonly outside?: true;
}

/** Starts `hoopx run` with a child that says its token and waits. */
export async function holdSession(
  home: TestHome,
  options: AgentOptions = {},
): Promise<HeldSession> {
  const running = home.agent("hold.mjs", [], { ...options, stdin: "open" });
  await running.shows("}\n");
  const { pid, token, baseUrl, session, relay } = JSON.parse(running.stdout());
  const port = Number(new URL(baseUrl).port);
  return {
    running,
    pid,
    id: session,
    token,
    baseUrl,
    port,
    relay,
    request({
      method = "GET",
      target = "/openai/v1/models",
      headers = [],
      body,
      without = [],
      outside,
    }) {
      const usual = [
        `Host: 127.0.0.1:${port}`,
        `Authorization: Bearer ${token}`,
        "Connection: close",
        ...(body === undefined ? [] : ["Content-Type: application/json"]),
        ...(body === undefined ? [] : [`Content-Length: ${Buffer.byteLength(body)}`]),
      ].filter((line) => !without.includes(line.split(":")[0]?.toLowerCase() ?? ""));
      const head = [`${method} ${target} HTTP/1.1`, ...usual, ...headers].join("\r\n");
      const bytes = Buffer.concat([
        Buffer.from(`${head}\r\n\r\n`, "latin1"),
        Buffer.from(body ?? ""),
      ]);
      return sendRaw(outside ? port : relay, bytes);
    },
    async end() {
      running.child.stdin?.end();
      await running.done;
    },
  };
}
