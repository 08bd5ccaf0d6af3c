/**
 * Connection commands: the registry, its credentials and the transport put
 * together for `hoopx connections`.
 */
import type { ConnectionRegistry } from "../connections/registry.js";
import { createConnectionHandlers } from "../control/handlers/connections.js";
import { createProbe, type ProbeOptions } from "../control/probe.js";
import type { Credentials } from "../credentials/credentials.js";
import type { Identity } from "../model/identity.js";
import type { OAuth } from "../oauth/oauth.js";
import { providerNamed } from "../providers/providers.js";

export interface ConnectionCommandsOptions
  extends Pick<ProbeOptions, "transport" | "record" | "now"> {
  readonly connections: ConnectionRegistry;
  readonly source: Credentials;
  readonly oauth: Pick<OAuth, "forSession">;
  /** The operating system's user. */
  readonly identity: Identity;
}

/** The handlers of `hoopx connections`. */
export function createConnectionCommands(options: ConnectionCommandsOptions) {
  const { connections, source, oauth, identity, now } = options;
  return createConnectionHandlers({
    connections,
    probe: createProbe({
      ...options,
      providerNamed,
      // A permanent key is the same for everybody; it is tested without a login too.
      identityOf: async ({ credential }) =>
        credential.kind === "static-key" ? identity : oauth.forSession({}),
      limit: 45_000,
    }),
    known: (connection) => source.known(connection),
    now,
  });
}
