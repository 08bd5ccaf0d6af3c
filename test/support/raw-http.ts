/**
 * Raw HTTP: bytes onto a loopback socket and what comes back until it closes,
 * for requests that no client library would write.
 */
import { once } from "node:events";
import { connect, type Socket } from "node:net";

export interface RawReply {
  /** 0 where the connection was closed without a reply. */
  readonly status: number;
  readonly head: string;
  readonly body: string;
}

/** Sends these bytes; resolves when the other side closes, so ask for `connection: close`. */
export async function sendRaw(port: number, bytes: string | Buffer): Promise<RawReply> {
  const socket = await dial(port);
  const chunks: Buffer[] = [];
  socket.on("data", (chunk) => chunks.push(chunk));
  // A reset after the reply is an answer too.
  socket.on("error", () => {});
  const closed = new Promise((resolve) => socket.on("close", resolve));
  socket.write(typeof bytes === "string" ? Buffer.from(bytes, "latin1") : bytes);
  await closed;
  const text = Buffer.concat(chunks).toString("latin1");
  const end = text.indexOf("\r\n\r\n");
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0);
  return end < 0
    ? { status, head: text, body: "" }
    : { status, head: text.slice(0, end), body: text.slice(end + 4) };
}

/** A connected socket. */
export async function dial(port: number): Promise<Socket> {
  const socket = connect(port, "127.0.0.1");
  await once(socket, "connect");
  return socket;
}
