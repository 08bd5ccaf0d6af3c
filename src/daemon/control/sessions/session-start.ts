/**
 * Session start: whose a new session is, which connections it has and with
 * what credentials. The credential is asked for before the session starts, so
 * that a locked keychain is told to the person at `hoopx run` and not to the
 * agent later. A re-run from which nothing goes out needs neither credential
 * nor login, nor the connections of the recorded session.
 */
import type { ReplayChoice } from "../../../contract/replay-views.js";
import type { StartSession } from "../../../contract/session-start.js";
import type { ConnectionRegistry } from "../../connections/registry.js";
import type { Credential, CredentialSource } from "../../credentials/source.js";
import type { Connection } from "../../model/connection.js";
import type { Identity } from "../../model/identity.js";
import { replayLabel, type SessionCredential } from "../../model/session.js";
import type { OAuth } from "../../oauth/oauth.js";
import type { Provider } from "../../providers/provider.js";
import type { Rerun } from "../../replaying/rerun.js";
import type { Reruns } from "../../replaying/reruns.js";
import type { Store } from "../../store/store.js";
import { lifetimeText } from "../access/lifetime.js";
import type { Actor } from "../caller.js";
import { ControlProblem } from "../control-problem.js";
import { findSession } from "./session-finder.js";
import { chooseConnections } from "./session-plan.js";

export interface SessionStartOptions {
  readonly store: Pick<Store, "sessions" | "exchanges">;
  readonly connections: Pick<ConnectionRegistry, "list" | "defaultOf" | "problems">;
  readonly providerNamed: (name: string) => Provider | undefined;
  readonly source: Pick<CredentialSource, "obtain">;
  /** Whose a re-run is, as far as it is known here. */
  readonly oauth: Pick<OAuth, "whoami">;
  /** Whose a re-run is without a login. */
  readonly systemUser: Identity;
  readonly reruns: Pick<Reruns, "load" | "parsePlace">;
  readonly now: () => Date;
}

export interface SessionParts {
  readonly identity: Identity;
  readonly connections: readonly Connection[];
  readonly credentials: readonly SessionCredential[];
  readonly labels: Readonly<Record<string, string>>;
  readonly rerun: Rerun | undefined;
  /** Is its token not held to its run's processes? */
  readonly anyProcess: boolean;
}

/** Creates what finds the parts of a new session. */
export function createSessionStart(options: SessionStartOptions) {
  const { store, connections, oauth, source, now } = options;

  return async function partsOf(
    body: StartSession,
    actor: Pick<Actor, "identity">,
    signal: AbortSignal,
  ): Promise<SessionParts> {
    if (body.labels[replayLabel] !== undefined) {
      const why = `the label ${replayLabel} is hoopx's own`;
      throw new ControlProblem("bad_request", why, "choose another name for the label");
    }
    const rerun = body.replay && (await rerunOf(body.replay));
    signal.throwIfAborted();
    const labels =
      rerun === undefined ? body.labels : { ...body.labels, [replayLabel]: rerun.options.of.id };
    if (rerun !== undefined && isOffline(rerun)) {
      const anyProcess = body.replay?.anyProcess === true;
      const identity = await knownIdentity(body);
      const recorded = recordedConnections(rerun);
      return { identity, connections: recorded, credentials: [], labels, rerun, anyProcess };
    }
    if (body.replay?.anyProcess === true) {
      const why = "requests of this re-run may go out, so its token is held to its own command";
      throw new ControlProblem("bad_request", why, "hoopx replay ID --serve … -- CMD");
    }
    const names = rerun?.options.of.connections ?? body.connections;
    const chosen = chooseConnections(connections, names);
    const identity = await actor.identity(body.login ?? {});
    signal.throwIfAborted();
    const credentials: SessionCredential[] = [];
    for (const connection of chosen) {
      const credential = await source.obtain(connection, identity, signal);
      credentials.push(sessionCredential(connection, credential, now()));
    }
    return { identity, connections: chosen, credentials, labels, rerun, anyProcess: false };
  };

  async function rerunOf(choice: ReplayChoice): Promise<Rerun> {
    const of = await findSession(store.sessions, choice.session);
    const ignore = choice.ignore.map((text) => {
      const place = options.reruns.parsePlace(text);
      if (place !== undefined) return place;
      const why = "--ignore takes a place in a request";
      throw new ControlProblem("bad_request", why, "write --ignore 'input[*].content'");
    });
    const rerun = await options.reruns.load({
      of,
      from: choice.from,
      onMiss: choice.onMiss,
      pace: choice.pace,
      ignore,
      exact: new Set(choice.exact),
    });
    if (rerun.expected.length > 0 || choice.from !== undefined) return rerun;
    throw new ControlProblem(
      "not_found",
      `session ${of.id} has no exchange that could be replayed`,
      `hoopx sessions show ${of.id}`,
    );
  }

  /** As far as it is known here: a re-run asks no provider. */
  async function knownIdentity({ login = {} }: StartSession): Promise<Identity> {
    try {
      return (await oauth.whoami(login)).login.claimed.identity;
    } catch {
      return options.systemUser;
    }
  }

  /** The recorded session's, as they are here, or made up where they are not: none is dialled. */
  function recordedConnections({ options: { of }, expected }: Rerun): readonly Connection[] {
    return of.connections.map((name) => {
      const found = connections.list().find((connection) => connection.name === name);
      if (found !== undefined) return found;
      const operation = expected.find(({ record }) => record.connection === name)?.record.operation;
      const provider = operation?.provider ?? "openai";
      const base = options.providerNamed(provider)?.defaultBaseUrl ?? "";
      return {
        name,
        provider,
        origin: "https://replay.invalid",
        basePath: base === "" ? "" : new URL(base).pathname.replace(/\/$/, ""),
        credential: { kind: "static-key", secretStore: "file", secretName: "" },
        allowPrivateNetwork: false,
        createdAt: of.startedAt,
        rotatedAt: null,
      };
    });
  }
}

/** Can no request of it go out? */
function isOffline({ options }: Rerun): boolean {
  return options.from === undefined && options.onMiss !== "live";
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
