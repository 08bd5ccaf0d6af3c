/**
 * Process check: can this system tell which process a connection belongs to
 * (SECURITY L7)? Tried once on the daemon's own socket, then for each run: one
 * in another pid namespace, a container's, has numbers that mean other
 * processes here. Where it cannot be told that is said, never guessed.
 */
import { existsSync, readlinkSync } from "node:fs";
import type { ProcessCheck } from "../model/session.js";
import { markOf } from "./process-start.js";
import type { ProcessTable } from "./process-table.js";
import type { SocketEnd, SocketTable } from "./socket-table.js";
import { lives } from "./tree.js";

/** The process that asked for a session, as the kernel told. */
export interface AskingProcess {
  readonly pid: number;
  /** Null: it cannot be seen from here. */
  readonly start: string | null;
}

export interface ProcessChecker {
  /** Why no session of this daemon can be held to its processes; null where they can. */
  readonly unavailable: string | null;
  /** Of the daemon. */
  readonly pidNamespace: string | null;
  /** What a run gets. */
  checkFor(runner: AskingProcess): ProcessCheck;
}

export interface ProcessCheckOptions {
  readonly sockets: SocketTable;
  readonly table: ProcessTable;
  /** The socket on which the daemon listens. */
  readonly listening: SocketEnd;
}

/** Tries it, and creates what tells. */
export async function createProcessCheck(options: ProcessCheckOptions): Promise<ProcessChecker> {
  const unavailable = await objection(options);
  const pidNamespace = ownPidNamespace();
  return {
    unavailable,
    pidNamespace,
    checkFor({ pid, start }) {
      if (unavailable !== null) return "unavailable";
      const mark = markOf(pid, start);
      return mark !== undefined && lives(options.table, mark) ? "tree" : "unavailable";
    },
  };
}

async function objection(options: ProcessCheckOptions): Promise<string | null> {
  const { sockets, table, listening } = options;
  if (process.platform !== "linux") {
    return `${process.platform} does not tell which process a connection belongs to`;
  }
  if (!existsSync(`/proc/self/task/${process.pid}/children`)) {
    return "this kernel does not list a process's children (CONFIG_PROC_CHILDREN)";
  }
  try {
    const nowhere = { address: "0.0.0.0", port: 0 };
    const inode = await sockets.inodeOf(listening, nowhere);
    if (inode !== undefined && [...table.sockets(process.pid)].includes(inode)) return null;
  } catch {
    // As where the socket is not listed.
  }
  return "/proc does not show which sockets a process has open";
}

function ownPidNamespace(): string | null {
  try {
    return readlinkSync("/proc/self/ns/pid");
  } catch {
    return null;
  }
}
