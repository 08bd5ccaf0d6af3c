/**
 * Reply: the recorded reply goes to the client as fast as the client takes
 * it. A reply that stops short closes the socket, since its status is long
 * sent, once what came of it has left: an SDK that gets no byte sends its
 * request again, and the model is paid again. A client that leaves ends the
 * upstream call at once.
 */
import type { ReplyHead } from "../model/reply.js";
import { chunkOf, lastChunk } from "./chunk.js";
import type { Recorded } from "./station.js";

/** Delivers; resolves when the response is closed, rejects where no head was sent. */
export function reply({ id, reply: flow, response, signal }: Recorded): Promise<void> {
  return new Promise((resolve, reject) => {
    const leave = () => {
      flow.cancel(signal.reason);
      response.destroy();
    };
    let begun = false;
    let chunked = false;
    let full = false;
    const resume = () => {
      full = false;
      flow.resume();
    };
    /** Closes the connection behind the head and the bytes that were written. */
    const cut = () => {
      response.flushHeaders();
      if (response.socket === null) response.destroy();
      else response.socket.destroySoon();
    };
    response.on("close", () => {
      signal.removeEventListener("abort", leave);
      resolve();
    });
    signal.addEventListener("abort", leave);
    if (signal.aborted) {
      leave();
      return;
    }
    flow.start({
      head(head: ReplyHead) {
        response.sendDate = false;
        response.writeHead(head.status, head.statusText, [
          ...head.headers,
          "x-hoopx-exchange-id",
          id,
        ]);
        // Node has said so in the head; the framing is ours from here on.
        chunked = response.chunkedEncoding;
        response.chunkedEncoding = false;
        // With the first bytes where they are here already, in one packet; else alone, so
        // that a client that waits for a stream's first event sees that it has begun.
        process.nextTick(() => {
          if (!begun && !response.destroyed) response.flushHeaders();
        });
      },
      data(chunk) {
        begun = true;
        if (response.write(chunked ? chunkOf(chunk) : chunk) || full) return;
        full = true;
        flow.pause();
        response.once("drain", resume);
      },
      end() {
        begun = true;
        if (chunked) response.end(lastChunk);
        else response.end();
      },
      fail(error) {
        if (!response.headersSent) reject(error);
        else cut();
      },
    });
  });
}
