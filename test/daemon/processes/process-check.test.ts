import { once } from "node:events";
import { type AddressInfo, createServer, type Server } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createProcessCheck } from "../../../src/daemon/processes/process-check.js";
import { processStart } from "../../../src/daemon/processes/process-start.js";
import { processTable } from "../../../src/daemon/processes/process-table.js";
import { createSocketTable } from "../../../src/daemon/processes/socket-table.js";

let server: Server;
beforeEach(async () => {
  server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
});
afterEach(() => server.close());

const open = (change: Partial<Parameters<typeof createProcessCheck>[0]> = {}) =>
  createProcessCheck({
    sockets: createSocketTable(),
    table: processTable,
    listening: { address: "127.0.0.1", port: (server.address() as AddressInfo).port },
    ...change,
  });
const own = { pid: process.pid, start: processStart(process.pid) };

test.runIf(process.platform === "linux")("a run of this machine is held to its tree", async () => {
  const checker = await open();
  expect(checker.unavailable).toBeNull();
  expect(checker.pidNamespace).toMatch(/^pid:\[\d+\]$/);
  expect(checker.checkFor(own)).toBe("tree");
});

test("a run that is not seen from here, and one of another start, are not", async () => {
  const checker = await open();
  expect(checker.checkFor({ ...own, pid: 2 ** 22 + 1 })).toBe("unavailable");
  expect(checker.checkFor({ ...own, start: null })).toBe("unavailable");
  expect(checker.checkFor({ ...own, start: `${own.start}1` })).toBe("unavailable");
});

test.each([
  ["sockets are not listed", { sockets: { inodeOf: async () => undefined } }],
  [
    "the list cannot be read",
    {
      sockets: {
        inodeOf: async () => {
          throw new Error("EACCES");
        },
      },
    },
  ],
  ["open files are hidden", { table: { ...processTable, sockets: () => [] } }],
])("where %s no run is held to its processes, and why is said", async (_, change) => {
  const checker = await open(change);
  expect(checker.unavailable).toMatch(/^[a-z/].*[^.]$/);
  expect(checker.checkFor(own)).toBe("unavailable");
});
