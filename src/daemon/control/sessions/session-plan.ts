/**
 * Session plan: which connections a session gets, and what the child's
 * environment must hold to reach them. Pure, so that `hoopx run` can be told
 * what is missing before anything is started.
 */
import type { ConnectionRegistry } from "../../connections/registry.js";
import type { Connection } from "../../model/connection.js";
import type { Provider } from "../../providers/provider.js";
import { ControlProblem } from "../control-problem.js";

/**
 * The named connections, or the default of each provider: the environment can name one
 * connection a provider, so of two the agent would use either.
 */
export function chooseConnections(
  connections: Pick<ConnectionRegistry, "list" | "defaultOf" | "problems">,
  names: readonly string[],
): readonly Connection[] {
  const all = connections.list();
  const [unread] = connections.problems();
  const missing = names.some((name) => all.every((connection) => connection.name !== name));
  // What was asked for may stand in the part of the file that cannot be read.
  if (unread !== undefined && (all.length === 0 || missing)) {
    throw new ControlProblem(
      "connection_missing",
      `a connection cannot be read: ${unread}`,
      "mend that line, then hoopx daemon restart",
    );
  }
  if (all.length === 0) {
    throw new ControlProblem(
      "connection_missing",
      "there is no connection yet",
      "hoopx connections add openai",
    );
  }
  if (names.length === 0) {
    return all.filter(({ name, provider }) => connections.defaultOf(provider)?.name === name);
  }
  return [...new Set(names)].map((name) => {
    const connection = all.find((candidate) => candidate.name === name);
    if (connection !== undefined) return connection;
    const known = all.map((candidate) => candidate.name).join(", ");
    throw new ControlProblem(
      "not_found",
      `unknown connection ${name}; connections: ${known}`,
      "hoopx connections lists them",
    );
  });
}

export interface ChildEnvironmentOptions {
  readonly sessionId: string;
  readonly token: string;
  /** In the order they were named: of two for one provider the first has the variables. */
  readonly connections: readonly Connection[];
  readonly providerNamed: (name: string) => Provider | undefined;
  readonly port: number;
}

/** The variables that send the child's SDKs through the daemon. */
export function childEnvironment(options: ChildEnvironmentOptions): Record<string, string> {
  const { sessionId, token, connections, port } = options;
  let environment: Record<string, string> = { HOOPX_SESSION_ID: sessionId };
  for (const { name, provider, basePath } of connections) {
    const baseUrl = new URL(`http://127.0.0.1:${port}/${name}${basePath}`);
    const own = options.providerNamed(provider)?.environment(baseUrl, token) ?? {};
    environment = { ...own, ...environment };
  }
  return environment;
}
