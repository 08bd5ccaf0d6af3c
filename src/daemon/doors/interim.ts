/**
 * Interim: `102 Processing` (RFC 9110 15.2) while a client waits for a person,
 * for the clients that need it and pass it over. They are those whose fetch
 * gives up after five silent minutes. Python's http.client takes an interim
 * response for the answer: `requests` then sees an empty success. Where
 * another client gets none, its connection may end, and its next try joins the
 * same review. So a client that is not known, or does not say what it is, gets
 * none. What it says is a claim, and harms only itself.
 */
import type { IncomingMessage, ServerResponse } from "node:http";

/** Runtimes and SDKs that were tried, by how they name themselves. */
const passingOver =
  /^(?:node|undici|bun|deno|curl|go-http-client|opencode|claude-cli)\b|\/js\b|\bai-sdk\/|\bruntime\/(?:node|bun|deno)|\bgl-node\b/i;

/** Sends interim responses to a client that passes them over, while one is `wanted`, until what it returns is called. */
export function sendInterims(
  response: ServerResponse,
  everyMs: number,
  wanted: () => boolean = () => true,
): () => void {
  if (!passesOver(response.req)) return () => {};
  const beat = setInterval(() => {
    if (wanted() && !response.destroyed) response.writeProcessing();
  }, everyMs);
  return () => clearInterval(beat);
}

function passesOver({ httpVersionMinor, headers }: IncomingMessage): boolean {
  // HTTP/1.0 has no interim responses.
  if (httpVersionMinor < 1) return false;
  // Only a fetch says this, whatever name the program gives itself.
  if (headers["sec-fetch-mode"] !== undefined) return true;
  return passingOver.test(headers["user-agent"] ?? "");
}
