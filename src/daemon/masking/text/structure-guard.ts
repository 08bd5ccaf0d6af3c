/**
 * Structure guard: the names and numbers of a reply, and its framing. Nothing
 * may change them: an SDK looks members up by their names, and JSON with a
 * star for a digit is JSON no more. A known secret that an upstream wrote
 * there can therefore not be hidden, and the reply ends before it.
 */

import { byteNeedlesOf, needlesOf } from "../../model/needles.js";
import { Refusal } from "../../model/refusal.js";
import type { TextStream } from "../masking.js";
import { nothingYet, openKnownTexts } from "./star-out.js";

export interface KnownStructure {
  /** Throws where a known secret stands in this name or number. */
  check(text: string): void;
  /** The same of one that comes in pieces. They leave as they came. */
  open(): TextStream;
}

/** Knows these texts. */
export function knownStructure(texts: readonly string[]): KnownStructure {
  const needles = needlesOf(texts);
  return {
    check(text) {
      if (needles.standIn(text)) throw unhidden();
    },
    open: () =>
      openKnownTexts(needles, openPassing(), () => {
        throw unhidden();
      }),
  };
}

/** Knows nothing: every name passes. */
export const nothingKnown: KnownStructure = knownStructure([]);

function openPassing(): TextStream {
  let pieces: string[] = [];
  return {
    push: (piece) => void pieces.push(piece),
    end() {},
    settled() {
      const settled = pieces;
      pieces = [];
      return settled;
    },
    held() {
      return pieces.length;
    },
    repeat: (whole) => whole,
    counts: () => [],
  };
}

/** The last look at the bytes of a reply whose texts were searched. */
export interface KnownGuard {
  /** Hands on what holds no known secret. Throws where one stands in it. */
  pass(recorded: Buffer, delivered?: Buffer, last?: boolean): void;
  /** Nothing more comes: what may have been a beginning is none. */
  end(): void;
}

/**
 * Creates the guard of one reply. What the texts' own search left stands in a name, a number,
 * framing, or a member that is passed unread.
 */
export function createKnownGuard(
  texts: readonly string[],
  deliver: KnownGuard["pass"],
): KnownGuard {
  const needles = byteNeedlesOf(texts);
  let waiting: Parameters<KnownGuard["pass"]>[] = [];
  /** The end of what came, as far as a secret may have begun in it. */
  let tail = "";

  function release(): void {
    const settled = waiting;
    waiting = [];
    for (const piece of settled) deliver(...piece);
  }

  return {
    pass(...piece) {
      const text = tail + piece[0].toString("latin1");
      if (needles.standIn(text)) throw unhidden();
      const open = needles.begunAt(text, nothingYet + 1);
      if (open === text.length) {
        if (waiting.length > 0) release();
        deliver(...piece);
        tail = text.slice(-nothingYet);
        return;
      }
      if (open >= tail.length) release();
      waiting.push(piece);
      tail = text.slice(open);
    },
    end: release,
  };
}

function unhidden(): Refusal {
  return new Refusal(
    "reply_unreadable",
    "the connection's credential or the session token stands in a name, a number or the framing of the reply, where it cannot be hidden",
  );
}
