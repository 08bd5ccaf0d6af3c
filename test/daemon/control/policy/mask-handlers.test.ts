/** `hoopx mask` behind the real control server, with the daemon's own detectors. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openDoor } from "../../../../src/cli/door/door.js";
import { pass } from "../../../../src/cli/wire.js";
import type { Handlers } from "../../../../src/daemon/control/handler.js";
import { createMaskHandlers } from "../../../../src/daemon/control/policy/mask-handlers.js";
import { type ControlServer, openControlServer } from "../../../../src/daemon/control/server.js";
import { createMaskings } from "../../../../src/daemon/masking/maskings.js";
import { usualMasking } from "../../../../src/daemon/model/masking-terms.js";
import { nearestWord } from "../../../../src/daemon/yaml/nearest-word.js";
import { actorWith } from "../../../support/actors.js";

const maskings = createMaskings();
const secret = `ghp_${"aB3dE5fG7h".repeat(3)}JkL9mN`;
let folder: string;
let socket: string;
let server: ControlServer;
let folders: (string | undefined)[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "hoopx-mask-"));
  socket = join(folder, "c.sock");
  folders = [];
  const words = [{ name: "people", words: ["Ada"] }];
  server = await openControlServer({
    socket,
    version: "1",
    handlers: createMaskHandlers({
      ...maskings,
      nearestWord,
      async termsFor(where) {
        folders.push(where);
        return { ...usualMasking, words };
      },
    }) as unknown as Handlers,
    problemOf: () => undefined,
    seats: { take() {}, begin() {}, end() {}, claim: () => true },
    actorOf: async () => actorWith(),
    fault: (_route, error) => {
      throw error;
    },
  });
});
afterEach(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

async function* of(...chunks: readonly (string | Buffer)[]) {
  for (const chunk of chunks) yield Buffer.from(chunk);
}

async function masked(chunks: readonly (string | Buffer)[], query: Record<string, string> = {}) {
  const pieces: Buffer[] = [];
  for await (const piece of pass(openDoor(socket), "mask", of(...chunks), { query }))
    pieces.push(piece);
  return Buffer.concat(pieces);
}

test("what the policy hides is hidden, at any cut, and all other bytes are as they were", async () => {
  const before = Buffer.concat([Buffer.from(`é ${secret}, Ada\n`), Buffer.from([0xff, 0, 0x80])]);
  const after = Buffer.concat([
    Buffer.from("é [masked:github-token]#1, [masked:people]#2\n"),
    Buffer.from([0xff, 0, 0x80]),
  ]);
  for (let cut = 0; cut <= before.length; cut += 5) {
    const chunks = [before.subarray(0, cut), before.subarray(cut)];
    const left = (await masked(chunks, { folder: "/p" })).toString("latin1");
    // Two characters of a fixed beginning say nothing of the secret, and may have gone before.
    expect(left.replace(/gh?(?=\[masked)/, "")).toBe(after.toString("latin1"));
  }
  expect(folders[0]).toBe("/p");
});

test("a line goes on before the next one comes", async () => {
  let more: () => void = () => {};
  const waiting = new Promise<void>((resolve) => {
    more = resolve;
  });
  const lines = (async function* () {
    yield Buffer.from(`one ${secret} and more\n`);
    await waiting;
    yield Buffer.from("two\n");
  })();
  const answer = pass(openDoor(socket), "mask", lines)[Symbol.asyncIterator]();
  const first = await answer.next();
  expect(String(first.value)).toBe("one [masked:github-token]#1 and more\n");
  more();
  expect(String((await answer.next()).value)).toBe("two\n");
  expect((await answer.next()).done).toBe(true);
});

test("explain: line, column, detector and why, and never the secret", async () => {
  const chunks = ["a\nAda, ", `Ada: ${secret} é Ada\n`, "Ada"];
  const text = (await masked(chunks, { explain: "true" })).toString();
  expect(text).not.toContain(secret);
  const found = text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(found.map(({ line, column, mark }) => [line, column, mark])).toEqual([
    [2, 1, "[masked:people]#1"],
    [2, 6, "[masked:people]#1"],
    [2, 11, "[masked:github-token]#2"],
    [2, 11 + secret.length + 3, "[masked:people]#1"],
    [3, 1, "[masked:people]#1"],
  ]);
  expect(found[2].about).toMatch(/GitHub/);
  expect(found[0].about).toBe("a pattern or word list of your policy");
});

test("detectors are chosen by name, and a wrong one is refused with the nearest", async () => {
  const text = `Ada ${secret} ada@example.com`;
  expect((await masked([text], { detectors: "people,email" })).toString()).toBe(
    `[masked:people]#1 ${secret} [masked:email]#2`,
  );
  await expect(masked([text], { detectors: "emial" })).rejects.toMatchObject({
    code: "bad_request",
    hint: "did you mean email?",
  });
});

test("a reader that is slow holds the writer back", async () => {
  let written = 0;
  const much = (async function* () {
    for (let count = 0; count < 400; count += 1) {
      written += 1;
      yield Buffer.from(`${"plain text ".repeat(6000)}\n`);
    }
  })();
  const answer = pass(openDoor(socket), "mask", much)[Symbol.asyncIterator]();
  await answer.next();
  // What is on its way fits buffers; it is never all of it.
  let before = -1;
  while (before !== written) {
    before = written;
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  expect(written).toBeLessThan(200);
  for (let next = await answer.next(); !next.done; next = await answer.next());
  expect(written).toBe(400);
});

test("an input that fails is no end", async () => {
  const broken = (async function* () {
    yield Buffer.from("half");
    throw new Error("the disk is gone");
  })();
  await expect(async () => {
    for await (const _ of pass(openDoor(socket), "mask", broken));
  }).rejects.toThrow("the disk is gone");
});
