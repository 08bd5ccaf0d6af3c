/**
 * Body: the account of the bodies that are held. A request's body is read
 * whole, under the limit, before an upstream socket is taken (SECURITY H7):
 * policy looks at all of it, and a slow sender takes no other client's place.
 * All bodies together stay under a limit of their own, so that many large
 * requests cannot take the daemon's memory.
 */
import type { Client } from "../../doors/client.js";

export interface BodyLimits {
  /** Largest body, bytes. */
  readonly each: number;
  /** Bodies held at once, bytes. */
  readonly together: number;
}

export interface Bodies {
  /** Creates the reader of one request's body; to be called once. What it read counts until `release`. */
  open(client: Pick<Client, "readBody">): {
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
    open(client) {
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
          client.readBody(limits.each, (size) => {
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
