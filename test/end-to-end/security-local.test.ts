/** SECURITY.md L1–L8, S1, S2: the local surface of the real daemon, each promise by its name. */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { chmodSync, existsSync, lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { connect } from "node:net";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { connectedHome } from "../support/connected-home.js";
import { holdSession } from "../support/held-session.js";
import { alive, createHome, eventually } from "../support/home.js";
import { root } from "../support/sources.js";

const key = "sk-local-0123456789abcdef0123456789";
const { api, home } = await connectedHome(key);

test("L1 the data path is bound to loopback only", async () => {
  const { port } = await home.daemon();
  const listening = listeners()
    .filter((listener) => listener.port === port)
    .map(({ address }) => address);
  const loopback = ["0100007F", "00000000000000000000000001000000"];
  expect(listening.length).toBeGreaterThan(0);
  expect(listening.filter((address) => !loopback.includes(address))).toEqual([]);

  const outside = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ internal, family }) => !internal && family === "IPv4");
  for (const { address } of outside) {
    const error = await new Promise((resolve) => {
      const socket = connect(port, address, () => resolve("connected")).on("error", resolve);
      socket.on("connect", () => socket.destroy());
    });
    expect(error, address).toMatchObject({ code: "ECONNREFUSED" });
  }
});

test("L4 the control socket is 0600 in a 0700 folder", async () => {
  const { socket } = await home.daemon();
  expect(mode(socket)).toBe("600");
  expect(mode(join(socket, ".."))).toBe("700");
});

test.runIf(process.getuid?.() === 0)("L4 another user cannot connect to it", async () => {
  const { socket } = await home.daemon();
  // The run folder itself must keep others out, not the test's own folder around it.
  chmodSync(home.path, 0o755);
  const script = `require("node:net").connect(process.argv[1])
    .on("connect", () => { console.log("connected"); process.exit() })
    .on("error", (error) => console.log(error.code));`;
  const connected = async (user: { uid?: number; gid?: number }) => {
    const child = spawn(process.execPath, ["-e", script, socket], { cwd: "/", ...user });
    const [said] = await once(child.stdout, "data");
    return String(said).trim();
  };
  expect(await connected({ uid: 65_534, gid: 65_534 })).toBe("EACCES");
  expect(await connected({})).toBe("connected");
  chmodSync(home.path, 0o700);
});

test("L5 a token is 256 bits, in no file, log or argument; only its SHA-256 is kept", async () => {
  const held = await holdSession(home);
  expect(held.token).toMatch(/^hxs_[\w-]{43}$/);
  await held.request({});
  await held.request({
    without: ["authorization"],
    headers: [`Authorization: Bearer ${held.token}x`],
  });
  expect(home.filesWith(held.token)).toEqual([]);
  const digest = createHash("sha256").update(held.token).digest();
  const database = readdirSync(join(home.path, "data")).map((name) =>
    readFileSync(join(home.path, "data", name)),
  );
  expect(
    database.some((bytes) => bytes.includes(digest) || bytes.includes(digest.toString("hex"))),
  ).toBe(true);
  const arguments_ = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => read(`/proc/${pid}/cmdline`));
  expect(arguments_.filter((line) => line.includes(held.token))).toEqual([]);
  await held.end();
});

test.each([
  ["its child ends", [], async (held) => held.end()],
  // Time enough to start the child and to ask once while it lives, on a busy machine too.
  ["its time is over", ["--ttl", "5s"], async () => undefined],
  [
    "it is revoked",
    [],
    async (held) => {
      const { code } = await home.hoopx(["sessions", "revoke", held.id]);
      expect(code).toBe(0);
    },
  ],
] as [string, string[], (held: Awaited<ReturnType<typeof holdSession>>) => Promise<unknown>][])(
  "L6 a token dies when %s: 401 in the provider's shape, and nothing leaves",
  async (_, flags, finish) => {
    const held = await holdSession(home, { flags });
    expect((await held.request({})).status).toBe(200);
    await finish(held);
    // A request under way at that moment is cut; the next one is told why.
    const reply = await eventually(
      () => held.request({ outside: true }),
      ({ body }) => body.includes("session_over"),
    );
    expect(reply.status).toBe(401);
    expect(JSON.parse(reply.body).error).toMatchObject({ code: "session_over", param: null });
    expect(reply.head.toLowerCase()).toContain("x-should-retry: false");
    const before = api.calls.length;
    await held.request({ outside: true });
    expect(api.calls.length).toBe(before);
    if (alive(held.pid)) await held.end();
  },
);

