/**
 * Session handlers: what `hoopx run` needs from its first call to its last,
 * and `hoopx replay --serve`, which is a run against a record.
 */
import type { StartedSession, StartSession } from "../../../contract/session-start.js";
import type { ConnectionRegistry } from "../../connections/registry.js";
import type { Connection } from "../../model/connection.js";
import type { Identity } from "../../model/identity.js";
import { type Session, tokenDigest } from "../../model/session.js";
import type { OAuth } from "../../oauth/oauth.js";
import type { PolicyFiles } from "../../policy/policy-files.js";
import type { ProcessChecker } from "../../processes/process-check.js";
import type { Reruns } from "../../replaying/reruns.js";
import type { SessionRegistry } from "../../sessions/registry.js";
import type { Costs } from "../../spending/prices.js";
import type { Store } from "../../store/store.js";
import type { Actor } from "../caller.js";
import { ControlProblem } from "../control-problem.js";
import type { HandlersOf } from "../handler.js";
import { policyNote } from "../policy/present-policy.js";
import { presentSession } from "../present.js";
import type { Measures } from "../record/measures.js";
import { checkQuery } from "../schemas.js";
import { presentReplay } from "./present-replay.js";
import { sessionFilter } from "./session-filter.js";
import { findSession } from "./session-finder.js";
import { childEnvironment } from "./session-plan.js";
import { createSessionStart, type SessionStartOptions } from "./session-start.js";

export interface SessionHandlersOptions extends SessionStartOptions {
  readonly registry: SessionRegistry;
  readonly store: Store;
  readonly connections: ConnectionRegistry;
  readonly oauth: Pick<OAuth, "whoami" | "holders">;
  readonly reruns: Reruns;
  /** Looked at again for each session: what is wrong with them is said at its start. */
  readonly policies: Pick<PolicyFiles, "refresh">;
  /** How a run may call for attention. */
  readonly notices: StartedSession["notices"];
  /** Of the data path. */
  readonly port: number;
  /** Can a run be held to its processes? */
  readonly checkFor: ProcessChecker["checkFor"];
  readonly draining: () => boolean;
  readonly measures: Pick<Measures, "sessions">;
  readonly costOf: Costs;
}

type Names =
  | "sessionsStart"
  | "sessionsList"
  | "sessionsShow"
  | "sessionsLease"
  | "sessionsEnd"
  | "replayShow"
  | "sessionsRevoke";

