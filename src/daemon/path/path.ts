/**
 * Path: the stations in their order, for each request. This file and `refuse`
 * are all that knows what happens when one of them stops an exchange; here is
 * the data path's only broad catch.
 */
import type { CredentialSource } from "../credentials/source.js";
import type { Client } from "../doors/client.js";
import type { Masking } from "../masking/masking.js";
import type { Masker } from "../masking/text/echo-bytes.js";
import type { Connection } from "../model/connection.js";
import { Abandoned, Refusal } from "../model/refusal.js";
import type { Session } from "../model/session.js";
import type { PolicyHolder } from "../policy/policy.js";
import type { Callers } from "../processes/callers.js";
import type { Provider } from "../providers/provider.js";
import type { Reruns } from "../replaying/reruns.js";
import type { Desk } from "../reviews/desk.js";
import type { Spending } from "../spending/spending.js";
import type { ExchangeLog, TranscriptLog } from "../store/store.js";
import type { UpstreamTransport } from "../upstream/transport.js";
import { createLedger, type LedgerObserver } from "./ledger.js";
import { createRefuse } from "./refuse.js";
import { createDecode } from "./reply/decode.js";
import { deliver } from "./reply/deliver.js";
import { createGate, type GatePace } from "./reply/gate.js";
import { createMask } from "./reply/mask.js";
import { createRecord } from "./reply/record.js";
import { createAccept } from "./request/accept.js";
import { createApprove } from "./request/approve.js";
import { createAuthenticate, type KnownSession } from "./request/authenticate.js";
import { createClassify } from "./request/classify.js";
import { createDecide } from "./request/decide.js";
import { createForward } from "./request/forward.js";
import { createInject } from "./request/inject.js";
import { createJudge } from "./request/judge.js";
import { createNaming } from "./request/named-operation.js";
import { createRecentBodies } from "./request/recent-bodies.js";
import { createRoute } from "./request/route.js";
import { createSeat } from "./request/seat.js";
import { createRunning } from "./running.js";
import { Stations } from "./stations.js";

/** Told of each exchange once the write is durable. */
export interface PathObserver extends LedgerObserver {
  /** Something that should not happen did; the exchange was refused with `fault`. */
  fault(exchangeId: string, error: Error): void;
}

export interface PathOptions {
  readonly nextKey: () => bigint;
  readonly now: () => Date;
  readonly limits: {
    readonly bodyBytes: number;
    readonly allBodiesBytes: number;
    readonly unpackRatio: number;
    readonly jsonValues: number;
    readonly exchangesPerSession: number;
  };
  readonly sessionOf: (digest: Uint8Array) => KnownSession | undefined;
  readonly callerOf: Callers;
  /** Says whose connection it is; throws a refusal where that client has its share of them. */
  readonly seat: (client: Client, session: Session) => void;
  /** The session may know connections that are no more: those of a record that it runs against. */
  readonly connectionNamed: (name: string, session?: Session) => Connection | undefined;
  readonly providerNamed: (name: string) => Provider | undefined;
  readonly fallbackProvider: Provider;
  /** Which sessions run against a record; absent: none. */
  readonly reruns?: Pick<Reruns, "of">;
  readonly policies: PolicyHolder;
  /** What has been used so far. */
  readonly spending: Pick<Spending, "of" | "began" | "ended">;
  /** Where what needs a review waits for a person. */
  readonly desk: Desk;
  /** How clients are kept while a tool call waits; the gate's own where it is not said. */
  readonly gatePace?: Partial<GatePace>;
  /** Of a body that was approved, should a retry have to send it. */
  readonly frames: ExchangeLog["frames"];
  /** How a client is kept waiting; absent: as the clients were measured. */
  readonly waiting?: { readonly processingEvery: number; readonly patience: number };
  /** The most that is kept in memory of what waits for a review; absent: approve's own. */
  readonly keptBytes?: number;
  readonly source: CredentialSource;
  readonly transport: UpstreamTransport;
  /** Hides what the policy's masking terms name. */
  readonly masking: Masking;
  readonly openMasker: (texts: readonly string[]) => Masker;
  readonly transcripts: TranscriptLog;
  readonly observer: PathObserver;
}

