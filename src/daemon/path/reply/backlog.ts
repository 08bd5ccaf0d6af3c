/**
 * Backlog: what was handed to the record and is not durable yet, counted for
 * each reply and for all together. An upstream that is faster than the disk, or
 * than its client, is paused before it fills the daemon's memory, and goes on
 * when half of it is written; requests of others never wait behind much of it.
 */
import type { ReplyValve } from "../../model/reply.js";

export interface BacklogLimits {
  /** Bytes of one reply. */
  readonly each: number;
  /** Bytes of all replies. */
  readonly together: number;
}

export interface Backlog {
  /** The part of one reply, which the valve belongs to. */
  open(valve: Pick<ReplyValve, "pause" | "resume">): BacklogShare;
  /** Bytes that wait. */
  size(): number;
}

export interface BacklogShare {
  /** So many bytes were handed to the record. */
  waits(bytes: number): void;
  /** They are durable, or will never be. */
  settled(bytes: number): void;
  /** The client takes nothing more for now; or it does again. */
  clientIs(full: boolean): void;
}

interface Share {
  own: number;
  clientFull: boolean;
  paused: boolean;
  readonly valve: Pick<ReplyValve, "pause" | "resume">;
}

/** Creates the account of all replies. */
export function createBacklog({ each, together }: BacklogLimits): Backlog {
  let all = 0;
  /** Paused for what all of them are: told when that is written. */
  const held = new Set<Share>();

  function adjust(share: Share): void {
    const { own, paused, clientFull, valve } = share;
    // Half is written before it flows again: pausing costs more than a few chunks.
    const ownLimit = paused ? each / 2 : each;
    const allLimit = held.has(share) ? together / 2 : together;
    if (all > allLimit) held.add(share);
    else held.delete(share);
    const wanted = clientFull || own > ownLimit || held.has(share);
    if (wanted === paused) return;
    share.paused = wanted;
    if (wanted) valve.pause();
    else valve.resume();
  }

  return {
    open(valve) {
      const share: Share = { own: 0, clientFull: false, paused: false, valve };
      return {
        waits(bytes) {
          share.own += bytes;
          all += bytes;
          adjust(share);
        },
        settled(bytes) {
          share.own -= bytes;
          all -= bytes;
          adjust(share);
          if (all > together / 2) return;
          for (const other of [...held]) adjust(other);
        },
        clientIs(full) {
          share.clientFull = full;
          adjust(share);
        },
      };
    },
    size: () => all,
  };
}