/** Creates the handlers for sessions. */
export function createSessionHandlers(options: SessionHandlersOptions): HandlersOf<Names> {
  const { registry, store, connections, oauth, reruns } = options;
  const partsOf = createSessionStart(options);

  async function view(session: Session) {
    const [measured] = await options.measures.sessions([session]);
    return measured ?? { ...presentSession(session), cost: null };
  }

  /** The session of the run that this caller is inside of. */
  function enclosing(actor: Actor): Session | undefined {
    const runs = actor.runsAround();
    if (runs === undefined) {
      const why = "the processes above the one that asks cannot be told, so it may be inside a run";
      throw new ControlProblem("inside_run", why);
    }
    const [innermost] = runs;
    if (innermost === undefined) return undefined;
    if (innermost.holder !== undefined) return innermost.holder.session;
    const why = `the process asks from inside the run of session ${innermost.id}, which is over`;
    throw new ControlProblem("inside_run", why);
  }

  const secondsLeft = ({ expiresAt }: Session) =>
    Math.max(1, Math.ceil((expiresAt.getTime() - options.now().getTime()) / 1000));

  return {
    async sessionsStart({ body, signal, actor }) {
      if (options.draining()) throw stopping();
      const { isClaim, ...runner } = actor.runner(body.process);
      const { command, host, git = null, ci = null } = body.process;
      const outer = enclosing(actor);
      const {
        rerun,
        connections: chosen,
        anyProcess,
        ...parts
      } = await partsOf(within(body, outer), actor, signal);
      // From a re-run that has no credential nothing goes out.
      const offline = rerun !== undefined && parts.credentials.length === 0;
      if (outer !== undefined && !offline) checkWithin(outer, parts.identity, chosen);
      const remove = [
        ...(await connections.holders(body.environment)),
        ...oauth.holders(body.environment),
      ];
      const inForce = await options.policies.refresh({ process: { cwd: runner.cwd } });
      const { session, token } = await registry.start({
        connections: chosen.map((connection) => connection.name),
        ttlSeconds: Math.min(body.ttlSeconds, outer === undefined ? Infinity : secondsLeft(outer)),
        title: body.title ?? null,
        ...parts,
        policyHash: inForce.policy.hash,
        process: { ...runner, command, host, git, ci },
        processCheck:
          anyProcess || isClaim
            ? "unavailable"
            : options.checkFor({ pid: runner.runnerPid, start: runner.runnerStart }),
      });
      if (rerun !== undefined) reruns.enter(session.id, rerun, chosen);
      const environment = childEnvironment({
        sessionId: session.id,
        token: token.reveal(),
        connections: chosen,
        providerNamed: options.providerNamed,
        port: options.port,
      });
      const { bell, notify } = options.notices;
      return {
        session: presentSession(session),
        token: token.reveal(),
        environment,
        remove,
        notes: inForce.problems.map((problem) => policyNote(problem, inForce.layers)),
        notices: { bell, notify },
      };
    },

    async sessionsList({ query }) {
      const filter = sessionFilter(checkQuery("sessionsList", query), options.costOf);
      return options.measures.sessions(await store.sessions.list(filter));
    },

    sessionsShow: async ({ params }) => view(await findSession(store.sessions, params.id ?? "")),

    async sessionsLease({ params, body, actor }) {
      if (options.draining()) throw stopping();
      const id = params.id ?? "";
      const digest = tokenDigest(body.token);
      const lease = await registry.lease({
        ...{ id, token: digest, childPid: body.childPid, by: actor },
      });
      if (lease === undefined) throw notLeased(id, registry.authenticate(digest)?.session);
      return async (send, signal) => {
        try {
          await send({ alive: true });
          await aborted(AbortSignal.any([signal, lease.over]));
        } finally {
          await lease.release();
        }
      };
    },

    async sessionsEnd({ params, body, actor }) {
      const session = await findSession(store.sessions, params.id ?? "");
      return view((await registry.end(session.id, body.exitCode, actor)) ?? session);
    },

    async replayShow({ params }) {
      const session = await findSession(store.sessions, params.id ?? "");
      const rerun = reruns.find(session.id);
      if (rerun !== undefined) return presentReplay(session.id, rerun);
      const why = `session ${session.id} is not a re-run that this daemon knows of`;
      throw new ControlProblem("not_found", why, "hoopx replay ID --serve -- CMD");
    },

    async sessionsRevoke({ params }) {
      const session = await findSession(store.sessions, params.id ?? "");
      const revoked = await registry.revoke(session.id);
      if (revoked !== undefined) return view(revoked);
      throw new ControlProblem(
        "session_over",
        `session ${session.id} is over already: ${session.status}`,
      );
    },
  };
}

/** Where no connection is named, all that the run around it has. */
function within(body: StartSession, outer: Session | undefined): StartSession {
  if (outer === undefined || body.connections.length > 0) return body;
  return { ...body, connections: outer.connections };
}

/** A run inside another one gets no more than that one has (SECURITY A7). */
function checkWithin(
  outer: Session,
  { issuer, subject }: Identity,
  chosen: readonly Connection[],
): void {
  const inside = `inside the run of session ${outer.id}`;
  if (issuer !== outer.identity.issuer || subject !== outer.identity.subject) {
    throw new ControlProblem("inside_run", `${inside} no other login may be used`);
  }
  const more = chosen.find(({ name }) => !outer.connections.includes(name));
  if (more !== undefined) {
    throw new ControlProblem("inside_run", `${inside} connection ${more.name} may not be used`);
  }
}

const endings = { ended: "has ended", revoked: "was revoked", expired: "has expired" } as const;

/** Tells a run what became of its session; a caller without its token learns nothing of it. */
function notLeased(id: string, session: Session | undefined): ControlProblem {
  const over = session?.id === id && session.status !== "active" ? session.status : undefined;
  const message = over ? `session ${id} ${endings[over]}` : `no live session ${id} has this token`;
  return new ControlProblem("session_over", message);
}

function stopping(): ControlProblem {
  return new ControlProblem("daemon_stopping", "the daemon is stopping", "try again");
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
