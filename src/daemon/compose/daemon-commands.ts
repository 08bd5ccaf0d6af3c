/**
 * Daemon commands: what the daemon knows of itself, put together for
 * `hoopx daemon` and `hoopx doctor`.
 */

import type { Home } from "../../contract/home.js";
import { createCheckup } from "../control/daemon/checkup.js";
import { createDaemonHandlers } from "../control/daemon/daemon-handlers.js";
import { createStatusView } from "../control/daemon/status-view.js";
import type { Config } from "../lifecycle/config.js";
import { configStanding } from "../lifecycle/config-files.js";
import type { Rebinds } from "../lifecycle/presence.js";
import type { Stopper } from "../lifecycle/stopper.js";
import { terminalInput } from "../processes/terminal-input.js";
import type { SessionRegistry } from "../sessions/registry.js";
import type { CallerRooms } from "./callers.js";
import type { DataPathRooms } from "./data-path.js";
import type { IdentityRooms } from "./identity.js";
import type { PolicyRooms } from "./policies.js";
import type { RecordRooms } from "./record.js";
import type { ReviewRooms } from "./reviews.js";

export interface DaemonCommandsOptions {
  readonly home: Home;
  readonly config: Config;
  readonly logFile: string;
  readonly startedAt: Date;
  readonly now: () => Date;
  readonly identity: IdentityRooms;
  readonly record: RecordRooms;
  readonly rules: PolicyRooms;
  readonly registry: SessionRegistry;
  readonly reviews: ReviewRooms;
  readonly callers: CallerRooms;
  readonly dataPath: DataPathRooms;
  readonly stopper: Stopper;
  readonly rebinds: Readonly<Rebinds>;
}

/** The handlers of `hoopx daemon`, `hoopx unlock` and `hoopx doctor`. */
export function createDaemonCommands(options: DaemonCommandsOptions) {
  const { home, config, now, identity, record, registry, dataPath, stopper, rebinds } = options;
  const { secretStore } = config;
  const { stores, connections, storesInUse, oauth } = identity;
  const { sealing, store } = record;
  const { port, portTaken, processCheck } = dataPath;
  return createDaemonHandlers({
    view: createStatusView({
      ...{ home, logFile: options.logFile, startedAt: options.startedAt, registry, connections },
      ...{ store, sealing, stopper, rebinds, processCheck, port, portTaken },
      ...{ secretStore, storesInUse, desk: options.reviews.desk, policies: options.rules.policies },
    }),
    stop: () => stopper.stop("it was told to"),
    stopWhenIdle: stopper.stopWhenIdle,
    async unlock(passphrase) {
      await identity.file.unlock(passphrase);
      sealing.unlocked();
    },
    checkup: createCheckup({
      ...{ stores, secretStore, storesInUse, processCheck, terminalInput, now },
      callersUnavailable: options.callers.callersUnavailable,
      record: sealing.standing,
      settings: () => configStanding(home, process.env, config),
      identityProvider: { issuer: oauth.usualIssuer, fetch: identity.identityFetch },
      limit: 10_000,
    }),
  });
}
