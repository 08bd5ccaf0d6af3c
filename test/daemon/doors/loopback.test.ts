import { type ClientRequest, request as httpRequest, type IncomingMessage } from "node:http";
import type { Client } from "../../../src/daemon/doors/client.js";
import { listen } from "../../../src/daemon/doors/listener.js";
import { createLoopbackDoor } from "../../../src/daemon/doors/loopback.js";
import { createSeats } from "../../../src/daemon/doors/seats.js";
import { type Asking, type DoorUnderTest, doorContract } from "../../contracts/door.js";

doorContract("loopback", async (): Promise<DoorUnderTest> => {
  const seats = createSeats({ limit: 10, share: 1 });
  let arrived: (client: Client) => void = () => {};
  const listener = await listen({
    handle: createLoopbackDoor((client) => arrived(client), seats),
    malformed: () => Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n"),
    port: 0,
    limits: { headerBytes: 8_192, headersTimeout: 10_000, bodyTimeout: 10_000 },
    seats,
  });
  const sent: ClientRequest[] = [];

  return {
    async ask({ method, path, query, headers = {}, body }) {
      const came = new Promise<Client>((resolve) => {
        arrived = resolve;
      });
      const sending = httpRequest({
        port: listener.port,
        host: "127.0.0.1",
        method,
        path: `/openai${path}${query === undefined ? "" : `?${query}`}`,
        headers: {
          ...headers,
          // A client that Node's interim responses reach.
          "user-agent": "node",
          ...(body instanceof Buffer && { "content-length": body.length }),
        },
        agent: false,
      });
      sent.push(sending);
      const replying = new Promise<IncomingMessage | undefined>((resolve) => {
        sending.once("response", resolve);
        sending.once("error", () => resolve(undefined));
      });
      if (body === "open") sending.flushHeaders();
      else sending.end(body);
      return { client: await came, ...driver(sending, replying) };
    },
    async close() {
      for (const each of sent) each.destroy();
      await listener.close();
    },
  };
});

function driver(
  sending: ClientRequest,
  replying: Promise<IncomingMessage | undefined>,
): Omit<Asking, "client"> {
  return {
    send: (bytes) => void sending.write(bytes),
    async head() {
      const { statusCode = 0, headers = {} } = (await replying) ?? {};
      return { status: statusCode, header: (name) => String(headers[name]) };
    },
    async read() {
      const reply = await replying;
      if (reply === undefined) return { body: Buffer.alloc(0), whole: false };
      const pieces: Buffer[] = [];
      reply.on("data", (piece: Buffer) => pieces.push(piece));
      reply.on("error", () => {});
      await new Promise((resolve) => reply.once("close", resolve));
      return { body: Buffer.concat(pieces), whole: reply.complete };
    },
    leave: () => void sending.destroy(),
  };
}
