/**
 * Records: sessions, exchanges and frames for tests of a store, and its
 * callbacks as promises.
 */
import { newSessionId, type Session, tokenDigest } from "../../src/daemon/model/session.js";
import type { Ending, Frame } from "../../src/daemon/model/transcript.js";
import type { Opening, Store } from "../../src/daemon/store/store.js";

/** When everything here began, milliseconds. */
export const start = Date.UTC(2026, 0, 2, 3, 4, 5, 678);

export function sessionOf(change: Partial<Session> = {}): Session {
  const id = change.id ?? newSessionId();
  return {
    id,
    tokenDigest: new Uint8Array(tokenDigest(id)),
    title: "nightly report",
    labels: { team: "growth" },
    identity: {
      issuer: "os:desk",
      subject: "ada",
      email: "ada@example.com",
      groups: ["leads"],
      profile: "work",
    },
    process: {
      pid: null,
      pidStart: null,
      runnerPid: 41,
      runnerStart: "1234567",
      command: "node agent.js",
      cwd: "/home/ada",
      host: "desk",
      user: "ada",
      git: { remote: "https://git.example/ada/agent.git", branch: "main", commit: "c0".repeat(20) },
      ci: { system: "gitlab", job: "nightly", run: "17", url: "https://git.example/jobs/17" },
    },
    processCheck: "tree",
    connections: ["openai", "eu"],
    credentials: [
      { connection: "openai", kind: "static-key", lifetime: "permanent key", expiresAt: null },
      {
        connection: "eu",
        kind: "token-exchange",
        lifetime: "short-lived, 59 min",
        expiresAt: new Date(start + 3_540_000),
      },
    ],
    startedAt: new Date(start),
    expiresAt: new Date(start + 3_600_000),
    policyHash: "ab".repeat(32),
    status: "active",
    endedAt: null,
    exitCode: null,
    ...change,
  };
}

export function frameOf(kind: Frame["kind"], at: number, text: string): Frame {
  return { kind, at, data: Buffer.from(text) };
}

export function openingOf(key: bigint, change: Partial<Opening> = {}): Opening {
  return {
    key,
    sessionId: "ses_0000000000000000",
    seq: 1,
    connection: "openai",
    process: { pid: 4711, executable: "/usr/bin/node", startedAt: new Date(start - 5000) },
    startedAt: new Date(start),
    operation: {
      provider: "openai",
      action: "responses.create",
      class: "inference",
      mintsCredential: false,
      method: "POST",
      path: "/v1/responses",
      model: "gpt-4o-mini",
      tools: ["get_weather", "web_search"],
      stream: true,
    },
    decision: {
      effect: "allow",
      rule: "built-in",
      reason: "inference is allowed",
      decidedAt: new Date(start + 1),
    },
    requestBytes: 12,
    frames: [
      frameOf("request-head", 10, "POST /openai/v1/responses HTTP/1.1\r\n\r\n"),
      frameOf("request-body", 20, '{"input":"hi"}'),
    ],
    ...change,
  };
}

export function endingOf(change: Partial<Ending> = {}): Ending {
  return {
    status: 200,
    firstByteAt: 900,
    endedAt: 1200,
    responseBytes: 5,
    tokens: { input: 11, output: 22 },
    error: null,
    masked: [],
    ...change,
  };
}

export function append(store: Store, key: bigint, frame: Frame): Promise<void> {
  return new Promise((resolve, reject) => {
    store.transcripts.append(key, frame, (error) => (error ? reject(error) : resolve()));
  });
}

export function close(store: Store, key: bigint, ending: Ending = endingOf()): Promise<void> {
  return new Promise((resolve, reject) => {
    store.transcripts.close(key, ending, (error) => (error ? reject(error) : resolve()));
  });
}

export const textOf = (frames: readonly Frame[]) =>
  frames.map(({ kind, at, data }) => `${kind}@${at}:${Buffer.from(data).toString()}`);
