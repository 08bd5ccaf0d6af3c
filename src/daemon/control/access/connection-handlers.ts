/**
 * Connection handlers: the named upstreams. A secret comes in with `add` and
 * `rotate`, goes to the secret store, and is never answered back.
 */
import type { ConnectionRegistry } from "../../connections/registry.js";
import type { Credential } from "../../credentials/source.js";
import type { Connection } from "../../model/connection.js";
import { Secret } from "../../model/secret.js";
import { ControlProblem } from "../control-problem.js";
import type { HandlersOf } from "../handler.js";
import { presentConnection } from "../present.js";
import type { Probe } from "./probe.js";

export interface ConnectionHandlersOptions {
  readonly connections: ConnectionRegistry;
  readonly probe: Probe;
  /** What is kept of its short-lived credential. */
  readonly known: (connection: Connection) => Credential | undefined;
  readonly now: () => Date;
}

type Names =
  | "connectionsList"
  | "connectionsAdd"
  | "connectionsCheckNew"
  | "connectionsCheckKey"
  | "connectionsShow"
  | "connectionsRotate"
  | "connectionsTest"
  | "connectionsDefault"
  | "connectionsRemove";

/** Creates the handlers for connections. */
export function createConnectionHandlers(options: ConnectionHandlersOptions): HandlersOf<Names> {
  const { connections, probe, known, now } = options;
  const view = (connection: Connection) => ({
    ...presentConnection(connection, known(connection), now()),
    default: connections.defaultOf(connection.provider)?.name === connection.name,
  });

  function named(name: string | undefined): Connection {
    const connection = connections.find(name ?? "");
    if (connection === undefined) throw noConnection(name ?? "");
    return connection;
  }

  return {
    connectionsList: () => connections.list().map(view),
    connectionsShow: ({ params }) => view(named(params.name)),

    async connectionsAdd({ body }) {
      const { secret, ...given } = body;
      const key = secret === undefined ? {} : { secret: new Secret(secret) };
      return view(await connections.add({ ...given, ...key }));
    },

    async connectionsCheckNew({ body }) {
      await connections.checkNew(body);
      return {};
    },

    async connectionsCheckKey({ params }) {
      const { name } = named(params.name);
      await connections.checkKey(name);
      return {};
    },

    async connectionsRotate({ params, body }) {
      const { name } = named(params.name);
      return view(await connections.rotate(name, new Secret(body.secret)));
    },

    connectionsTest: ({ params, actor, signal }) => probe(named(params.name), actor, signal),

    async connectionsDefault({ params }) {
      const { name } = named(params.name);
      return view(await connections.makeDefault(name));
    },

    async connectionsRemove({ params }) {
      const { name } = named(params.name);
      return view(await connections.remove(name));
    },
  };
}

function noConnection(name: string): ControlProblem {
  return new ControlProblem(
    "not_found",
    `unknown connection ${name}`,
    "hoopx connections lists them",
  );
}
