/**
 * Replies for tests that record them: one whole, one as a stream of events.
 */
import type { ServerResponse } from "node:http";

/** A reply of the Responses API, as JSON. */
export function wholeReply(response: ServerResponse, text: string): void {
  const body = JSON.stringify({ id: "resp_1", output_text: text });
  response.writeHead(200, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body),
  });
  response.end(body);
}

/** The same as events, one a write. */
export function responseStream(response: ServerResponse, text: string): void {
  response.writeHead(200, { "content-type": "text/event-stream" });
  for (const delta of text.split(" ")) {
    response.write(`event: response.output_text.delta\ndata: ${JSON.stringify({ delta })}\n\n`);
  }
  response.end('event: response.completed\ndata: {"type":"response.completed"}\n\n');
}
