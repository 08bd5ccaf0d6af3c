/**
 * Callers: whose socket a request came on, and whether that process belongs to
 * the session's run (SECURITY L7, docs/decisions/0008). Looked up once a
 * connection, never a request. A socket that was inherited has several owners:
 * all of them must be inside. Whoever cannot be told is outside.
 */
import type { CallingProcess } from "../model/calling-process.js";
import type { Session } from "../model/session.js";
import type { ProcessEntry, ProcessMark, ProcessTable } from "./process-table.js";
import { rootOf } from "./run-root.js";
import type { Search } from "./search.js";
import type { SocketTable } from "./socket-table.js";
import { isBelow, lives, processesBelow, straysOf } from "./tree.js";

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
  /** When the machine started, milliseconds since 1970. */
  readonly bootedAt: number;
}

/** Who is at the other end of this socket? At once where it was asked before. */
export type Callers = (socket: PeerSocket, holder: RunHolder) => Caller | Promise<Caller>;

const unchecked: Caller = { inside: true, process: null };
/** The kernel counts a process's start in hundredths of a second on every machine Node runs on. */
const tickMs = 10;
/** Processes of a run that are known beyond its tree, before those that ended are forgotten. */
const keptProcesses = 64;

/** Creates the look-up. */
export function createCallers(options: CallersOptions): Callers {
  const { sockets, table, search, bootedAt } = options;
  const known = new WeakMap<PeerSocket, WeakMap<RunHolder, Caller | Promise<Caller>>>();
  /** Once inside, always inside: a worker outlives the shell that started it. */
  const seen = new WeakMap<RunHolder, Map<number, ProcessMark>>();

  function describe(entry: ProcessEntry): CallingProcess {
    return {
      pid: entry.pid,
      executable: table.executable(entry.pid) ?? entry.name,
      startedAt: new Date(bootedAt + entry.start * tickMs),
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

  /** The look below the run; undefined where nobody there has the socket. */
  function lookBelow(root: ProcessMark, roots: readonly ProcessMark[], inode: number) {
    const inside = processesBelow(table, roots);
    const holds = ({ pid }: ProcessEntry) => table.holds(pid, inode);
    const owners = [...inside.values()].filter(holds);
    if (owners.length === 0) return undefined;
    return { owners, stray: straysOf(table, root, inside).find(holds) };
  }

  async function look(socket: PeerSocket, holder: RunHolder): Promise<Caller> {
    const inode = await inodeOf(socket);
    const root = rootOf(holder.session.process);
    if (inode === undefined) return outside(null, "from a process that has left already");
    if (root === undefined) return outside(null, "from a process that cannot be told");
    const roots = [root, ...(seen.get(holder)?.values() ?? [])];
    const found = lookBelow(root, roots, inode);
    if (found?.stray !== undefined) return strangerOf(found.stray);
    if (found !== undefined) return admit(holder, found.owners);
    // Names who tried; and the kernel's list of a busy parent's children can lack some, who are inside.
    const owners = (await search(inode)) ?? [];
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