export interface Path {
  /** Takes a client's request all the way; never rejects. */
  handle(client: Client): Promise<void>;
  /** Refuses what is new and waits for what runs, at most so many milliseconds; then stops it. */
  drain(limit: number): Promise<void>;
  /** Exchanges under way. */
  running(): number;
}

/**
 * As the clients were measured: Node's fetch gives up after 300 s of silence and Go's client before
 * 1.25 takes five interim responses, the SDKs give up after 600 s of anything.
 */
const waitingOfClients = { processingEvery: 100_000, patience: 9 * 60_000 } as const;

/** Recorded attempts without a session, and with a session's token from outside its run, at most, a minute. */
const strangersPerMinute = 120;
const outsidersPerMinute = 120;
const minute = 60_000;

/** Memory for bodies that the next turn of a conversation begins with: of one session, and of all. */
const recentBodies = { each: 16 << 20, together: 64 << 20 };

/** Creates the straight path. */
export function createPath(options: PathOptions): Path {
  const { now, observer, spending } = options;
  const ledger = createLedger(options.transcripts, observer);
  const running = createRunning(options.limits.exchangesPerSession);
  const { begin, accept } = createAccept({
    ...options,
    running,
    bodyLimits: { each: options.limits.bodyBytes, together: options.limits.allBodiesBytes },
  });
  const authenticate = createAuthenticate({
    ...options,
    admitOutsider: createRateLimit(now, outsidersPerMinute),
  });
  const judge = createJudge(options);
  const recent = createRecentBodies(recentBodies);
  const gate = createGate({
    desk: options.desk,
    policies: options.policies,
    now,
    ledger,
    fault: observer.fault,
    pace: { processingMs: waitingOfClients.processingEvery, ...options.gatePace },
  });
  const stations = Stations.from(accept)
    .to(authenticate)
    .to(createSeat(options))
    .to(createClassify(options.limits, recent))
    .to(createRoute(options))
    .to(createDecide({ judge, ledger, recent, now }))
    .to(createApprove({ ...waitingOfClients, ...options.waiting, ...options, judge }))
    .to(createInject())
    .to(createForward())
    .to(createDecode())
    .to(createMask({ ...options, fault: observer.fault }))
    .to(gate)
    .to(createRecord({ ledger, spending }))
    .to(deliver);
  const refuse = createRefuse({
    ledger,
    spending,
    fallback: options.fallbackProvider,
    masking: options.masking,
    namedOperation: createNaming(options),
    admitStranger: createRateLimit(now, strangersPerMinute),
  });

  return {
    async handle(client) {
      const exchange = begin(client);
      try {
        await stations.pass(exchange);
      } catch (thrown) {
        const error = thrown instanceof Error ? thrown : new Error(String(thrown));
        if (!(error instanceof Refusal || error instanceof Abandoned)) {
          observer.fault(exchange.id, error);
        }
        // Stations add to the exchange itself, so it holds all that was found out.
        await refuse(error, exchange);
      } finally {
        exchange.place.leave();
      }
    },

    drain: (limit) => running.drain(limit),
    running: () => running.size(),
  };
}

/**
 * Limits how many requests that belong to no session, or come from outside its run, are recorded:
 * true while one more may be. An attempt shows, but a process that can open a socket must not be
 * able to fill the disk.
 */
export function createRateLimit(now: () => Date, perMinute: number): () => boolean {
  let since = 0;
  let seen = 0;
  return function admitStranger() {
    const time = now().getTime();
    if (Math.abs(time - since) >= minute) {
      since = time;
      seen = 0;
    }
    seen += 1;
    return seen <= perMinute;
  };
}
