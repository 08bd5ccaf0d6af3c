/**
 * http-proxy-3, the maintained successor of http-proxy, with a keep-alive agent.
 */
import { Agent, createServer } from "node:http";
import { createProxyServer } from "http-proxy-3";

export function createHttpProxy3(upstreamPort) {
  const proxy = createProxyServer({
    target: `http://127.0.0.1:${upstreamPort}`,
    agent: new Agent({ keepAlive: true, maxSockets: 256 }),
  });
  proxy.on("error", (_error, _incoming, reply) => reply.destroy());
  return createServer((incoming, reply) => proxy.web(incoming, reply));
}
