/**
 * Insiders: does a caller of the control API belong to a run (SECURITY A3, A7)?
 * It does where it is below a runner that lives, whatever became of the runner's
 * session and whatever a lease says. The runner takes in the orphans of its run
 * (`cli/run/orphans.ts`), so a process that forks twice is still below it. It
 * also does where it or an ancestor was started with a session's variables. A
 * caller that cannot be told counts as inside; where a system never can tell,
 * that is said and no caller is held back.
 */
import type { Peer } from "./peers.js";
import type { ProcessMark, ProcessTable } from "./process-table.js";
import { ancestryOf } from "./tree.js";

/** The process that asked for a session, as the kernel told. */
export interface Runner extends ProcessMark {
  readonly sessionId: string;
}

export interface InsidersOptions {
  readonly table: ProcessTable;
  /** Those that live, of sessions that are over too. */
  readonly runners: () => readonly Runner[];
}

/** Why this caller counts as inside a run; undefined for one outside. */
export type Insiders = (peer: Peer) => string | undefined;

/** Creates the question. */
export function createInsiders({ table, runners }: InsidersOptions): Insiders {
  function runOf(pid: number): string | undefined {
    const ancestry = ancestryOf(table, pid);
    if (ancestry === undefined) return "the processes above the one that asks cannot be told";
    const [self, ...above] = ancestry;
    if (self === undefined) return "the process that asked has ended";
    const inside = (session: string) => `process ${pid} is inside the run of session ${session}`;
    for (const runner of runners()) {
      // The runner itself is `hoopx run`, which is no agent.
      const found = above.some(({ pid, start }) => pid === runner.pid && start === runner.start);
      if (found) return inside(runner.sessionId);
    }
    for (const entry of ancestry) {
      const id = table.variable(entry.pid, "HOOPX_SESSION_ID");
      if (id !== undefined) return inside(id);
    }
    return undefined;
  }

  return function objection(peer) {
    switch (peer.kind) {
      case "untold":
        return undefined;
      case "hidden":
        return "the process that asks is in a container, and cannot be told";
      case "gone":
        return "the process that asked has ended";
      case "process":
        try {
          return runOf(peer.pid);
        } catch {
          // Out of file descriptors, or the like.
          return "the process that asks cannot be looked at now";
        }
    }
  };
}
