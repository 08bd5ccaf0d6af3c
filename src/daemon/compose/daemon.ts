/**
 * Daemon: the rooms put together for one home whose lock is held, and taken
 * apart again in order when it stops: first what comes in, then what runs, the
 * record last. Started by `main.ts` and by nothing else.
 */
import { uptime } from "node:os";
import { join } from "node:path";
import type { Home } from "../../contract/home.js";
import { version } from "../../contract/version.js";
import { createActors } from "../control/caller.js";
import { createCheckup } from "../control/checkup.js";
import { createEventHub } from "../control/event-hub.js";
import { createDaemonHandlers } from "../control/handlers/daemon.js";
import { createIdentityHandlers } from "../control/handlers/identity.js";
import { createRecordHandlers } from "../control/handlers/record.js";
import { createReviewHandlers } from "../control/handlers/reviews.js";
import { createSessionHandlers } from "../control/handlers/sessions.js";
import { createLiveFeed } from "../control/live-feed.js";
import { createMeasures } from "../control/measures.js";
import { createProbeRecord } from "../control/probe-record.js";
import { problemOf } from "../control/problem-mapping.js";
import { openControlServer } from "../control/server.js";
import { createStatusView } from "../control/status-view.js";
import { listen } from "../doors/listener.js";
import { createLoopbackDoor } from "../doors/loopback.js";
import { createMalformed } from "../doors/malformed.js";
import { type Config, exchangesOfOneSession } from "../lifecycle/config.js";
import { configStanding } from "../lifecycle/config-files.js";
import type { HeldLock } from "../lifecycle/daemon-lock.js";
import { openLog } from "../lifecycle/log.js";
import { createPresence, type Presence } from "../lifecycle/presence.js";
import {
  clearStale,
  keepPort,
  readKeptPort,
  wantedPort,
  writePidFile,
} from "../lifecycle/run-files.js";
import { shutDownInOrder } from "../lifecycle/shut-down.js";
import { createStopper } from "../lifecycle/stopper.js";
import { createKnownTextMasker } from "../masking/known-text.js";
import { createMaskedSessions } from "../masking/masked-sessions.js";
import { createMaskings } from "../masking/maskings.js";
import { createExchangeKeys, exchangeIdOf } from "../model/exchange.js";
import type { Identity } from "../model/identity.js";
import { createPath } from "../path/path.js";
import { terminalInput } from "../processes/terminal-input.js";
import { turnsAddedSince } from "../providers/conversation.js";
import { openai } from "../providers/openai/openai.js";
import { providerNamed } from "../providers/providers.js";
import { createSessionRegistry } from "../sessions/registry.js";
import { createUndiciTransport } from "../upstream/undici-transport.js";
import { createCalling } from "./callers.js";
import { createConnectionCommands } from "./connection-commands.js";
import { openAccess } from "./identity.js";
import { openPolicies } from "./policies.js";
import { createPolicyCommands } from "./policy-commands.js";
import { createRecording, openRecord } from "./record.js";
import { createReviewing } from "./reviews.js";
import { createSeating } from "./seats.js";

export interface DaemonOptions {
  readonly home: Home;
  readonly config: Config;
  readonly lock: HeldLock;
  /** The operating system's user, whose sessions these are where nothing configures another identity. */
  readonly identity: Identity;
}

