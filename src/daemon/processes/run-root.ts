/**
 * Run root: the process whose tree a session's token is held to. `hoopx run`
 * starts the agent and then says which process that is; until then the root is
 * `hoopx run` itself, so that an agent which asks at once is inside. Whoever
 * has the token can ask for a lease, so a root only ever moves further down.
 */
import type { Session, SessionProcess } from "../model/session.js";
import { markOf, processStart } from "./process-start.js";
import { type ProcessMark, processTable } from "./process-table.js";
import { isBelow } from "./tree.js";

/** What was named as a run's child is none of its processes. */
export class ForeignProcess extends Error {
  constructor(pid: number) {
    super(`process ${pid} was not started by this session's run`);
    this.name = "ForeignProcess";
  }
}

/** The run's child; `hoopx run` itself until it has told which that is. */
export function rootOf(process: SessionProcess): ProcessMark | undefined {
  const { pid, pidStart, runnerPid, runnerStart } = process;
  return (pid === null ? undefined : markOf(pid, pidStart)) ?? markOf(runnerPid, runnerStart);
}

/** The session's process once its child is known; throws ForeignProcess. */
export function withChild(session: Session, childPid: number): SessionProcess {
  const { process, processCheck } = session;
  if (process.pid === childPid) return process;
  const pidStart = processStart(childPid);
  const child = { ...process, pid: childPid, pidStart };
  if (processCheck === "unavailable") return child;
  // An agent may have ended before anybody could look at it.
  if (pidStart === null && process.pid === null) return child;
  const root = rootOf(process);
  if (root !== undefined && isBelow(processTable, childPid, [root])) return child;
  throw new ForeignProcess(childPid);
}
