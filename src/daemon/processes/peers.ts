/**
 * Peers: which process is at the other end of a control connection. The kernel
 * says who connected (peer-pid.ts), and when that process started. Both are
 * read when the connection comes, and held to what the number means at each
 * request: a process that handed its connection on and ended, and whose number
 * another one has by now, is not taken for that other.
 */
import type { Socket } from "node:net";
import type { PeerPid } from "./peer-pid.js";
import { startedAt, startOf } from "./process-start.js";
import type { ProcessTable } from "./process-table.js";

export type Peer =
  /** `start` is null where this system does not tell. */
  | {
      readonly kind: "process";
      readonly pid: number;
      readonly start: string | null;
      readonly uid: number;
    }
  /** It is in a pid namespace that this one does not see: a container's. */
  | { readonly kind: "hidden" }
  /** The process that connected has ended, or cannot be read. */
  | { readonly kind: "gone" }
  /** This system does not tell which process asks; `why` says so. */
  | { readonly kind: "untold"; readonly why: string };

export interface PeersOptions {
  /** Throws where this system cannot tell. */
  readonly load: () => Promise<PeerPid>;
  readonly table: Pick<ProcessTable, "entry">;
  /** When the machine started, milliseconds since 1970. */
  readonly bootedAt: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export interface Peers {
  /** To be asked first when the connection comes; later answers are the same process, or that it is gone. */
  of(socket: Socket): Promise<Peer>;
  /** Why callers cannot be told here; null where they can. */
  unavailable(): Promise<string | null>;
}

/** The clock may be set while we run. */
const slackMs = 2_000;

/** Creates the question. */
export function createPeers({ table, bootedAt, now, ...options }: PeersOptions): Peers {
  const known = new WeakMap<Socket, Promise<Peer>>();
  let loading: Promise<PeerPid | Error> | undefined;

  function load(): Promise<PeerPid | Error> {
    loading ??= options
      .load()
      .catch((error) => (error instanceof Error ? error : new Error(String(error))));
    return loading;
  }

  async function look(socket: Socket, connectedAt: number): Promise<Peer> {
    const peerPid = await load();
    if (peerPid instanceof Error) return { kind: "untold", why: peerPid.message };
    const credential = peerPid(socket);
    if (credential === undefined) return { kind: "gone" };
    const { pid, uid } = credential;
    if (pid === 0) return { kind: "hidden" };
    try {
      const entry = table.entry(pid);
      // Its number may be another's by now: one that started after the connection did not make it.
      const late = entry && startedAt(entry, bootedAt).getTime() > connectedAt + slackMs;
      if (entry === undefined || entry.gone || late) return { kind: "gone" };
      return { kind: "process", pid, start: startOf(entry), uid };
    } catch {
      // Out of file descriptors, or the like.
      return { kind: "gone" };
    }
  }

  function asItIsNow(peer: Peer): Peer {
    if (peer.kind !== "process") return peer;
    try {
      const entry = table.entry(peer.pid);
      const same = entry !== undefined && !entry.gone && startOf(entry) === peer.start;
      return same ? peer : { kind: "gone" };
    } catch {
      return { kind: "gone" };
    }
  }

  return {
    of(socket) {
      const before = known.get(socket);
      if (before !== undefined) return before.then(asItIsNow);
      const looking = look(socket, now());
      known.set(socket, looking);
      return looking;
    },

    async unavailable() {
      const loaded = await load();
      return loaded instanceof Error ? loaded.message : null;
    },
  };
}
