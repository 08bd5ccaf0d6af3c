/**
 * Run root: the process whose tree a session's token is held to. It is the
 * runner, the process that asked for the session, as the kernel told: orphans
 * of a run come back to it. The runner alone holds the lease and says, once,
 * which of the processes below it is the agent; that one is for people to read.
 */
import type { Session, SessionProcess } from "../model/session.js";
import type { Peer } from "./peers.js";
import { markOf, processStart } from "./process-start.js";
import { type ProcessMark, processTable } from "./process-table.js";
import { commandOf } from "./run-command.js";
import { isBelow } from "./tree.js";

/** A process was named as a run's child that is none of its processes, or not the one named before. */
export class ForeignProcess extends Error {
  constructor(message: string) {
    super(message);
    this.name = "ForeignProcess";
  }
}

/** The runner; undefined where the system does not tell its start. */
export function rootOf({ runnerPid, runnerStart }: SessionProcess): ProcessMark | undefined {
  return markOf(runnerPid, runnerStart);
}

/** Is the process that asks the session's own runner? True where this system cannot tell: then its token has to do. */
export function isRunner(
  peer: Peer,
  { runnerPid, runnerStart }: Pick<SessionProcess, "runnerPid" | "runnerStart">,
): boolean {
  switch (peer.kind) {
    case "untold":
      return true;
    case "process":
      return peer.pid === runnerPid && peer.start === runnerStart;
    // Of a run in a container nothing is known but that it is in one.
    case "hidden":
      return runnerStart === null;
    case "gone":
      return false;
  }
}

/** The process of a new session: its command is held to the words that the runner was started with. */
export function startedProcess(process: Omit<SessionProcess, "pid" | "pidStart">): SessionProcess {
  const started = { ...process, pid: null, pidStart: null };
  const root = rootOf(started);
  if (root === undefined) return started;
  return { ...started, command: commandOf(processTable, root.pid, process.command) };
}

/** The session's process once the runner has told its child; throws ForeignProcess. */
export function withChild(
  { process, processCheck }: Pick<Session, "process" | "processCheck">,
  childPid: number,
): SessionProcess {
  if (process.pid === childPid) return process;
  if (process.pid !== null) {
    throw new ForeignProcess(`this session's process is ${process.pid}, and stays so`);
  }
  const pidStart = processStart(childPid);
  const child = { ...process, pid: childPid, pidStart };
  const root = rootOf(process);
  // What cannot be checked stays a claim. An agent may have ended before anybody could look at it.
  if (processCheck === "unavailable" || root === undefined || pidStart === null) return child;
  if (!isBelow(processTable, childPid, [root])) {
    throw new ForeignProcess(`process ${childPid} was not started by this session's run`);
  }
  return { ...child, command: commandOf(processTable, childPid, process.command) };
}
