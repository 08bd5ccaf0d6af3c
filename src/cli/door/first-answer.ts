/**
 * First answer: which process answers on a connection, asked with a request
 * that says nothing. SO_PEERCRED would name the process that once called
 * listen(2), which may have handed the socket on, or become another program
 * since; what the kernel says of written bytes is who wrote them. One that got
 * a connection and relays it writes its answers itself.
 */
import type { Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import type { Kernel } from "./kernel.js";

const question = "HEAD /v1 HTTP/1.1\r\nhost: hoopx\r\n\r\n";
const end = "\r\n\r\n";
/** Milliseconds between looks; an answer takes less than one. */
const step = 1;
/** Milliseconds that an answer may take: the daemon may be at its start. */
const patience = 30_000;
const mostBytes = 65_536;

/** Asks on a connected socket that nothing reads, and gives the pid; rejects where the connection is over. */
export async function firstAnswerFrom(
  socket: Socket,
  kernel: Kernel,
  signal: AbortSignal | undefined,
): Promise<number> {
  const fd = descriptorOf(socket);
  if (!kernel.tellSenders(fd)) throw new Error("the kernel does not tell who answers");
  socket.write(question);
  let text = "";
  const senders = new Set<number>();
  const deadline = Date.now() + patience;
  while (!text.endsWith(end)) {
    signal?.throwIfAborted();
    if (socket.destroyed || Date.now() > deadline) throw new Error("there is no answer");
    const received = kernel.receive(fd);
    if (received === undefined) {
      await delay(step);
      continue;
    }
    text += received.bytes.toString("latin1");
    senders.add(received.sender);
    if (text.length > mostBytes) throw new Error("the answer is too long");
  }
  const [sender] = senders;
  if (sender === undefined || senders.size > 1 || !text.startsWith("HTTP/1.1 ")) {
    throw new Error("the answer does not come from one process");
  }
  return sender;
}

function descriptorOf(socket: Socket): number {
  const { _handle: handle } = socket as Socket & { readonly _handle?: { readonly fd?: number } };
  if (handle?.fd === undefined || handle.fd < 0) throw new Error("the connection is over");
  return handle.fd;
}
