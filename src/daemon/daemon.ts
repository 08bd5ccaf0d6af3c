/**
 * Daemon: the rooms put together for one home whose lock is held, and taken
 * apart again in order when it stops: first what comes in, then what runs, the
 * record last. Started by `main.ts` and by nothing else.
 */
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Home } from "../contract/home.js";
import { version } from "../contract/version.js";
import { type Config, identitySettings } from "./config.js";
import { createConnectionRegistry } from "./connections/registry.js";
import { createEventHub } from "./control/event-hub.js";
import { createConnectionHandlers } from "./control/handlers/connections.js";
import { createDaemonHandlers } from "./control/handlers/daemon.js";
import { createIdentityHandlers } from "./control/handlers/identity.js";
import { createRecordHandlers } from "./control/handlers/record.js";
import { createSessionHandlers } from "./control/handlers/sessions.js";
import { createLiveFeed } from "./control/live-feed.js";
import { createProbe } from "./control/probe.js";
import { openControlServer } from "./control/server.js";
import { createStaticKeySource } from "./credentials/static-key.js";
import { listen } from "./listener/listener.js";
import { createMalformed } from "./listener/malformed.js";
import { openReturnPage } from "./listener/return-page.js";
import { createLog } from "./log.js";
import { openLogFile } from "./log-file.js";
import { createKnownTextMasker } from "./masking/known-text.js";
import { createExchangeKeys, exchangeIdOf } from "./model/exchange.js";
import type { Identity } from "./model/identity.js";
import { createOAuth } from "./oauth/oauth.js";
import { createPath } from "./path/path.js";
import { builtInPolicy as policy } from "./policy/built-in.js";
import { problemOf } from "./problem-of.js";
import { turnsAddedSince } from "./providers/conversation.js";
import { openai } from "./providers/openai/openai.js";
import { providerNamed, providerNames } from "./providers/providers.js";
import { clearStale, keepPort, readKeptPort, writePidFile } from "./run-files.js";
import { createKeychainStore } from "./secrets/keychain.js";
import { createSealedFileStore } from "./secrets/sealed-file.js";
import { createSessionRegistry } from "./sessions/registry.js";
import { createStopper } from "./stopper.js";
import { awaitExclusiveLock, type ExclusiveLock } from "./store/exclusive-lock.js";
import { openStore } from "./store/sqlite-store.js";
import { createUndiciTransport } from "./upstream/undici-transport.js";

export interface DaemonOptions {
  readonly home: Home;
  readonly config: Config;
  readonly lock: ExclusiveLock;
  /** The operating system's user, whose sessions these are where nothing configures another identity. */
  readonly identity: Identity;
}

const defaultPort = 4141;
/** Milliseconds that what streams may take to finish when the daemon stops. */
const drainLimit = 10_000;
/** What a renewal of a login under way may take then. */
const renewalLimit = 3_000;
/** And what closing everything may take after that. */
const stopLimit = 5_000;

