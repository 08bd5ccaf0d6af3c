/**
 * HTTP body: reads the body of a request of node:http whole. Node's own request
 * timeout ends a sender that stalls.
 */
import type { IncomingMessage } from "node:http";
import { createGrowing } from "../model/growing.js";
import { Abandoned, Refusal } from "../model/refusal.js";
import type { HoldBytes } from "./client.js";

const none = Buffer.alloc(0);

/** Bytes beyond the limit that a refused sender may still push into the void before its socket is closed. */
const patience = 64 << 20;

/** Rejects with a Refusal where it is over `limit` bytes or `hold` has no room, with Abandoned where the client leaves. */
export function readBody(
  request: IncomingMessage,
  limit: number,
  hold: HoldBytes,
): Promise<Buffer> {
  const { "content-length": length, "transfer-encoding": coding } = request.headers;
  if (coding === undefined && (length === undefined || length === "0")) {
    return Promise.resolve(none);
  }
  if (length !== undefined && Number(length) > limit) {
    discard(request, limit);
    return Promise.reject(tooLarge(limit));
  }
  return collect(request, limit, hold);
}

/** What has come is counted, not what was announced: a client that announces much and sends nothing holds nothing. */
function collect(request: IncomingMessage, limit: number, hold: HoldBytes): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const bytes = createGrowing(Number(request.headers["content-length"] ?? limit));
    const onData = (chunk: Buffer) => {
      const size = bytes.size + chunk.length;
      if (size <= limit && hold(size)) {
        bytes.add(chunk);
        return;
      }
      request.off("data", onData);
      bytes.clear();
      // Nothing of it is kept any more.
      hold(0);
      discard(request, limit);
      reject(size > limit ? tooLarge(limit) : noRoom());
    };
    request.on("data", onData);
    request.on("end", () => resolve(bytes.whole()));
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

function noRoom(): Refusal {
  return new Refusal("bodies_too_large", "the bodies of all running requests are over the limit");
}
