/**
 * Streams without a finding, through the real daemon with masking on and off:
 * the same bytes, and no event waits for another. The upstream sends the next
 * event only once the client has the one before, so one that was held would end
 * the test.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type HeldSession, holdSession } from "../support/held-session.js";
import { createHome, type TestHome } from "../support/home.js";
import { type StreamShape, streamShapes, streamText } from "../support/masked-streams.js";

let home: TestHome;
let sending: readonly string[] = [];
let received = 0;
let arrived = () => {};
const upstream = createServer(async (asked, answer) => {
  asked.resume();
  answer.writeHead(200, { "content-type": "text/event-stream" });
  let sent = 0;
  for (const event of sending) {
    const here = new Promise<void>((resolve) => {
      arrived = () => received >= sent && resolve();
    });
    sent += Buffer.byteLength(event);
    answer.write(event);
    await here;
  }
  answer.end();
});

beforeAll(async () => {
  await new Promise<void>((resolve) => upstream.listen(0, "127.0.0.1", resolve));
  home = createHome();
  const { port } = upstream.address() as AddressInfo;
  await home.connect(`http://127.0.0.1:${port}/v1`, "sk-differential-0123456789abcdef");
});
afterAll(async () => {
  await home.dispose();
  upstream.close();
});

/** A session under a policy that masks so. */
async function sessionWith(masking: string): Promise<HeldSession> {
  const folder = join(home.path, "config");
  mkdirSync(folder, { recursive: true });
  const rules = "version: 1\nrules:\n  - { name: all, when: {}, effect: allow }\n";
  writeFileSync(join(folder, "policy.yaml"), `${rules}masking: ${masking}\n`);
  return holdSession(home);
}

/** The reply's body, while the upstream sends these events in step with it. */
function through(held: HeldSession, operation: string, events: readonly string[]): Promise<string> {
  sending = events;
  received = 0;
  return new Promise((resolve, reject) => {
    const asked = request(
      {
        host: "127.0.0.1",
        port: held.relay,
        path: `/openai/v1/${operation}`,
        method: "POST",
        agent: false,
        headers: {
          host: `127.0.0.1:${held.port}`,
          authorization: `Bearer ${held.token}`,
          "content-type": "application/json",
        },
      },
      (reply) => {
        const pieces: Buffer[] = [];
        reply.on("data", (piece: Buffer) => {
          pieces.push(piece);
          received += piece.length;
          arrived();
        });
        reply.on("end", () => resolve(Buffer.concat(pieces).toString()));
        reply.on("error", reject);
      },
    );
    asked.on("error", reject);
    asked.end('{"model":"gpt-mock","stream":true}');
  });
}

/** Words that hold nothing, among them what masking looks twice at. */
function eventsOf(shape: StreamShape): readonly string[] {
  const words = 'The "token" of 12 cafés 😀 is {1, 2}:\n\tno key, so say it again. '.split(
    /(?<= )/,
  );
  const pieces = shape.json
    ? ['{"say":"', ...words.map((word) => JSON.stringify(word).slice(1, -1)), '"}']
    : words;
  return streamText(shape.events(pieces)).split(/(?<=\n\n)/);
}

test("the same bytes with masking on and off, each event before the next comes", async () => {
  const replies = new Map<string, string[]>();
  for (const masking of ["{ detectors: [secrets] }", "{ detectors: [] }"]) {
    const held = await sessionWith(masking);
    for (const shape of streamShapes) {
      const reply = await through(held, shape.operation, eventsOf(shape));
      replies.set(shape.name, [...(replies.get(shape.name) ?? []), reply]);
    }
    await held.end();
  }
  for (const shape of streamShapes) {
    const whole = eventsOf(shape).join("");
    expect(replies.get(shape.name), shape.name).toEqual([whole, whole]);
  }
});
