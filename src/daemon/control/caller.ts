/**
 * Caller: makes the Actor of a control request: who asks, by what proof, and
 * what is permitted. The proof today is the kernel's word on the process that
 * connected (processes/peers.ts). A caller that comes in another way (a bearer
 * token, a passkey, a browser's session) is one more proof here: handlers ask
 * the Actor only, and know no proof.
 */
import type { Socket } from "node:net";
import type { ProfileChoice } from "../../contract/identity-requests.js";
import type { StartSession } from "../../contract/session-start.js";
import type { CallingProcess } from "../model/calling-process.js";
import type { Identity } from "../model/identity.js";
import type { SessionProcess } from "../model/session.js";
import type { Insiders } from "../processes/insiders.js";
import type { Peer } from "../processes/peers.js";
import type { isRunner } from "../processes/run-root.js";
import type { RunAround, SessionRegistry } from "../sessions/registry.js";
import { ControlProblem } from "./control-problem.js";
import { everyonesPermissions, type Permission } from "./permissions.js";

/** The process that a session is held to, its folder and its user, as far as they are proved. */
export interface ProvedRunner
  extends Pick<SessionProcess, "runnerPid" | "runnerStart" | "cwd" | "user"> {
  /** Nothing proves which process it is: it could be any. */
  readonly isClaim: boolean;
}

export interface Actor {
  /** How it is known who asks. */
  readonly proof: Peer;
  /** Why it lacks this permission; undefined where it has it. */
  objection(permission: Permission): string | undefined;
  /** Callers of one client share its part of the connections. */
  client(): string;
  /** Who it is: the login that it chooses, where the provider confirms it, or the system's user. */
  identity(choice: ProfileChoice): Promise<Identity>;
  /** Its program; null where nothing tells. */
  program(): CallingProcess | null;
  /** The runs that it asks from inside of, the innermost first; undefined where they cannot be told. */
  runsAround(): readonly RunAround[] | undefined;
  /** The runner of a session that it starts: what is not proved stands as it is said. */
  runner(said: StartSession["process"]): ProvedRunner;
  /** Did it start the session of this process? True where this system does not tell: then the session's token has to do. */
  isRunnerOf(process: Pick<SessionProcess, "runnerPid" | "runnerStart">): boolean;
}

/** Who is at the other end of a control connection; to be asked first when it comes (processes/peers.ts). */
export type ActorOf = (socket: Socket) => Promise<Actor>;

export interface ActorOptions {
  /** What the kernel and the process table tell. */
  readonly processes: {
    readonly peerOf: (socket: Socket) => Promise<Peer>;
    readonly insideRun: Insiders;
    readonly isRunner: typeof isRunner;
    readonly programOf: (pid: number) => CallingProcess | null;
    readonly folderOf: (pid: number) => string | undefined;
  };
  readonly registry: Pick<SessionRegistry, "runsAround" | "clientOf">;
  readonly identityOf: Actor["identity"];
  /** The user that the daemon runs as. */
  readonly systemUser: Identity;
}

const everyones: ReadonlySet<Permission> = new Set(everyonesPermissions);

/** Creates what makes the Actors. */
export function createActors(options: ActorOptions): ActorOf {
  const { processes, registry, systemUser } = options;

  function actorFor(proof: Peer): Actor {
    const pid = proof.kind === "process" ? proof.pid : undefined;
    return {
      proof,
      objection: (permission) =>
        everyones.has(permission) ? undefined : processes.insideRun(proof),
      client: () => (pid === undefined ? proof.kind : registry.clientOf(pid)),
      identity: options.identityOf,
      program: () => (pid === undefined ? null : processes.programOf(pid)),
      runsAround: () => (pid === undefined ? [] : registry.runsAround(pid)),
      runner: (said) => runnerBy(proof, said),
      isRunnerOf: (process) => processes.isRunner(proof, process),
    };
  }

  function runnerBy(
    proof: Peer,
    { cwd, user, runnerPid: claimed = 0 }: StartSession["process"],
  ): ProvedRunner {
    const said = { runnerPid: claimed, runnerStart: null, cwd, user };
    switch (proof.kind) {
      case "process":
        return {
          runnerPid: proof.pid,
          runnerStart: proof.start,
          cwd: processes.folderOf(proof.pid) ?? cwd,
          user: proof.uid === process.getuid?.() ? systemUser.subject : `uid ${proof.uid}`,
          isClaim: false,
        };
      // The session's own check says that its processes cannot be told.
      case "hidden":
        return { ...said, isClaim: false };
      case "untold":
        if (claimed > 0) return { ...said, isClaim: true };
        throw new ControlProblem("bad_request", `process.runnerPid is missing: ${proof.why}`);
      case "gone":
        throw new ControlProblem("bad_request", "the process that asks for the session has ended");
    }
  }

  return async (socket) => actorFor(await processes.peerOf(socket));
}
