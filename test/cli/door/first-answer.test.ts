import { fork } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { createServer as createSocketServer, type Server } from "node:net";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { openDoor } from "../../../src/cli/door/door.js";
import { firstAnswerFrom } from "../../../src/cli/door/first-answer.js";
import { loadKernel } from "../../../src/cli/door/kernel.js";
import { temporaryFolder } from "../../daemon/store/temporary-folder.js";

const kernel = await loadKernel();
const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

async function listening(server: Server): Promise<string> {
  const path = join(temporaryFolder(), "s.sock");
  server.listen(path);
  await once(server, "listening");
  ends.push(() => server.close());
  return path;
}

async function answerOn(path: string): Promise<number> {
  if (kernel === undefined) throw new Error("no kernel to ask");
  const socket = await openDoor(path).open({ secret: false });
  ends.push(() => socket.destroy());
  return firstAnswerFrom(socket, kernel, undefined);
}

test.runIf(kernel !== undefined)(
  "the process that answers is told, and what follows is read",
  async () => {
    const server = createServer((request, response) => response.end(request.method));
    const path = await listening(server);
    expect(await answerOn(path)).toBe(process.pid);
  },
);

/** Answers, once it is asked, on connections that another process accepted: of bytes from before the kernel tells no sender. */
const answering = `
process.on("message", (_, socket) => {
  socket.once("data", () => socket.end("HTTP/1.1 404 Not Found\\r\\n\\r\\n"));
});
process.send("there");
`;

test.runIf(kernel !== undefined)(
  "it is the one that wrote the answer, and not the one that listens",
  async () => {
    const file = join(temporaryFolder(), "answering.mjs");
    writeFileSync(file, answering);
    const child = fork(file);
    ends.push(() => child.kill("SIGKILL"));
    await once(child, "message");
    const server = createSocketServer({ pauseOnConnect: true }, (socket) => {
      child.send("take", socket);
    });
    expect(await answerOn(await listening(server))).toBe(child.pid);
  },
);

test.runIf(kernel !== undefined).each([
  ["is no answer of HTTP", "error: hello\r\n\r\n"],
  ["never ends", "x".repeat(100_000)],
])("an answer that %s is not believed", async (_how, text) => {
  const path = await listening(
    createSocketServer((socket) => socket.on("error", () => undefined).write(text)),
  );
  await expect(answerOn(path)).rejects.toThrow(
    /the answer (is too long|does not come from one process)/,
  );
});

test.runIf(kernel !== undefined)("a connection that ends without an answer is over", async () => {
  const path = await listening(createSocketServer((socket) => socket.destroy()));
  await expect(answerOn(path)).rejects.toThrow(/connection is over|no answer/);
});
