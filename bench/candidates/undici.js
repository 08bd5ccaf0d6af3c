/**
 * The transport that hoopx chose, with nothing around it: node:http in front,
 * undici's Pool.dispatch behind, the request body buffered, headers raw
 * (docs/decisions/0003-http-library.md).
 */
import { createServer } from "node:http";
import { Pool } from "undici";

const hopByHop = new Set(["connection", "keep-alive", "transfer-encoding", "host"]);

function endToEnd(rawHeaders) {
  const kept = [];
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at].toString("latin1");
    if (!hopByHop.has(name.toLowerCase())) kept.push(name, rawHeaders[at + 1].toString("latin1"));
  }
  return kept;
}

export function createUndici(upstreamPort) {
  const pool = new Pool(`http://127.0.0.1:${upstreamPort}`, { connections: 256, pipelining: 1 });
  return createServer((incoming, reply) => {
    const chunks = [];
    incoming.on("data", (chunk) => chunks.push(chunk));
    incoming.on("end", () => {
      const body = chunks.length === 1 ? chunks[0] : Buffer.concat(chunks);
      let abort;
      reply.on("close", () => {
        if (!reply.writableEnded) abort?.(new Error("the client left"));
      });
      pool.dispatch(
        {
          method: incoming.method,
          path: incoming.url,
          headers: endToEnd(incoming.rawHeaders),
          body,
        },
        {
          onConnect: (abortCall) => {
            abort = abortCall;
          },
          onHeaders: (status, rawHeaders, resume) => {
            reply.writeHead(status, endToEnd(rawHeaders));
            reply.on("drain", resume);
            return true;
          },
          onData: (chunk) => reply.write(chunk),
          onComplete: () => reply.end(),
          onError: () => reply.destroy(),
        },
      );
    });
  });
}