test("L8 SIGUSR1 opens no debugger in the daemon, and does not end it", async () => {
  const { pid } = await home.daemon();
  process.kill(pid, "SIGUSR1");
  expect((await home.daemon()).pid).toBe(pid);
  const { port } = await home.daemon();
  expect(portsOf(pid)).toEqual([port]);
});

test.each(["--inspect=0", "--require=/dev/null", "--import=data:text/javascript,1"])(
  "L8 a daemon with NODE_OPTIONS=%s refuses to start",
  async (option) => {
    const other = createHome();
    const daemon = other.spawn(process.execPath, [join(root, "bin/hoopxd.js")], {
      environment: { NODE_OPTIONS: option },
    });
    const { code, stderr } = await daemon.done;
    expect(code).not.toBe(0);
    expect(stderr).toContain("NODE_OPTIONS");
    await other.dispose();
  },
);

test("S1 every file is 0600 and every folder 0700", async () => {
  const held = await holdSession(home);
  await held.request({});
  const open = readdirSync(home.path, { recursive: true, withFileTypes: true })
    .filter((entry) => /\/(config|data|run|log)(\/|$)/.test(join(entry.parentPath, entry.name)))
    .map((entry) => ({ path: join(entry.parentPath, entry.name), folder: entry.isDirectory() }))
    .filter(({ path, folder }) => mode(path) !== (folder ? "700" : "600"))
    .map(({ path }) => `${mode(path)} ${path}`);
  expect(open).toEqual([]);
  await held.end();
});

test("S1 no key is in the child's environment, and none in the daemon's", async () => {
  await home.hoopx(["daemon", "stop"]);
  const shell = {
    OPENAI_API_KEY: key,
    ANTHROPIC_API_KEY: "sk-ant-x",
    HOOPX_PASSPHRASE: "pass phrase",
    SPARE: key,
  };
  const held = await holdSession(home, { environment: shell });
  const { pid } = await home.daemon();
  for (const process_ of [held.pid, pid]) {
    const environment = read(`/proc/${process_}/environ`);
    expect(environment.length).toBeGreaterThan(0);
    for (const secret of [key, "sk-ant-x", "pass phrase"])
      expect(environment).not.toContain(secret);
  }
  await held.end();
});

test("S2 without a keychain the key is refused with the reason and both ways on, and is nowhere", async () => {
  const other = createHome();
  const { code, stderr } = await other.hoopx(
    ["connections", "add", "openai", "--base-url", api.baseUrl, "--secret-env", "KEY"],
    { environment: { KEY: key } },
  );
  expect(code).toBe(1);
  expect(stderr).toMatch(/D-Bus/i);
  expect(stderr).toContain("--secret-store file");
  expect(stderr).not.toContain(key);
  expect(other.filesWith(key)).toEqual([]);
  expect(await other.json(["connections"])).toEqual([]);
  await other.dispose();
});

test("S2 the sealed file holds the key in no readable form", () => {
  for (const form of [key, Buffer.from(key).toString("base64"), Buffer.from(key).toString("hex")]) {
    expect(home.filesWith(form)).toEqual([]);
  }
});

/** Every listening TCP socket of the machine, as the kernel has it (proc(5)). */
function listeners() {
  return ["/proc/net/tcp", "/proc/net/tcp6"]
    .flatMap((table) => (existsSync(table) ? readFileSync(table, "utf8").split("\n") : []))
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , , state]) => state === "0A")
    .map(([, local = ":", , , , , , , , inode = ""]) => {
      const [address = "", port = ""] = local.split(":");
      return { address, port: Number.parseInt(port, 16), inode };
    });
}

/** TCP ports that a process listens on. */
function portsOf(pid: number): readonly number[] {
  const open = new Set(
    readdirSync(`/proc/${pid}/fd`).map((fd) => {
      try {
        return readlinkSync(`/proc/${pid}/fd/${fd}`);
      } catch {
        return "";
      }
    }),
  );
  return listeners()
    .filter(({ inode }) => open.has(`socket:[${inode}]`))
    .map(({ port }) => port);
}

function mode(path: string): string {
  return (lstatSync(path).mode & 0o777).toString(8);
}

function read(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch {
    // The process ended while we looked.
    return "";
  }
}