/** Opens everything; resolves when the control socket answers. */
export async function startDaemon({ home, config, lock, identity }: DaemonOptions): Promise<void> {
  const startedAt = new Date();
  const now = () => new Date();
  const { limits } = config;
  const logFile = join(home.log, "hoopxd.log");
  const destination = openLogFile({ file: logFile, ...config.log });
  const log = createLog(config.log.level, destination);
  clearStale(home);

  function die(error: unknown): never {
    log.fatal({ err: error }, "the daemon fails closed");
    destination.flushSync();
    process.exit(1);
  }
  process.on("uncaughtException", die);
  process.on("unhandledRejection", die);

  /** Below the data folder, as the keychain's entries and the sealed file are: whoever shares these shares the lock. */
  async function lockInData(name: string, signal: AbortSignal): Promise<() => void> {
    const held = await awaitExclusiveLock(join(home.data, `${name}.lock`), signal);
    return () => held.release();
  }

  const store = await openStore({
    file: join(home.data, "hoopx.db"),
    checkpointer: new URL("./checkpointer.js", import.meta.url),
    warn: (message, detail) => log.warn({ detail }, message),
  });
  const keychain = createKeychainStore({ scope: home.data });
  const file = createSealedFileStore({
    file: join(home.data, "secrets.sealed"),
    keyFile: config.keyFile ?? join(home.config, "secrets.key"),
    lock: () => lockInData("secrets", AbortSignal.timeout(15_000)),
  });
  const stores = { keychain, file };
  const connections = await createConnectionRegistry({
    file: join(home.config, "connections.yaml"),
    stores,
    defaultStore: config.secretStore,
    providers: Object.fromEntries(
      providerNames.map((name) => [name, providerNamed(name)?.defaultBaseUrl ?? ""]),
    ),
    now,
    warn: (message) => log.warn(message),
  });
  const clock = { now, monotonic: () => performance.now() };
  const oauth = createOAuth({
    profilesFile: join(home.config, "profiles.yaml"),
    marksFolder: join(home.data, "logins"),
    stores,
    defaultStore: config.secretStore,
    configured: identitySettings(config),
    systemUser: identity,
    lock: lockInData,
    openPage: openReturnPage,
    fetch: (input, init) => fetch(input, init),
    clock,
    warn: (message) => log.warn(message),
  });
  const source = createStaticKeySource({ stores });
  const transport = createUndiciTransport({
    replyTimeout: limits.replyTimeout,
    connectTimeout: limits.connectTimeout,
    connections: limits.upstreamConnections,
  });

  const events = createEventHub(now);
  const feed = createLiveFeed({
    events,
    store,
    log,
    now,
    sessionEnded: () => stopper.sessionEnded(),
  });
  const registry = createSessionRegistry({
    ...store,
    observer: feed.sessions,
    now,
    leaseWithin: { started: 10_000, restored: 15_000 },
    watchEvery: 2_000,
  });
  const stopper = createStopper({ liveSessions: () => registry.live(), shutDown });
  await registry.restore();

  const nextKey = createExchangeKeys(Date.now);
  const path = createPath({
    nextKey,
    now,
    hosts: () => listener.hosts,
    limits,
    sessionOf: (digest) => registry.authenticate(digest),
    connectionNamed: (name) => connections.find(name),
    providerNamed,
    fallbackProvider: openai,
    policy,
    source,
    transport,
    openMasker: createKnownTextMasker,
    transcripts: store.transcripts,
    observer: feed.exchanges,
  });
  const listener = await listen({
    handle: (request, response) => void path.handle(request, response),
    malformed: createMalformed({ nextId: () => exchangeIdOf(nextKey()), provider: openai }),
    port: config.port ?? readKeptPort(home) ?? defaultPort,
    limits,
  });
  keepPort(home, listener.port);

  const control = await openControlServer({
    socket: home.socket,
    version,
    problemOf,
    fault: (route, error) => log.error({ route, err: error }, "fault in the control API"),
    handlers: {
      ...createDaemonHandlers({
        view: () => ({
          pid: process.pid,
          version,
          port: listener.port,
          socket: home.socket,
          startedAt: startedAt.toISOString(),
          sessions: registry.live(),
          reviews: 0,
          home: { config: home.config, data: home.data, run: home.run, log: home.log },
          logFile,
          secretStore: config.secretStore,
          draining: stopper.draining(),
        }),
        stop: () => stopper.stop("it was told to"),
        stopWhenIdle: () => stopper.stopWhenIdle(),
        unlock: (passphrase) => file.unlock(passphrase),
      }),
      ...createConnectionHandlers({
        connections,
        probe: createProbe({
          providerNamed,
          source,
          transport,
          // A permanent key is the same for everybody; it is tested without a login too.
          identityOf: async ({ credential }) =>
            credential.kind === "static-key" ? identity : oauth.forSession({}),
          limit: 15_000,
        }),
      }),
      ...createSessionHandlers({
        registry,
        store,
        connections,
        providerNamed,
        source,
        oauth,
        policyHash: policy.hash,
        port: () => listener.port,
        draining: () => stopper.draining(),
      }),
      ...createIdentityHandlers({
        oauth,
        problemOf,
        fault: (route, error) => log.error({ route, err: error }, "fault in the control API"),
        monotonic: clock.monotonic,
      }),
      ...createRecordHandlers({ store, events, providerNamed, turnsAddedSince }),
    },
  });
  const { pid } = process;
  const { port } = listener;
  writePidFile(home, { pid, version, startedAt: startedAt.toISOString(), port });
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.on(signal, () => stopper.stop(signal));
  }
  log.info({ version, port, socket: home.socket }, "ready");

  async function shutDown(reason: string): Promise<void> {
    log.info({ reason, running: path.running() }, "stopping");
    // Whatever hangs must not keep the next daemon from starting.
    setTimeout(
      () => die(new Error("stopping took too long")),
      drainLimit + renewalLimit + stopLimit,
    ).unref();
    await path.drain(drainLimit);
    // A token that the provider rotates just now is stored first; one that hangs is marked.
    await Promise.race([oauth.settled(), delay(renewalLimit)]);
    // A client that is half way through a request would hold this open; nothing new is taken.
    await Promise.race([listener.close(), delay(500)]);
    registry.suspend();
    events.close("the daemon is stopping");
    await control.close();
    await transport.close();
    await store.close();
    clearStale(home);
    log.info("stopped");
    destination.flushSync();
    lock.release();
    process.exit(0);
  }
}
