/**
 * Insiders: does a caller of the control API belong to a run (SECURITY A3)? It
 * does where the process that connected is below a live run's own, and also
 * where it or an ancestor was started with a session's variables: whoever left
 * the tree took them along. Where Linux cannot tell, it counts as inside; where
 * a system never can, that is said and nobody is held back.
 */
import type { Socket } from "node:net";
import type { Session } from "../model/session.js";
import type { PeerPid } from "./peer-pid.js";
import type { ProcessTable } from "./process-table.js";
import { rootOf } from "./run-root.js";
import { ancestryOf } from "./tree.js";

export interface InsidersOptions {
  /** Throws where this system cannot tell. */
  readonly load: () => Promise<PeerPid>;
  readonly table: ProcessTable;
  readonly sessions: () => readonly Session[];
  /** When the machine started, milliseconds since 1970. */
  readonly bootedAt: number;
}

export interface Insiders {
  /** Why this caller counts as inside a run; undefined for one outside. `connectedAt`: milliseconds since 1970. */
  objection(socket: Socket, connectedAt: number): Promise<string | undefined>;
  /** Why callers cannot be told here; null where they can. */
  unavailable(): Promise<string | null>;
}

/** The kernel counts a process's start in hundredths of a second; and the clock may be set while we run. */
const tickMs = 10;
const slackMs = 2_000;

/** Creates the question. */
export function createInsiders(options: InsidersOptions): Insiders {
  const { table, sessions, bootedAt } = options;
  let loading: Promise<PeerPid | Error> | undefined;

  function load(): Promise<PeerPid | Error> {
    loading ??= options
      .load()
      .catch((error) => (error instanceof Error ? error : new Error(String(error))));
    return loading;
  }

  function runOf(pid: number): string | undefined {
    const ancestry = ancestryOf(table, pid);
    for (const session of sessions()) {
      const root = rootOf(session.process);
      if (root === undefined) continue;
      const depth = ancestry.findIndex(
        (entry) => entry.pid === root.pid && entry.start === root.start,
      );
      // Until it said which process its child is the root is `hoopx run` itself, which is no agent.
      if (depth > 0 || (depth === 0 && root.pid !== session.process.runnerPid)) return session.id;
    }
    for (const entry of ancestry) {
      const id = table.variable(entry.pid, "HOOPX_SESSION_ID");
      if (id !== undefined) return id;
    }
    return undefined;
  }

  return {
    async objection(socket, connectedAt) {
      const peerPid = await load();
      if (peerPid instanceof Error) return undefined;
      const pid = peerPid(socket);
      if (pid === undefined) return "the process that asks cannot be told";
      const entry = table.entry(pid);
      // Its number may be another's by now: one that started after the connection did not make it.
      const startedAt = bootedAt + (entry?.start ?? 0) * tickMs;
      if (entry === undefined || startedAt > connectedAt + slackMs) {
        return "the process that asked has ended";
      }
      const run = runOf(pid);
      return run === undefined ? undefined : `process ${pid} is inside the run of session ${run}`;
    },

    async unavailable() {
      const loaded = await load();
      return loaded instanceof Error ? loaded.message : null;
    },
  };
}
