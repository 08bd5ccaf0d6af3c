/**
 * Status view: the daemon as `hoopx daemon status` shows it.
 */
import type { DaemonView } from "../../contract/daemon-view.js";
import type { Home } from "../../contract/home.js";
import { version } from "../../contract/version.js";
import type { ConnectionRegistry } from "../connections/registry.js";
import type { Presence } from "../lifecycle/presence.js";
import type { PolicyFiles } from "../policy/policy-files.js";
import type { Desk } from "../reviews/desk.js";
import type { SessionRegistry } from "../sessions/registry.js";
import type { Store } from "../store/store.js";

export interface StatusViewOptions
  extends Pick<DaemonView, "port" | "portTaken" | "logFile" | "secretStore" | "processCheck"> {
  readonly home: Home;
  readonly startedAt: Date;
  readonly policies: Pick<PolicyFiles, "refresh" | "problems">;
  readonly connections: Pick<ConnectionRegistry, "problems">;
  readonly storesInUse: () => Promise<DaemonView["secretStoresInUse"]>;
  readonly registry: Pick<SessionRegistry, "live">;
  readonly reviewing: { readonly desk: Desk & { pending(): number } };
  readonly store: Pick<Store, "sessions">;
  readonly presence: () => Pick<Presence, "rebinds"> | undefined;
  readonly stopper: { draining(): boolean };
  readonly recording: { readonly sealing: { standing(): DaemonView["record"] } };
}

/** Creates what is asked for each view. */
export function createStatusView(options: StatusViewOptions): () => Promise<DaemonView> {
  const { home, port, portTaken, logFile, secretStore, processCheck, policies } = options;
  return async () => {
    const inForce = await policies.refresh();
    const { rebinds } = options.presence() ?? {};
    return {
      ...{ pid: process.pid, version, port, portTaken, socket: home.socket },
      startedAt: options.startedAt.toISOString(),
      socketRebinds: { count: rebinds?.count ?? 0, lastAt: rebinds?.last?.toISOString() ?? null },
      sessions: options.registry.live(),
      reviews: options.reviewing.desk.pending(),
      unindexed: options.store.sessions.unindexed(),
      home: { config: home.config, data: home.data, run: home.run, log: home.log },
      secretStoresInUse: await options.storesInUse(),
      ...{ logFile, secretStore, draining: options.stopper.draining() },
      policy: { hash: inForce.policy.hash, problems: policies.problems() },
      connectionProblems: options.connections.problems(),
      record: options.recording.sealing.standing(),
      processCheck: {
        unavailable: processCheck.unavailable,
        pidNamespace: processCheck.pidNamespace,
      },
    };
  };
}
