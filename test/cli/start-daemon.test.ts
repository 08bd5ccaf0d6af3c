/** Starting, replacing and waiting for a daemon: a stand-in for hoopxd as a real process. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createClient } from "../../src/cli/client.js";
import { openDoor } from "../../src/cli/door/door.js";
import { ensureDaemon } from "../../src/cli/start-daemon.js";
import { stopDaemon } from "../../src/cli/stop-daemon.js";
import { homeOf } from "../../src/contract/home.js";

/** Answers status and stop, and tells its environment and folder; a second one finds the first. */
const standIn = `
import { createServer } from "node:http";
const { HOOPX_SOCKET: socket, HOOPX_VERSION: version } = process.env;
const server = createServer((request, response) => {
  response.setHeader("x-hoopx-version", version);
  response.setHeader("connection", "close");
  response.end(JSON.stringify({ pid: process.pid, version, sessions: 0, draining: false,
    names: Object.keys(process.env), cwd: process.cwd() }));
  if (request.method === "POST") server.close(() => process.exit(0));
});
server.on("error", () => process.exit(0));
setTimeout(() => server.listen(socket), 30);
// One that was slow to start finds the socket free again once its test is over.
setTimeout(() => process.exit(0), 30_000);
`;

let home: string;
let program: string;
let socket: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "hoopx-cli-"));
  program = join(home, "hoopxd.mjs");
  writeFileSync(program, standIn);
  ({ socket } = homeOf({ HOOPX_HOME: home }));
  mkdirSync(join(home, "run"));
});
afterEach(async () => {
  await stopDaemon(openDoor(socket));
  rmSync(home, { recursive: true });
});

const options = (version = "1.0.0") => ({
  door: openDoor(socket),
  program,
  environment: {
    PATH: process.env.PATH,
    HOOPX_SOCKET: socket,
    HOOPX_VERSION: version,
    HOOPX_PASSPHRASE: "horse",
    OPENAI_API_KEY: "sk-real",
  },
});

test("it is started apart: listed variables only, in no folder of ours", async () => {
  const { body } = await ensureDaemon(options());
  const told = body as typeof body & { names: string[]; cwd: string };
  expect(told.names.sort()).toEqual(["HOOPX_SOCKET", "HOOPX_VERSION", "PATH"]);
  expect(told.cwd).toBe("/");
});

test("several at once find the same one", async () => {
  const found = await Promise.all([1, 2, 3].map(() => ensureDaemon(options())));
  expect(new Set(found.map(({ body }) => body.pid)).size).toBe(1);
});

test("an idle one of another version is replaced without a word", async () => {
  const old = await ensureDaemon(options("0.9.0"));
  const notes: string[] = [];
  const client = createClient({
    ...options("1.0.0"),
    version: "1.0.0",
    prompter: { interactive: false, hidden: async () => "", confirm: async () => false },
    note: (text) => notes.push(text),
  });
  const now = await client.connect();
  expect(now.version).toBe("1.0.0");
  expect(now.pid).not.toBe(old.body.pid);
  expect(notes).toEqual([]);
});

test("one that fails: the line it ended with is the error, and its hint the hint", async () => {
  writeFileSync(
    program,
    'console.error("error: port 4141 is taken\\nhint: look"); process.exit(1)',
  );
  await expect(ensureDaemon(options())).rejects.toMatchObject({
    message: "the daemon did not start: port 4141 is taken",
    hint: "look",
  });
});

test("a folder for temporary files that is missing is named, with its mend", async () => {
  const before = process.env.TMPDIR;
  process.env.TMPDIR = join(home, "none");
  try {
    await expect(ensureDaemon(options())).rejects.toMatchObject({
      code: "temporary_folder_unusable",
      message: `the folder for temporary files, ${join(home, "none")}, cannot be used (ENOENT)`,
      hint: expect.stringContaining("TMPDIR"),
    });
  } finally {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
  }
});

test("one that lists its mistakes: each is a detail of the error", async () => {
  const words = ["error: 2 settings cannot be used", "  a:1:1: x", "  a:2:1: y", "hint: mend them"];
  writeFileSync(program, `console.error(${JSON.stringify(words.join("\n"))}); process.exit(1)`);
  await expect(ensureDaemon(options())).rejects.toMatchObject({
    message: "the daemon did not start: 2 settings cannot be used",
    details: ["a:1:1: x", "a:2:1: y"],
    hint: "mend them",
  });
});
