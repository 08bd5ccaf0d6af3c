/**
 * Callers: the rooms that find out which process asks, put together for the
 * path, the sessions and the control API.
 */
import { uptime } from "node:os";
import type { CallingProcess } from "../model/calling-process.js";
import { createCallers } from "../processes/callers.js";
import { createInsiders, type Runner } from "../processes/insiders.js";
import { loadPeerPid } from "../processes/peer-pid.js";
import { createPeers } from "../processes/peers.js";
import { createProcessCheck } from "../processes/process-check.js";
import { startedAt } from "../processes/process-start.js";
import { processTable as table } from "../processes/process-table.js";
import { isRunner } from "../processes/run-root.js";
import { createSearch } from "../processes/search.js";
import { createSlices } from "../processes/slices.js";
import { createSocketTable } from "../processes/socket-table.js";

/** Searches for the process that used a token outside its run, at most, a minute. */
const searchesPerMinute = 20;

export interface CallersOptions {
  /** The processes that asked for sessions, and live. */
  readonly runners: () => readonly Runner[];
}

export type CallerRooms = ReturnType<typeof composeCallers>;

/** Creates what tells callers apart. */
export function composeCallers({ runners }: CallersOptions) {
  /** When the machine started, milliseconds since 1970. */
  const bootedAt = Date.now() - uptime() * 1000;
  const sockets = createSocketTable();
  const peers = createPeers({ load: loadPeerPid, table, bootedAt, now: Date.now });
  const now = () => performance.now();
  const inSlices = createSlices(now);
  const search = createSearch({ table, inSlices, now, perMinute: searchesPerMinute });
  return {
    /** Why callers of the control API cannot be told here; null where they can. */
    callersUnavailable: peers.unavailable,
    /** What proves who asks on the control socket. */
    processes: {
      peerOf: peers.of,
      insideRun: createInsiders({ table, runners }),
      isRunner,
      programOf(pid: number): CallingProcess | null {
        const entry = table.entry(pid);
        if (entry === undefined) return null;
        const executable = table.executable(entry.pid) ?? entry.name;
        return { pid: entry.pid, executable, startedAt: startedAt(entry, bootedAt) };
      },
      folderOf: table.folder,
    },
    callerOf: createCallers({ sockets, table, search, inSlices, bootedAt }),
    /** Whether callers on this port of 127.0.0.1 can be told apart here. */
    checkOn: (port: number) =>
      createProcessCheck({ sockets, table, listening: { address: "127.0.0.1", port } }),
  };
}
