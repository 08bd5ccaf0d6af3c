/**
 * Data path: the real path behind the real listener and transport, with a
 * loopback upstream, a static policy and a memory transcript: what the daemon
 * composes, less its store, keychain and control API.
 */
import { createServer, type RequestListener } from "node:http";
import { type AddressInfo, connect } from "node:net";
import type { CredentialSource } from "../../src/daemon/credentials/source.js";
import { listen } from "../../src/daemon/doors/listener.js";
import { createLoopbackDoor } from "../../src/daemon/doors/loopback.js";
import { createMalformed } from "../../src/daemon/doors/malformed.js";
import { createSeats } from "../../src/daemon/doors/seats.js";
import { createKnownTextMasker } from "../../src/daemon/masking/text/echo-bytes.js";
import type { Connection } from "../../src/daemon/model/connection.js";
import type { CredentialConfig } from "../../src/daemon/model/credential-config.js";
import type { Verdict } from "../../src/daemon/model/decision.js";
import { createExchangeKeys, exchangeIdOf } from "../../src/daemon/model/exchange.js";
import { usualMasking } from "../../src/daemon/model/masking-terms.js";
import { type Session, tokenDigest } from "../../src/daemon/model/session.js";
import { createPath, type PathOptions } from "../../src/daemon/path/path.js";
import type { GatePace } from "../../src/daemon/path/reply/gate.js";
import type { Policy } from "../../src/daemon/policy/policy.js";
import type { Callers } from "../../src/daemon/processes/callers.js";
import { openai } from "../../src/daemon/providers/openai/openai.js";
import type { Desk } from "../../src/daemon/reviews/desk.js";
import type { Store } from "../../src/daemon/store/store.js";
import { createUndiciTransport } from "../../src/daemon/upstream/undici-transport.js";
import { emptyDesk } from "./empty-desk.js";
import { createHushMasking } from "./hush-masking.js";
import { createMemoryTranscripts } from "./memory-transcripts.js";

export const token = `hxs_${"t".repeat(43)}`;
export const overToken = `hxs_${"o".repeat(43)}`;
export const key = "sk-real-key-0123456789abcdef";

export interface DataPathOptions {
  readonly upstream: RequestListener;
  readonly verdict?: Verdict;
  /** Parts of the policy besides the verdict. */
  readonly policy?: Partial<Policy>;
  /** What is other in the policy once a review has let a request go. */
  readonly policyLater?: () => Partial<Policy>;
  readonly spending?: PathOptions["spending"];
  readonly gatePace?: Partial<GatePace>;
  /** Absent: what wants a review is refused. */
  readonly desk?: Desk;
  /** How a client is kept waiting; absent: as outside of tests. */
  readonly waiting?: { readonly processingEvery: number; readonly patience: number };
  readonly keptBytes?: number;
  readonly bodyBytes?: number;
  readonly jsonValues?: number;
  readonly allBodiesBytes?: number;
  readonly exchangesPerSession?: number;
  readonly headerBytes?: number;
  readonly headersTimeout?: number;
  /** Absent: everybody is inside, as where the system cannot tell. */
  readonly callerOf?: Callers;
  /** Absent: no session is a re-run. */
  readonly reruns?: PathOptions["reruns"];
  /** Yields the upstream's credential; a permanent key unless said. */
  readonly source?: CredentialSource;
  /** Looks for nothing unless said. */
  readonly masking?: PathOptions["masking"];
  /** How the connection says that it is had. */
  readonly credential?: CredentialConfig;
  /** Where the record is written; absent: in memory. */
  readonly store?: Pick<Store, "sessions" | "transcripts" | "exchanges">;
  readonly observer?: PathOptions["observer"];
}