/** Opens everything; resolves when the control socket answers. */
export async function startDaemon({ home, config, lock, identity }: DaemonOptions): Promise<void> {
  const startedAt = new Date();
  const now = () => new Date();
  const { limits } = config;
  const logFile = join(home.log, "hoopxd.log");
  const { log, destination } = openLog({ file: logFile, ...config.log });
  clearStale(home);

  function die(error: unknown): never {
    log.fatal({ err: error }, "the daemon fails closed");
    destination.flushSync();
    process.exit(1);
  }
  process.on("uncaughtException", die);
  process.on("unhandledRejection", die);

  const { stores, file, connections, checkedFetch, identityFetch, oauth, source, ...access } =
    await openAccess({
      home,
      config,
      identity,
      now,
      monotonic: () => performance.now(),
      warn: (message) => log.warn(message),
    });
  const store = await openRecord(home, config, stores, log, (error) =>
    recording.sealing.lost(error),
  );
  const maskings = createMaskings();
  const { masking } = maskings;
  const record = { home, config, store, stores, connections, masking, log, now };
  const recording = createRecording(record);
  const shared = { store, maskings, now };
  const { policies, costOf, ...money } = await openPolicies({ ...shared, home, config, log });
  const { spending, prices } = money;
  const measures = createMeasures({ store, costOf });
  const transport = createUndiciTransport({
    replyTimeout: limits.replyTimeout,
    connectTimeout: limits.connectTimeout,
    connections: limits.upstreamConnections,
  });

  const events = createEventHub(now);
  const feed = createLiveFeed({
    ...{ events, store, log, now, providerNamed },
    sessionEnded({ id }) {
      spending.forget(id);
      masking.forget(id);
      reviewing.desk.sessionOver(id);
      recording.sealing.sessionChanged();
      stopper.sessionEnded();
    },
  });
  const liveSessions = () => registry.liveSessions();
  const reviewing = createReviewing({
    ...{ store, events, log, now, liveSessions, config },
    fetch: checkedFetch,
  });
  const registry = createSessionRegistry({
    ...store,
    observer: {
      ...feed.sessions,
      started(session) {
        feed.sessions.started(session);
        recording.sealing.sessionChanged();
      },
    },
    checkFor: (runner) => processCheck.checkFor(runner),
    masked: createMaskedSessions({ masking, policies }),
    now,
    leaseWithin: { started: 10_000, restored: 15_000 },
    watchEvery: 2_000,
  });
  const stopper = createStopper({ liveSessions: () => registry.live(), shutDown });
  await registry.restore();
  await reviewing.desk.restore();

  const calling = createCalling({
    bootedAt: Date.now() - uptime() * 1000,
    runners: () => registry.runners(),
  });
  const seating = createSeating({
    connections: limits.connections,
    clientOf: (pid) => registry.clientOf(pid),
  });
  const nextKey = createExchangeKeys(Date.now);
  const path = createPath({
    nextKey,
    now,
    limits: { ...limits, exchangesPerSession: exchangesOfOneSession(limits) },
    sessionOf: (digest) => registry.authenticate(digest),
    callerOf: calling.callerOf,
    seat: seating.seat,
    connectionNamed: (name, session) =>
      connections.find(name) ?? (session && recording.reruns.connectionNamed(session, name)),
    reruns: recording.reruns,
    providerNamed,
    fallbackProvider: openai,
    policies,
    spending,
    desk: reviewing.desk,
    frames: store.exchanges.frames,
    source,
    transport,
    openMasker: createKnownTextMasker,
    masking,
    transcripts: store.transcripts,
    observer: feed.exchanges,
  });
  const listener = await listen({
    handle: createLoopbackDoor(path.handle, seating.data),
    malformed: createMalformed({ nextId: () => exchangeIdOf(nextKey()), provider: openai }),
    port: wantedPort(config.port, readKeptPort(home), registry.live()),
    limits,
    seats: seating.data,
  });
  keepPort(home, listener.port);
  const portTaken = config.port && config.port !== listener.port ? config.port : null;
  if (portTaken !== null) {
    log.warn({ wanted: portTaken, port: listener.port }, "another program has the port");
  }
  const processCheck = await calling.checkOn(listener.port);

  const fault = (route: string, error: unknown) =>
    log.error({ route, err: error }, "fault in the control API");
  let presence: Presence | undefined;
  const control = await openControlServer({
    socket: home.socket,
    version,
    problemOf,
    seats: seating.control,
    actorOf: createActors({
      ...{ processes: calling.processes, registry, systemUser: identity },
      identityOf: oauth.forSession,
    }),
    fault,
    handlers: {
      ...createDaemonHandlers({
        view: createStatusView({
          ...{ home, logFile, startedAt, policies, registry, reviewing, store, stopper },
          presence: () => presence,
          ...{
            connections,
            recording,
            processCheck,
            port: listener.port,
            portTaken,
            secretStore: config.secretStore,
            storesInUse: access.storesInUse,
          },
        }),
        stop: () => stopper.stop("it was told to"),
        stopWhenIdle: () => stopper.stopWhenIdle(),
        unlock: async (passphrase) => {
          await file.unlock(passphrase);
          recording.sealing.unlocked();
        },
        checkup: createCheckup({
          stores,
          secretStore: config.secretStore,
          storesInUse: access.storesInUse,
          processCheck,
          callersUnavailable: calling.callersUnavailable,
          terminalInput: () => terminalInput(),
          record: recording.sealing.standing,
          settings: () => configStanding(home, process.env, config),
          identityProvider: { issuer: oauth.usualIssuer, fetch: identityFetch },
          now,
          limit: 10_000,
        }),
      }),
      ...createConnectionCommands({
        ...{ connections, source, transport, identity, now },
        record: createProbeRecord({
          transcripts: store.transcripts,
          nextKey,
          now,
        }),
      }),
      ...createSessionHandlers({
        ...{ registry, store, connections, providerNamed, source, oauth, policies },
        ...{ measures, costOf, reruns: recording.reruns, systemUser: identity },
        notices: config.reviews,
        port: () => listener.port,
        draining: () => stopper.draining(),
        now,
      }),
      ...createIdentityHandlers({
        oauth,
        problemOf,
        fault,
        loggedOut: (identity) => source.forget(identity),
        monotonic: () => performance.now(),
      }),
      ...createReviewHandlers({ ...reviewing, store, now }),
      ...createPolicyCommands({ ...shared, policies, prices, connections, limits }),
      ...recording.handlers,
      ...createRecordHandlers({
        ...{ store, events, measures, providerNamed, turnsAddedSince, now },
        reviews: reviewing.record,
      }),
    },
  });
  const { pid } = process;
  const { port } = listener;
  const pidFile = { pid, version, startedAt: startedAt.toISOString(), port };
  writePidFile(home, pidFile);
  presence = createPresence({ home, lock, control, pidFile, log, stop: stopper.stop });
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.on(signal, () => stopper.stop(signal));
  }
  log.info({ version, port, socket: home.socket }, "ready");
  // Half a second's work for the first request, done before one waits.
  setImmediate(maskings.warm);

  function shutDown(reason: string): Promise<void> {
    return shutDownInOrder(reason, {
      ...{ log, die, path, reviewing, oauth, policies, listener, registry, events },
      ...{ recording, control, transport, store, lock, home, destination },
      presence: { stop: () => presence?.stop() },
      access,
    });
  }
}
