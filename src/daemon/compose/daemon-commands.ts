/**
 * Daemon commands: what the daemon knows of itself, put together for
 * `hoopx daemon` and `hoopx doctor`.
 */
import { createCheckup } from "../control/daemon/checkup.js";
import { createDaemonHandlers } from "../control/daemon/daemon-handlers.js";
import { createStatusView } from "../control/daemon/status-view.js";
import { configStanding } from "../lifecycle/config-files.js";
import { terminalInput } from "../processes/terminal-input.js";
import type { ControlOptions } from "./control.js";

export type DaemonCommandsOptions = Pick<
  ControlOptions,
  | "home"
  | "config"
  | "logFile"
  | "startedAt"
  | "now"
  | "identity"
  | "record"
  | "rules"
  | "registry"
  | "reviews"
  | "callers"
  | "dataPath"
  | "stopper"
  | "rebinds"
>;

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
