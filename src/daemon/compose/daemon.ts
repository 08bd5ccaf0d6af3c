/**
 * Daemon: the rooms put together for one home whose lock is held, in the order
 * in which they depend on each other: each is given what was made before it.
 * Started by `main.ts` and by nothing else; `lifecycle/shut-down.ts` takes it
 * apart.
 */
import { join } from "node:path";
import type { Home } from "../../contract/home.js";
import { version } from "../../contract/version.js";
import { createEventHub } from "../control/event-hub.js";
import { createLiveFeed } from "../control/record/live-feed.js";
import type { Config } from "../lifecycle/config.js";
import type { HeldLock } from "../lifecycle/daemon-lock.js";
import { failClosed, stopOnSignals } from "../lifecycle/guards.js";
import { openLog } from "../lifecycle/log.js";
import { createPresence } from "../lifecycle/presence.js";
import { clearStale, writePidFile } from "../lifecycle/run-files.js";
import { shutDownInOrder } from "../lifecycle/shut-down.js";
import { createStopper } from "../lifecycle/stopper.js";
import { createMaskings } from "../masking/maskings.js";
import { createExchangeKeys } from "../model/exchange.js";
import type { Identity } from "../model/identity.js";
import { providerNamed } from "../providers/providers.js";
import { createUndiciTransport } from "../upstream/undici-transport.js";
import { composeCallers } from "./callers.js";
import { composeControl } from "./control.js";
import { composeDataPath } from "./data-path.js";
import { composeIdentity } from "./identity.js";
import { composePolicies } from "./policies.js";
import { composeRecord } from "./record.js";
import { composeReviews } from "./reviews.js";
import { composeSeats } from "./seats.js";
import { composeSessions, tellOfSessions } from "./sessions.js";

export interface DaemonOptions {
  readonly home: Home;
  readonly config: Config;
  readonly lock: HeldLock;
  /** The operating system's user, whose sessions these are where nothing configures another identity. */
  readonly systemUser: Identity;
}

/** Opens everything; resolves when the control socket answers. */
export async function startDaemon({ home, config, lock, systemUser }: DaemonOptions) {
  const startedAt = new Date();
  const now = () => new Date();
  const monotonic = () => performance.now();
  const logFile = join(home.log, "hoopxd.log");
  const { log, destination } = openLog({ file: logFile, ...config.log });
  const die = failClosed({ log, destination });
  clearStale(home);

  const given = { home, config, log, systemUser, now, monotonic };
  const identity = await composeIdentity(given);
  const { connections, stores, checkedFetch } = identity;
  const maskings = createMaskings();
  const { masking } = maskings;
  const record = await composeRecord({ ...given, stores, connections, masking });
  const { store, sealing } = record;
  const rules = await composePolicies({ ...given, store, maskings });
  const { policies, spending } = rules;
  const { replyTimeout, connectTimeout, upstreamConnections } = config.limits;
  const times = { replyTimeout, connectTimeout };
  const transport = createUndiciTransport({ ...times, connections: upstreamConnections });

  const events = createEventHub(now);
  const feed = createLiveFeed({ events, store, log, now, providerNamed });
  const registry = composeSessions({ store, masking, policies, now });
  const { live, liveSessions, runners, clientOf } = registry;
  const reviews = composeReviews({ ...given, store, events, liveSessions, fetch: checkedFetch });
  const { desk } = reviews;
  const stopper = createStopper({ liveSessions: live });
  tellOfSessions({ registry, feed, spending, masking, desk, sealing, stopper });
  await registry.restore();
  await desk.restore();

  const callers = composeCallers({ runners });
  const seats = composeSeats({ connections: config.limits.connections, clientOf });
  const nextKey = createExchangeKeys(Date.now);
  const rooms = { identity, record, rules, registry, callers, seats, transport, nextKey };
  const dataPath = await composeDataPath({ ...given, ...rooms, masking, desk, feed });
  const { port } = dataPath;
  const rebinds = { count: 0, last: null };
  const told = { startedAt, logFile, rebinds };
  const control = await composeControl({
    ...{ ...given, ...rooms, ...told, maskings, reviews, events, dataPath, stopper },
  });

  const pidFile = { pid: process.pid, version, startedAt: startedAt.toISOString(), port };
  writePidFile(home, pidFile);
  const { stop, stopped } = stopper;
  const presence = createPresence({ home, lock, control, pidFile, rebinds, log, stop });
  stopOnSignals(stop);
  log.info({ version, port, socket: home.socket }, "ready");
  // Half a second's work for the first request, done before one waits.
  setImmediate(maskings.warm);
  void stopped.then((reason) => {
    const parts = { ...rooms, presence, dataPath, reviews, policies, events, control };
    return shutDownInOrder(reason, { ...parts, home, lock, log, destination, die });
  });
}