export async function startDataPath(options: DataPathOptions) {
  let received = 0;
  const upstream = createServer((request, response) => {
    received += 1;
    options.upstream(request, response);
  });
  await new Promise<void>((resolve) => upstream.listen(0, "127.0.0.1", resolve));
  const upstreamPort = (upstream.address() as AddressInfo).port;

  const connection: Connection = {
    name: "openai",
    provider: "openai",
    origin: `http://127.0.0.1:${upstreamPort}`,
    basePath: "/v1",
    credential: options.credential ?? {
      kind: "static-key",
      secretStore: "file",
      secretName: "openai",
    },
    allowPrivateNetwork: false,
    createdAt: new Date(),
    rotatedAt: null,
  };
  const session: Session = {
    id: "ses_0000000000000000",
    tokenDigest: tokenDigest(token),
    title: null,
    labels: {},
    identity: { issuer: "os:test", subject: "tester", email: null, groups: [], profile: null },
    process: {
      pid: 1,
      pidStart: null,
      runnerPid: 1,
      runnerStart: null,
      command: "x",
      cwd: "/",
      host: "h",
      user: "u",
      git: null,
      ci: null,
    },
    processCheck: "unavailable",
    connections: ["openai"],
    credentials: [],
    startedAt: new Date(),
    expiresAt: new Date(Date.now() + 3_600_000),
    policyHash: "0",
    status: "active",
    endedAt: null,
    exitCode: null,
  };
  await options.store?.sessions.add(session);
  const over = new AbortController();
  let seq = 0;
  const known = (live: () => boolean) => ({
    session,
    get live() {
      return live();
    },
    over: over.signal,
    nextSeq: () => {
      seq += 1;
      return seq;
    },
  });

  const policyNow = () => ({
    ...staticPolicy(options.verdict),
    ...(options.masking && { masking: usualMasking }),
    ...options.policy,
  });
  const transcripts = createMemoryTranscripts();
  const faults: Error[] = [];
  const transport = createUndiciTransport({
    replyTimeout: 10_000,
    connectTimeout: 5_000,
    connections: 64,
  });
  const nextKey = createExchangeKeys(Date.now);
  const path = createPath({
    nextKey,
    now: () => new Date(),
    limits: {
      bodyBytes: options.bodyBytes ?? 1 << 20,
      allBodiesBytes: options.allBodiesBytes ?? 4 << 20,
      unpackRatio: 100,
      jsonValues: options.jsonValues ?? 1_000_000,
      exchangesPerSession: options.exchangesPerSession ?? 64,
    },
    sessionOf(digest) {
      const hex = Buffer.from(digest).toString("hex");
      if (hex === tokenDigest(token).toString("hex")) return known(() => !over.signal.aborted);
      return hex === tokenDigest(overToken).toString("hex") ? known(() => false) : undefined;
    },
    seat: () => undefined,
    callerOf: options.callerOf ?? (() => ({ inside: true, process: null })),
    connectionNamed: (name) => (name === "openai" ? connection : undefined),
    providerNamed: (name) => (name === "openai" ? openai : undefined),
    fallbackProvider: openai,
    policies: {
      current: policyNow,
      latest: async () => ({ ...policyNow(), ...options.policyLater?.() }),
    },
    spending: options.spending ?? {
      of: () => ({ requests: 0, tokens: 0, cost: 0 }),
      began() {},
      ended() {},
    },
    ...(options.reruns && { reruns: options.reruns }),
    desk: options.desk ?? emptyDesk,
    gatePace: options.gatePace ?? {},
    ...(options.waiting && { waiting: options.waiting }),
    ...(options.keptBytes !== undefined && { keptBytes: options.keptBytes }),
    frames: async (key) =>
      options.store?.exchanges.frames(key) ??
      transcripts.exchanges.find(({ opening }) => opening.key === key)?.frames ??
      [],
    source: options.source ?? {
      obtain: async () => ({
        sensitive: [key],
        apply(request) {
          request.headers.push("authorization", `Bearer ${key}`);
        },
      }),
    },
    transport,
    openMasker: createKnownTextMasker,
    masking: options.masking ?? createHushMasking().masking,
    transcripts: options.store?.transcripts ?? transcripts.log,
    observer: options.observer ?? {
      ...{ opened() {}, ended() {} },
      fault: (_id, error) => faults.push(error),
    },
  });
  const seats = createSeats({ limit: 100, share: 100 });
  const listener = await listen({
    handle: createLoopbackDoor(path.handle, seats),
    malformed: createMalformed({ nextId: () => exchangeIdOf(nextKey()), provider: openai }),
    port: 0,
    limits: {
      headerBytes: options.headerBytes ?? 32 * 1024,
      headersTimeout: options.headersTimeout ?? 10_000,
      bodyTimeout: 20_000,
    },
    seats,
  });

  return {
    port: listener.port,
    base: `http://127.0.0.1:${listener.port}/openai`,
    path,
    transcripts,
    faults,
    received: () => received,
    /** The session ends: its token dies. */
    endSession: () => over.abort(),
    /** Sends bytes on a socket of its own and gives all that comes back. */
    raw: (text: string | Buffer) => rawExchange(listener.port, text),
    async close() {
      upstream.closeAllConnections();
      upstream.close();
      await transport.close();
      await listener.close();
    },
  };
}

/** Sends bytes and reads until the peer closes or has been silent for a moment after an answer. */
export function rawExchange(port: number, text: string | Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => socket.write(text));
    let answer = "";
    socket.setEncoding("latin1");
    socket.on("data", (chunk) => {
      answer += chunk;
      socket.setTimeout(150, () => socket.destroy());
    });
    // A reset after the answer is an answer too.
    socket.on("error", (error) => answer === "" && reject(error));
    socket.on("close", () => resolve(answer));
  });
}

/** Headers of an agent's ordinary request. */
export const authorized = { authorization: `Bearer ${token}` } as const;

/** A policy that says the same of every request. */
function staticPolicy(
  verdict: Verdict = { effect: "allow", rule: "test", reason: "allowed" },
): Policy {
  return {
    hash: "0",
    evaluate: () => verdict,
    masking: { ...usualMasking, detectors: [] },
    judgeFindings: (given) => given,
    watchesToolCalls: () => false,
    evaluateToolCall: () => ({ effect: "allow", rule: null, reason: "no rule speaks of it" }),
  };
}
