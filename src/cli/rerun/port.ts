/**
 * Port: a port of one's choice that leads to the daemon's data path, for
 * programs whose base URL is fixed. It adds nothing and takes nothing away: the
 * token is still asked for, and a Host that is not this port's is passed on as
 * it is, for the daemon to refuse (SECURITY L2).
 */
import { createServer, request as open } from "node:http";
import type { AddressInfo } from "node:net";
import { CliError } from "../cli-error.js";

export interface Port {
  readonly port: number;
  close(): void;
}

/** Listens on loopback, at any port for 0; fails where the port is taken. */
export async function openPort(wanted: number, daemon: number): Promise<Port> {
  const ours = new Set<string>();
  const server = createServer((request, response) => {
    const headers = request.rawHeaders.map((value, at, all) =>
      at % 2 === 1 && all[at - 1]?.toLowerCase() === "host" && ours.has(value.toLowerCase())
        ? `127.0.0.1:${daemon}`
        : value,
    );
    const { method, url: path } = request;
    const onward = open(
      { host: "127.0.0.1", port: daemon, method, path, headers, agent: false },
      (reply) => {
        response.writeHead(reply.statusCode ?? 502, reply.statusMessage, reply.rawHeaders);
        reply.on("error", () => response.destroy());
        reply.pipe(response);
      },
    );
    onward.on("error", () => response.destroy());
    response.on("close", () => onward.destroy());
    request.pipe(onward);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) => {
      const why = cause.code === "EADDRINUSE" ? "it is in use" : (cause.code ?? cause.message);
      reject(
        new CliError(
          "port_unavailable",
          `port ${wanted} cannot be used: ${why}`,
          "choose another --port",
          {
            cause,
          },
        ),
      );
    });
    server.listen(wanted, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  for (const name of ["127.0.0.1", "localhost"]) ours.add(`${name}:${port}`);
  return {
    port,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
