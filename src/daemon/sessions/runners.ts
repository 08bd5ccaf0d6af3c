/**
 * Runners: the processes that asked for sessions, as the kernel told, for as
 * long as they live. A session may end before its runner does (by its TTL, by
 * `sessions revoke`); what is below the runner is inside a run all the same.
 */
import type { Session, SessionId } from "../model/session.js";
import type { Runner } from "../processes/insiders.js";
import { processLives } from "../processes/process-start.js";
import { processTable } from "../processes/process-table.js";
import { rootOf } from "../processes/run-root.js";
import { ancestryOf } from "../processes/tree.js";

export interface Runners {
  add(session: Session): void;
  /** Those that live; at times one that has just ended is among them. */
  all(): readonly Runner[];
  /** Ids of the sessions whose runs a process is below, the innermost first; undefined where that cannot be told. */
  around(pid: number): readonly SessionId[] | undefined;
  /**
   * The outermost run that a process is below, or the process itself: what counts as one client.
   * Processes with too many ancestors are one client together.
   */
  clientOf(pid: number): string;
}

/** Beyond these the ones that ended are looked for. */
const keptUnseen = 64;

/** Creates an empty list. */
export function createRunners(): Runners {
  const byMark = new Map<string, { readonly runner: Runner; readonly session: Session }>();
  return {
    add(session) {
      const mark = rootOf(session.process);
      if (mark === undefined) return;
      byMark.set(`${mark.pid}:${mark.start}`, {
        runner: { ...mark, sessionId: session.id },
        session,
      });
      if (byMark.size <= keptUnseen) return;
      for (const [key, { session }] of byMark) {
        const { runnerPid, runnerStart } = session.process;
        if (!processLives(runnerPid, runnerStart)) byMark.delete(key);
      }
    },
    all: () => [...byMark.values()].map(({ runner }) => runner),
    around(pid) {
      return ancestryOf(processTable, pid)
        ?.slice(1)
        .flatMap((entry) => {
          const found = byMark.get(`${entry.pid}:${entry.start}`);
          return found === undefined ? [] : [found.session.id];
        });
    },
    clientOf(pid) {
      try {
        const above = ancestryOf(processTable, pid);
        if (above === undefined) return "untold";
        const outermost = above.findLast((entry) => byMark.has(`${entry.pid}:${entry.start}`));
        return String(outermost?.pid ?? pid);
      } catch {
        // Out of file descriptors, or the like: each process counts as itself.
        return String(pid);
      }
    },
  };
}
