/**
 * Callers: whose socket a request came on, and whether that process belongs to
 * the session's run (SECURITY L7, docs/decisions/0008). Looked up once a
 * connection, never a request. A socket that was inherited has several owners:
 * all of them must be inside. A process that cannot be told is outside.
 */
import { setTimeout as delay, setImmediate as turn } from "node:timers/promises";
import type { CallingProcess } from "../model/calling-process.js";
import type { Session } from "../model/session.js";
import { startedAt } from "./process-start.js";
import type { ProcessEntry, ProcessMark, ProcessTable } from "./process-table.js";
import { rootOf } from "./run-root.js";
import type { Search } from "./search.js";
import type { Slices } from "./slices.js";
import type { SocketTable } from "./socket-table.js";
import { mostFiles, type Survey, surveyOf } from "./survey.js";
import { isBelow, lives } from "./tree.js";

/** What comes in on the data path, as far as it matters here. */
export interface PeerSocket {
  readonly remoteAddress?: string | undefined;
  readonly remotePort?: number | undefined;
  readonly localAddress?: string | undefined;
  readonly localPort?: number | undefined;
}

/** One object for as long as a session lives; what is known of its processes hangs on it. */
export interface RunHolder {
  readonly session: Pick<Session, "process" | "processCheck">;
}

export type Caller =
  /** `process` is null where the system cannot tell. */
  | { readonly inside: true; readonly process: CallingProcess | null }
  /** `process` is the one that tried, where it could be found; `why` is a sentence for people. */
  | { readonly inside: false; readonly process: CallingProcess | null; readonly why: string };

export interface CallersOptions {
  readonly sockets: SocketTable;
  readonly table: ProcessTable;
  readonly search: Search;
  readonly inSlices: Slices;
  /** When the machine started, milliseconds since 1970. */
  readonly bootedAt: number;
}

/** Who is at the other end of this socket? At once where it was asked before. */
export type Callers = (socket: PeerSocket, holder: RunHolder) => Caller | Promise<Caller>;

const tooManyFiles = `from a process that cannot be told: the run and its neighbours have more than ${mostFiles} files open`;
const unchecked: Caller = { inside: true, process: null };
/** Processes of a run that are known beyond its tree, before those that ended are forgotten. */
const keptProcesses = 64;

/** A look below a run that is about to begin, and what it looks for. */
interface Look {
  readonly wanted: Set<number>;
  readonly found: Promise<Survey>;
}

/** Milliseconds that a run waits for its next look, for each open file of the one before; none after a small one. */
const restPerFile = 0.01;
const smallLook = 4_096;

/** Creates the look-up. */
export function createCallers(options: CallersOptions): Callers {
  const { sockets, table, search, inSlices, bootedAt } = options;
  const known = new WeakMap<PeerSocket, WeakMap<RunHolder, Caller | Promise<Caller>>>();
  const looks = new Map<RunHolder, Look>();
  /** The look of a run that goes on, and its rest. */
  const running = new Map<RunHolder, Promise<unknown>>();
  /** Once inside, always inside: a worker outlives the shell that started it. */
  const seen = new WeakMap<RunHolder, Map<number, ProcessMark>>();

  function describe(entry: ProcessEntry): CallingProcess {
    return {
      pid: entry.pid,
      executable: table.executable(entry.pid) ?? entry.name,
      startedAt: startedAt(entry, bootedAt),
    };
  }

  function admit(holder: RunHolder, owners: readonly ProcessEntry[]): Caller {
    const members = seen.get(holder) ?? new Map<number, ProcessMark>();
    seen.set(holder, members);
    for (const { pid, start } of owners) members.set(pid, { pid, start });
    if (members.size > keptProcesses) {
      for (const mark of members.values()) if (!lives(table, mark)) members.delete(mark.pid);
    }
    // Of a socket that was inherited, the eldest owner opened it.
    const [eldest] = [...owners].sort((one, other) => one.start - other.start);
    return { inside: true, process: eldest === undefined ? null : describe(eldest) };
  }

  const rootsOf = (root: ProcessMark, holder: RunHolder) => [
    root,
    ...(seen.get(holder)?.values() ?? []),
  ];

  /**
   * The look below the run, shared by all connections that wait for it: a new agent opens several at
   * once. A run has one at a time, and one that had much to go through waits for its next.
   */
  function survey(root: ProcessMark, holder: RunHolder, inode: number): Promise<Survey> {
    const waiting = looks.get(holder);
    if (waiting !== undefined) {
      waiting.wanted.add(inode);
      return waiting.found;
    }
    const wanted = new Set([inode]);
    const found = (running.get(holder) ?? turn()).then(() => {
      looks.delete(holder);
      return inSlices(surveyOf({ table, root, roots: rootsOf(root, holder), wanted }));
    });
    looks.set(holder, { wanted, found });
    const rested = found
      .then(({ looked }) => (looked > smallLook ? delay(looked * restPerFile) : undefined))
      .catch(() => undefined)
      .then(() => {
        if (running.get(holder) === rested) running.delete(holder);
      });
    running.set(holder, rested);
    return found;
  }

  async function look(socket: PeerSocket, holder: RunHolder): Promise<Caller> {
    const inode = await inodeOf(socket);
    const root = rootOf(holder.session.process);
    if (inode === undefined) return outside(null, "from a process that has left already");
    if (root === undefined) return outside(null, "from a process that cannot be told");
    const found = await survey(root, holder, inode);
    const [stray] = found.strays.get(inode) ?? [];
    if (stray !== undefined) return strangerOf(stray);
    // The look took its time: a number may be another process's by now.
    const inside = found.owners.get(inode)?.filter((owner) => lives(table, owner)) ?? [];
    if (!found.whole) return outside(null, tooManyFiles);
    if (inside.length > 0) return admit(holder, inside);
    // Names who tried; and the kernel's list of a busy parent's children can lack some, who are inside.
    const owners = (await search(inode)) ?? [];
    const roots = rootsOf(root, holder);
    const stranger = owners.find(({ pid }) => !isBelow(table, pid, roots));
    if (stranger !== undefined) return strangerOf(stranger);
    if (owners.length > 0) return admit(holder, owners);
    return outside(null, "from a process that cannot be told");
  }

  function strangerOf(entry: ProcessEntry): Caller {
    const process = describe(entry);
    return outside(process, `from process ${process.pid} (${process.executable})`);
  }

  async function inodeOf(socket: PeerSocket): Promise<number | undefined> {
    const { remoteAddress, remotePort, localAddress, localPort } = socket;
    if (!remoteAddress || !remotePort || !localAddress || !localPort) return undefined;
    const client = { address: remoteAddress, port: remotePort };
    const server = { address: localAddress, port: localPort };
    // Read in pieces while it changes, the list can lack a row: once more.
    return (await sockets.inodeOf(client, server)) ?? (await sockets.inodeOf(client, server));
  }

  return function callerOf(socket, holder) {
    if (holder.session.processCheck === "unavailable") return unchecked;
    const ofSocket = known.get(socket) ?? new WeakMap<RunHolder, Caller | Promise<Caller>>();
    const before = ofSocket.get(holder);
    if (before !== undefined) return before;
    known.set(socket, ofSocket);
    const looking = look(socket, holder).then(
      (caller) => {
        ofSocket.set(holder, caller);
        return caller;
      },
      (error) => {
        ofSocket.delete(holder);
        throw error;
      },
    );
    ofSocket.set(holder, looking);
    return looking;
  };
}

function outside(process: CallingProcess | null, why: string): Caller {
  return { inside: false, process, why };
}
