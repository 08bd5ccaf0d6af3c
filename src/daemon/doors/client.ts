/**
 * Client: all that the data path knows of the program that asks, whichever door
 * it came in by. A door says which connection and operation are meant; the path
 * parses no address. `test/contracts/door.ts` holds each door to what is said
 * here.
 */
import type { Abandoned } from "../model/refusal.js";
import type { ReplyHead } from "../model/reply.js";
import type { PeerSocket } from "../processes/callers.js";

/** What a request is for. */
export interface Target {
  readonly connectionName: string;
  /** As the upstream has it: begins with a slash, without the query; empty where the request names no operation. */
  readonly path: string;
  /** Without its question mark; empty where there is none. */
  readonly query: string;
}

export interface ClientHead {
  readonly method: string;
  readonly target: Target;
  /** Names and values in turn, as they came. */
  readonly headers: readonly string[];
}

/** The head of a reply as a client gets it. */
export type ClientReplyHead = Omit<ReplyHead, "statusText"> & Partial<ReplyHead>;

/** Counts the bytes of a body that are held; false where they have no room beside the others. */
export type HoldBytes = (size: number) => boolean;

export interface Client {
  readonly head: ClientHead;
  /** The connection that it came on: asked only which process holds its other end. */
  readonly peer: PeerSocket;
  /** Aborts when the client leaves before its reply ended (`client_left`), and when `stop` is called. */
  readonly signal: AbortSignal;
  /** A head was sent, or none can be sent any more. */
  readonly answered: boolean;

  /** Throws a Refusal where this door lets no such request in. */
  admit(): void;
  /** Counts the connection as that owner's; false where the owner has its share already. */
  claim(owner: string): boolean;
  /**
   * Reads the body whole; to be called once. Rejects with a Refusal where it is over `limit` bytes or
   * has no room, with Abandoned where the client leaves.
   */
  readBody(limit: number, hold: HoldBytes): Promise<Buffer>;
  /**
   * Tells the client now and then, every so many milliseconds while `wanted`, that it is waited for a
   * person, where the client can be told; until what it returns is called.
   */
  waiting(everyMs: number, wanted?: () => boolean): () => void;
  /** Sends the head of the reply, once, before any data; with the status's usual text where it says none. */
  sendHead(head: ClientReplyHead): void;
  /** Sends a piece of the body, not empty; false where the client takes no more until `onDrain` calls. */
  sendData(data: Buffer): boolean;
  /** Calls once, when the client takes more. */
  onDrain(listener: () => void): void;
  /** The reply is whole. */
  end(): void;
  /** The reply stops short: the client sees it break off behind what was sent. */
  fail(): void;
  /** Lets go of the client at once. */
  drop(): void;
  /** Ends whatever waits on `signal`. */
  stop(reason: Abandoned): void;
  /** Calls once, when nothing more comes from the client or goes to it. */
  onClose(listener: () => void): void;
  /** Bytes that it was given, where it takes nothing more for now; else undefined. */
  stalledAt(): number | undefined;
}
