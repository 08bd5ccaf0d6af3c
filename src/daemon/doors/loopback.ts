/**
 * Loopback door: requests of node:http on 127.0.0.1 as clients of the data
 * path. The path of a request begins with the connection's name:
 * `/openai/v1/responses`.
 */
import { type IncomingMessage, type ServerResponse, STATUS_CODES } from "node:http";
import { Abandoned } from "../model/refusal.js";
import type { PeerSocket } from "../processes/callers.js";
import { admit } from "./admission.js";
import { chunkOf, lastChunk } from "./chunk.js";
import type { Client, ClientHead, ClientReplyHead, HoldBytes, Target } from "./client.js";
import { readBody } from "./http-body.js";
import { sendInterims } from "./interim.js";
import type { RequestHandler } from "./listener.js";
import type { Seats } from "./seats.js";

/** Creates the door: what the listener hands it goes to `enter` as a client. */
export function createLoopbackDoor(
  enter: (client: Client) => void,
  seats: Pick<Seats, "claim">,
): RequestHandler {
  return (request, response, hosts) =>
    enter(new LoopbackClient(request, response, { hosts, seats }));
}

interface Place {
  readonly hosts: ReadonlySet<string>;
  readonly seats: Pick<Seats, "claim">;
}

class LoopbackClient implements Client {
  readonly head: ClientHead;
  readonly peer: PeerSocket;
  readonly signal: AbortSignal;
  private readonly request: IncomingMessage;
  private readonly response: ServerResponse;
  private readonly place: Place;
  private readonly abort = new AbortController();
  /** The body is framed in chunks, by us: Node's way takes four buffers for each. */
  private chunked = false;
  private sentData = false;

  constructor(request: IncomingMessage, response: ServerResponse, place: Place) {
    this.request = request;
    this.response = response;
    this.place = place;
    const { method = "", url = "", rawHeaders } = request;
    this.head = { method, target: targetOf(url), headers: rawHeaders };
    this.peer = request.socket;
    this.signal = this.abort.signal;
    response.on("close", () => {
      if (!response.writableFinished) this.abort.abort(new Abandoned("client_left"));
    });
  }

  get answered(): boolean {
    return this.response.headersSent || this.response.destroyed;
  }

  admit(): void {
    admit(this.request, this.head, this.place.hosts);
  }

  claim(owner: string): boolean {
    return this.place.seats.claim(this.request.socket, owner);
  }

  readBody(limit: number, hold: HoldBytes): Promise<Buffer> {
    return readBody(this.request, limit, hold);
  }

  waiting(everyMs: number, wanted?: () => boolean): () => void {
    return sendInterims(this.response, everyMs, wanted);
  }

  sendHead({ status, statusText = STATUS_CODES[status] ?? "", headers }: ClientReplyHead): void {
    const { response } = this;
    response.sendDate = false;
    response.writeHead(status, statusText, headers as string[]);
    // Node has said so in the head; the framing is ours from here on.
    this.chunked = response.chunkedEncoding;
    response.chunkedEncoding = false;
    // With the first bytes where they are here already, in one packet; else alone, so
    // that a client that waits for a stream's first event sees that it has begun.
    process.nextTick(() => {
      if (!this.sentData && !response.destroyed) response.flushHeaders();
    });
  }

  sendData(data: Buffer): boolean {
    this.sentData = true;
    return this.response.write(this.chunked ? chunkOf(data) : data);
  }

  onDrain(listener: () => void): void {
    this.response.once("drain", listener);
  }

  end(): void {
    this.sentData = true;
    if (this.chunked) this.response.end(lastChunk);
    else this.response.end();
  }

  fail(): void {
    const { response } = this;
    if (response.destroyed) return;
    response.flushHeaders();
    if (response.socket === null) response.destroy();
    else response.socket.destroySoon();
  }

  drop(): void {
    this.response.destroy();
  }

  stop(reason: Abandoned): void {
    this.abort.abort(reason);
  }

  onClose(listener: () => void): void {
    this.response.once("close", listener);
  }

  stalledAt(): number | undefined {
    return this.response.writableNeedDrain ? this.request.socket.bytesWritten : undefined;
  }
}

/** Connection, path and query of a request target. One that is no path (`*`, `http://…`) is shown as it came, and not admitted. */
function targetOf(target: string): Target {
  const question = target.indexOf("?");
  const whole = question === -1 ? target : target.slice(0, question);
  const begin = whole.startsWith("/") ? 1 : 0;
  const slash = whole.indexOf("/", begin);
  return {
    connectionName: slash === -1 ? whole.slice(begin) : whole.slice(begin, slash),
    path: slash === -1 ? "" : whole.slice(slash),
    query: question === -1 ? "" : target.slice(question + 1),
  };
}
