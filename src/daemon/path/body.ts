/**
 * Body: reads a request's body whole, under the limit, before an upstream
 * socket is taken (SECURITY H7): policy looks at all of it, and a slow sender
 * takes no other client's place. Node's own request timeout ends a sender that stalls.
 * All bodies together stay under a limit of their own, so that no crowd of
 * large requests can take the daemon's memory.
 */
import type { IncomingMessage } from "node:http";
import { Refusal } from "../model/refusal.js";
import { createGrowing } from "./growing.js";
import { Abandoned } from "./station.js";

const none = Buffer.alloc(0);

/** Bytes beyond the limit that a refused sender may still push into the void before its socket is closed. */
const patience = 64 << 20;

export interface BodyLimits {
  /** Largest body, bytes. */
  readonly each: number;
  /** Bodies held at once, bytes. */
  readonly together: number;
}

export interface Bodies {
  /** Creates the reader of one request's body; to be called once. What it read counts until `release`. */
  open(request: IncomingMessage): {
    read(): Promise<Buffer>;
    /** Counts so many bytes more than were read, for what the body becomes; false where there is no room. */
    hold(more: number): boolean;
    release(): void;
  };
}

/** A body up to here always has room, bytes: large ones that fill the limit hold up only each other. */
const small = 1 << 20;

/** Creates the account of all bodies that are held. */
export function createBodies(limits: BodyLimits): Bodies {
  let held = 0;
  return {
    open(request) {
      let own = 0;
      let came = 0;
      let released = false;
      const hold = (size: number) => {
        if (released) return size === 0;
        if (size > small && held - own + size > limits.together) return false;
        held += size - own;
        own = size;
        return true;
      };
      return {
        read: () =>
          readBody(request, limits.each, (size) => {
            came = size;
            return hold(size);
          }),
        hold: (more) => hold(came + more),
        release() {
          hold(0);
          released = true;
        },
      };
    },
  };
}

/** Counts so many bytes for this request; false where they do not fit beside the others. */
type Hold = (size: number) => boolean;

function readBody(request: IncomingMessage, limit: number, hold: Hold): Promise<Buffer> {
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

/** What has come is counted, not what was announced: who announces much and sends nothing holds nothing. */
function collect(request: IncomingMessage, limit: number, hold: Hold): Promise<Buffer> {
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
