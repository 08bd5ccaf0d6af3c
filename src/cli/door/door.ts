/**
 * Door: connections to the control socket on which the daemon answers, and no
 * other program. Any process of this user can put a socket of its own in the
 * daemon's place and relay what comes; it would read keys and passphrases, and
 * show a person another request than the one that is approved.
 */
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { type Home, lockFileOf } from "../../contract/home.js";
import { CliError } from "../cli-error.js";
import { firstAnswerFrom } from "./first-answer.js";
import { loadKernel } from "./kernel.js";
import { createLockFile } from "./lock-file.js";
import { lineageOf } from "./process-facts.js";
import { type StandingOptions, standingOf } from "./standing.js";

export interface OpenOptions {
  /** Is a secret to be sent? */
  readonly secret: boolean;
  readonly signal?: AbortSignal | undefined;
}

export interface Door {
  /** Path of the control socket. */
  readonly socket: string;
  /** A connection that nothing reads yet. Rejects with the system's error, or a CliError that says who answers. */
  open(options: OpenOptions): Promise<Socket>;
  /** This process started the daemon of that number. */
  started(pid: number, ended: Promise<void>): void;
}

export interface DoorOptions {
  readonly home: Pick<Home, "socket" | "data">;
  /** Path of `hoopxd.js`. */
  readonly program: string;
  readonly environment: StandingOptions["environment"];
}

/** Milliseconds between looks at a process that is not in order yet, and how many looks there are. */
const step = 20;
const looks = 10;

/** The door that asks the kernel who answers, where this system can tell. */
export function createDoor({ home, program, environment }: DoorOptions): Door {
  const { socket } = home;
  const own = new Set<number>();
  let loading: ReturnType<typeof parts> | undefined;
  /** Processes that were found to be the daemon, with nothing to be said against them. */
  const known = new Set<string>();

  async function parts() {
    const kernel = await loadKernel();
    if (kernel === undefined) return undefined;
    return { kernel, lockFile: createLockFile(lockFileOf(home), kernel) };
  }

  const load = () => {
    loading ??= parts();
    return loading;
  };

  const markOf = (pid: number) => `${pid}:${lineageOf(pid)?.start ?? "gone"}`;

  async function check(pid: number, secret: boolean, options: StandingOptions): Promise<void> {
    if (known.has(markOf(pid))) return;
    let standing = standingOf(pid, options);
    const isSettled = () =>
      standing.kind === "gone" ||
      (standing.kind === "daemon" && (!secret || standing.doubt === undefined));
    // A daemon that ends gives its lock back last, and a run vouches for its own once that answers.
    for (let look = 0; !isSettled() && look < looks; look += 1) {
      await delay(step);
      standing = standingOf(pid, options);
    }
    if (standing.kind === "gone") throw new Error("the process that answered has ended");
    if (standing.kind === "foreign") throw notTheDaemon(pid, standing.why);
    if (standing.doubt === undefined) known.add(markOf(pid));
    else if (secret) throw notTrusted(pid, standing.doubt);
  }

  return {
    socket,

    async open({ secret, signal }) {
      const connection = await connected(socket, signal);
      try {
        const loaded = await load();
        if (loaded === undefined) return connection;
        const pid = await firstAnswerFrom(connection, loaded.kernel, signal);
        const { lockFile } = loaded;
        await check(pid, secret, { lockFile, program, environment, isOwn: (of) => own.has(of) });
        return connection;
      } catch (error) {
        connection.destroy();
        throw error;
      }
    },

    started(pid, ended) {
      own.add(pid);
      void ended.then(() => own.delete(pid));
      // Where it cannot, the daemon is trusted with no secret, and that is said then.
      void load()
        .then((loaded) => loaded?.lockFile.vouchFor(pid, ended))
        .catch(() => undefined);
    },
  };
}

/** The door that asks nothing about the other end: for candidates of a completion, which carry no weight. */
export function openDoor(socket: string): Door {
  return { socket, open: ({ signal }) => connected(socket, signal), started: () => undefined };
}

async function connected(path: string, signal: AbortSignal | undefined): Promise<Socket> {
  const socket = connect(path);
  // Read by none of Node until it is known who answers.
  socket.pause();
  try {
    await once(socket, "connect", { signal });
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

function notTheDaemon(pid: number, why: string): CliError {
  return new CliError(
    "not_the_daemon",
    `${why}. Nothing was sent`,
    `a program has put itself in the daemon's place: end it (kill ${pid}), then hoopx doctor`,
  );
}

function notTrusted(pid: number, doubt: string): CliError {
  return new CliError(
    "daemon_not_trusted",
    `the daemon (process ${pid}) ${doubt}: no secret is sent to it`,
    "hoopx daemon restart, in a terminal of your own outside of any hoopx run; then try again",
  );
}
