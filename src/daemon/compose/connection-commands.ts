/**
 * Connection commands: the registry, its credentials and the transport put
 * together for `hoopx connections`.
 */
import type { ConnectionRegistry } from "../connections/registry.js";
import { createConnectionHandlers } from "../control/access/connection-handlers.js";
import { createProbe, type ProbeOptions } from "../control/access/probe.js";
import type { Credentials } from "../credentials/credentials.js";
import type { Identity } from "../model/identity.js";
import { providerNamed } from "../providers/providers.js";

export interface ConnectionCommandsOptions
  extends Pick<ProbeOptions, "transport" | "record" | "now"> {
  readonly connections: ConnectionRegistry;
  readonly source: Credentials;
  /** The operating system's user. */
  readonly identity: Identity;
}

/** The handlers of `hoopx connections`. */
export function createConnectionCommands(options: ConnectionCommandsOptions) {
  const { connections, source, identity, now } = options;
  return createConnectionHandlers({
    connections,
    probe: createProbe({
      ...options,
      providerNamed,
      // A permanent key is the same for all identities; it is tested without a login too.
      identityOf: async ({ credential }, actor) =>
        credential.kind === "static-key" ? identity : actor.identity({}),
      limit: 45_000,
    }),
    known: (connection) => source.known(connection),
    now,
  });
}
