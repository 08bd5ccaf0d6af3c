/**
 * Session handlers: what `hoopx run` needs from its first call to its last.
 * The credential is asked for before the session starts, so that a locked
 * keychain is told to the person at `hoopx run` and not to the agent later.
 */
import type { StartedSession } from "../../../contract/routes.js";
import type { ConnectionRegistry } from "../../connections/registry.js";
import type { Credential, CredentialSource } from "../../credentials/source.js";
import type { Connection } from "../../model/connection.js";
import { type Session, type SessionCredential, tokenDigest } from "../../model/session.js";
import type { OAuth } from "../../oauth/oauth.js";
import type { PolicyFiles } from "../../policy/policy-files.js";
import type { Provider } from "../../providers/provider.js";
import type { SessionRegistry } from "../../sessions/registry.js";
import type { Costs } from "../../spending/prices.js";
import type { Store } from "../../store/store.js";
import type { FileProblem } from "../../yaml/checked-yaml.js";
import { ControlProblem } from "../control-problem.js";
import type { HandlersOf } from "../handler.js";
import { lifetimeText } from "../lifetime.js";
import type { Measures } from "../measures.js";
import { presentSession } from "../present.js";
import { checkSessionQuery } from "../schemas.js";
import { sessionFilter } from "../session-filter.js";
import { findSession } from "../session-finder.js";
import { childEnvironment, chooseConnections } from "../session-plan.js";

export interface SessionHandlersOptions {
  readonly registry: SessionRegistry;
  readonly store: Store;
  readonly connections: ConnectionRegistry;
  readonly providerNamed: (name: string) => Provider | undefined;
  readonly source: CredentialSource;
  /** Whose a new session is. */
  readonly oauth: Pick<OAuth, "forSession" | "holders">;
  /** Looked at anew for each session: what is wrong with them is said at its start. */
  readonly policies: Pick<PolicyFiles, "refresh">;
  /** How a run may call for attention. */
  readonly notices: StartedSession["notices"];
  /** Of the data path. */
  readonly port: () => number;
  readonly draining: () => boolean;
  readonly measures: Pick<Measures, "sessions">;
  readonly costOf: Costs;
  readonly now: () => Date;
}

type Names =
  | "sessionsStart"
  | "sessionsList"
  | "sessionsShow"
  | "sessionsLease"
  | "sessionsEnd"
  | "sessionsRevoke";

/** Creates the handlers for sessions. */
export function createSessionHandlers(options: SessionHandlersOptions): HandlersOf<Names> {
  const { registry, store, connections, oauth } = options;

  async function view(session: Session) {
    const [measured] = await options.measures.sessions([session]);
    return measured ?? { ...presentSession(session), cost: null };
  }

  return {
    async sessionsStart({ body, signal }) {
      if (options.draining()) throw stopping();
      const { pidNamespace, git = null, ci = null, ...process } = body.process;
      const chosen = chooseConnections(connections.list(), body.connections);
      const identity = await oauth.forSession(body.login ?? {});
      signal.throwIfAborted();
      const credentials: SessionCredential[] = [];
      for (const connection of chosen) {
        const credential = await options.source.obtain(connection, identity, signal);
        credentials.push(sessionCredential(connection, credential, options.now()));
      }
      const remove = [
        ...(await connections.holders(body.environment)),
        ...oauth.holders(body.environment),
      ];
      const inForce = await options.policies.refresh({ process: { cwd: process.cwd } });
      const { session, token } = await registry.start({
        connections: chosen.map((connection) => connection.name),
        ttlSeconds: body.ttlSeconds,
        title: body.title ?? null,
        labels: body.labels,
        identity,
        policyHash: inForce.policy.hash,
        process: { ...process, git, ci },
        pidNamespace,
        credentials,
      });
      const environment = childEnvironment({
        sessionId: session.id,
        token: token.reveal(),
        connections: chosen,
        providerNamed: options.providerNamed,
        port: options.port(),
      });
      const { bell, notify } = options.notices;
      return {
        session: presentSession(session),
        token: token.reveal(),
        environment,
        remove,
        notes: inForce.problems.map((problem) => policyNote(problem)),
        notices: { bell, notify },
      };
    },

    async sessionsList({ query }) {
      const filter = sessionFilter(checkSessionQuery(query), options.costOf);
      return options.measures.sessions(await store.sessions.list(filter));
    },

    sessionsShow: async ({ params }) => view(await findSession(store.sessions, params.id ?? "")),

    async sessionsLease({ params, body }) {
      if (options.draining()) throw stopping();
      const id = params.id ?? "";
      const digest = tokenDigest(body.token);
      const lease = await registry.lease(id, digest, body.childPid);
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

    async sessionsEnd({ params, body }) {
      const session = await findSession(store.sessions, params.id ?? "");
      return view((await registry.end(session.id, body.exitCode)) ?? session);
    },

    async sessionsRevoke({ params }) {
      const session = await findSession(store.sessions, params.id ?? "");
      const revoked = await registry.revoke(session.id);
      if (revoked !== undefined) return view(revoked);
      throw new ControlProblem(
        "session_over",
        `session ${session.id} is ${session.status} already`,
      );
    },
  };
}

/** What `hoopx run` says of a policy file that is not in force as it stands. */
function policyNote({ file, line, column, reason, hint }: FileProblem): string {
  const place = `${file}:${line}:${column}`;
  return `policy: ${place}: ${reason}${hint === null ? "" : `; ${hint}`}`;
}

const endings = { ended: "has ended", revoked: "was revoked", expired: "has expired" } as const;

/** Tells a run what became of its session; whoever has not its token learns nothing of it. */
function notLeased(id: string, session: Session | undefined): ControlProblem {
  const over = session?.id === id && session.status !== "active" ? session.status : undefined;
  const message = over ? `session ${id} ${endings[over]}` : `no live session ${id} has this token`;
  return new ControlProblem("session_over", message);
}

/** What the record says of a credential: its end, never itself. */
function sessionCredential(
  { name, credential: { kind } }: Connection,
  credential: Credential,
  now: Date,
): SessionCredential {
  return {
    connection: name,
    kind,
    lifetime: lifetimeText(kind, credential, now),
    expiresAt: credential.expiresAt ?? null,
  };
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
