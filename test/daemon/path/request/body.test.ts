/** Bodies held in memory: what is refused counts for nothing from then on. */
import type { IncomingMessage } from "node:http";
import { PassThrough } from "node:stream";
import { setImmediate as turn } from "node:timers/promises";
import { expect, test } from "vitest";
import type { Client } from "../../../../src/daemon/doors/client.js";
import { readBody as readHttpBody } from "../../../../src/daemon/doors/http-body.js";
import { createBodies } from "../../../../src/daemon/path/request/body.js";

const MiB = 1 << 20;

/** A request whose body is sent by hand. */
function requestOf(headers: Readonly<Record<string, string>> = { "transfer-encoding": "chunked" }) {
  const stream = Object.assign(new PassThrough({ highWaterMark: 64 * MiB }), {
    headers,
    complete: false,
  });
  const request = stream as unknown as IncomingMessage;
  const readBody: Client["readBody"] = (limit, hold) => readHttpBody(request, limit, hold);
  return { stream, client: { readBody } };
}

test("a body over its limit is refused, and counts no more while its response is still open", async () => {
  const bodies = createBodies({ each: 6 * MiB, together: 8 * MiB });
  const refused = requestOf();
  const first = bodies.open(refused.client);
  const reading = first.read();
  refused.stream.write(Buffer.alloc(5 * MiB));
  refused.stream.write(Buffer.alloc(2 * MiB));
  await expect(reading).rejects.toMatchObject({ code: "body_too_large" });

  // Not released: the client has not read its answer yet. All room is there for another all the same.
  const other = requestOf();
  const second = bodies.open(other.client).read();
  other.stream.end(Buffer.alloc(6 * MiB));
  expect(await second).toHaveLength(6 * MiB);
});

test("what finds no room beside the others is refused, and takes none from then on", async () => {
  const bodies = createBodies({ each: 8 * MiB, together: 8 * MiB });
  const held = requestOf();
  const holder = bodies.open(held.client);
  const whole = holder.read();
  held.stream.end(Buffer.alloc(4 * MiB));
  await whole;

  const crowded = requestOf();
  const tooMuch = bodies.open(crowded.client).read();
  crowded.stream.write(Buffer.alloc(3 * MiB));
  crowded.stream.write(Buffer.alloc(2 * MiB));
  await expect(tooMuch).rejects.toMatchObject({ code: "bodies_too_large" });
  // The rest of it runs by unseen.
  crowded.stream.write(Buffer.alloc(2 * MiB));
  await turn();

  const fits = requestOf();
  const fitting = bodies.open(fits.client).read();
  fits.stream.end(Buffer.alloc(4 * MiB));
  expect(await fitting).toHaveLength(4 * MiB);
});

test("one that announces too much is refused before a byte of it is held", async () => {
  const bodies = createBodies({ each: 4 * MiB, together: 4 * MiB });
  const { client } = requestOf({ "content-length": String(5 * MiB) });
  await expect(bodies.open(client).read()).rejects.toMatchObject({ code: "body_too_large" });
  const other = requestOf();
  const reading = bodies.open(other.client).read();
  other.stream.end(Buffer.alloc(4 * MiB));
  expect(await reading).toHaveLength(4 * MiB);
});

test("a body that was read counts until it is released", async () => {
  const bodies = createBodies({ each: 4 * MiB, together: 4 * MiB });
  const read = async () => {
    const { stream, client } = requestOf();
    const body = bodies.open(client);
    const reading = body.read();
    stream.end(Buffer.alloc(3 * MiB));
    return { body, bytes: await reading };
  };
  const { body } = await read();
  await expect(read()).rejects.toMatchObject({ code: "bodies_too_large" });
  body.release();
  expect((await read()).bytes).toHaveLength(3 * MiB);
});
