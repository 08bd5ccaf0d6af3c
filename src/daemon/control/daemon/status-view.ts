/**
 * Status view: the daemon as `hoopx daemon status` shows it.
 */
import type { DaemonView } from "../../../contract/daemon-view.js";
import type { Home } from "../../../contract/home.js";
import { version } from "../../../contract/version.js";
import type { ConnectionRegistry } from "../../connections/registry.js";
import type { Rebinds } from "../../lifecycle/presence.js";
import type { PolicyFiles } from "../../policy/policy-files.js";
import type { Desk } from "../../reviews/desk.js";
import type { SessionRegistry } from "../../sessions/registry.js";
import type { Store } from "../../store/store.js";

export interface StatusViewOptions
  extends Pick<DaemonView, "port" | "portTaken" | "logFile" | "secretStore" | "processCheck"> {
  readonly home: Home;
  readonly startedAt: Date;
  readonly policies: Pick<PolicyFiles, "refresh" | "problems">;
  readonly connections: Pick<ConnectionRegistry, "problems">;
  readonly storesInUse: () => Promise<DaemonView["secretStoresInUse"]>;
  readonly registry: Pick<SessionRegistry, "live">;
  readonly desk: Desk & { pending(): number };
  readonly store: Pick<Store, "sessions">;
  readonly rebinds: Readonly<Rebinds>;
  readonly stopper: { draining(): boolean };
  readonly sealing: { standing(): DaemonView["record"] };
}

/** Creates what is asked for each view. */
export function createStatusView(options: StatusViewOptions): () => Promise<DaemonView> {
  const { home, port, portTaken, logFile, secretStore, processCheck, policies, rebinds } = options;
  return async () => {
    const inForce = await policies.refresh();
    return {
      ...{ pid: process.pid, version, port, portTaken, socket: home.socket },
      startedAt: options.startedAt.toISOString(),
      socketRebinds: { count: rebinds.count, lastAt: rebinds.last?.toISOString() ?? null },
      sessions: options.registry.live(),
      reviews: options.desk.pending(),
      unindexed: options.store.sessions.unindexed(),
      home: { config: home.config, data: home.data, run: home.run, log: home.log },
      secretStoresInUse: await options.storesInUse(),
      ...{ logFile, secretStore, draining: options.stopper.draining() },
      policy: { hash: inForce.policy.hash, problems: policies.problems() },
      connectionProblems: options.connections.problems(),
      record: options.sealing.standing(),
      processCheck: {
        unavailable: processCheck.unavailable,
        pidNamespace: processCheck.pidNamespace,
      },
    };
  };
}
