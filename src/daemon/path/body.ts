/**
 * Body: reads a request's body whole, under the limit, before an upstream
 * socket is taken (SECURITY H7): policy looks at all of it, and a slow sender
 * holds nobody's place. Node's own request timeout ends a sender that stalls.
 */
import type { IncomingMessage } from "node:http";
import { Refusal } from "../model/refusal.js";
import { Abandoned } from "./station.js";

const none = Buffer.alloc(0);

/** Bytes beyond the limit that a refused sender may still push into the void before its socket is closed. */
const patience = 64 << 20;

/** Creates the reader of one request's body; to be called once. */
export function createBodyReader(request: IncomingMessage, limit: number): () => Promise<Buffer> {
  return function readBody() {
    const { "content-length": length, "transfer-encoding": coding } = request.headers;
    if (coding === undefined && (length === undefined || length === "0")) {
      return Promise.resolve(none);
    }
    if (length !== undefined && Number(length) > limit) {
      discard(request, limit);
      return Promise.reject(tooLarge(limit));
    }
    return collect(request, limit);
  };
}

function collect(request: IncomingMessage, limit: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const onData = (chunk: Buffer) => {
      size += chunk.length;
      if (size <= limit) {
        chunks.push(chunk);
        return;
      }
      request.off("data", onData);
      discard(request, limit);
      reject(tooLarge(limit));
    };
    request.on("data", onData);
    request.on("end", () =>
      resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, size)),
    );
    request.on("error", () => reject(new Abandoned("client_left")));
    request.on("close", () => {
      if (!request.complete) reject(new Abandoned("client_left"));
    });
  });
}

/** Lets the rest run by unseen, so that the client reads our answer instead of a reset. */
function discard(request: IncomingMessage, limit: number): void {
  let size = 0;
  request.on("data", (chunk: Buffer) => {
    size += chunk.length;
    if (size > limit + patience) request.destroy();
  });
}

function tooLarge(limit: number): Refusal {
  return new Refusal("body_too_large", `the body is over the limit of ${limit} bytes`);
}
