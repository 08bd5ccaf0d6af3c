/**
 * The yardstick: node:http on both sides, a keep-alive agent, bodies piped.
 * It only forwards.
 */
import { Agent, createServer, request } from "node:http";

export function createBare(upstreamPort) {
  const agent = new Agent({ keepAlive: true, maxSockets: 256 });
  return createServer((incoming, reply) => {
    const outgoing = request(
      {
        agent,
        host: "127.0.0.1",
        port: upstreamPort,
        method: incoming.method,
        path: incoming.url,
        headers: incoming.headers,
      },
      (answer) => {
        reply.writeHead(answer.statusCode, answer.headers);
        answer.pipe(reply);
      },
    );
    outgoing.on("error", () => reply.destroy());
    reply.on("close", () => {
      if (!reply.writableFinished) outgoing.destroy();
    });
    incoming.pipe(outgoing);
  });
}
