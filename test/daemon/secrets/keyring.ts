/**
 * A real keyring for tests: a session bus of its own (empty, so nothing is
 * started on demand) and gnome-keyring on it, without a display. The library
 * reads the bus's address once a process, so one test file has one bus.
 */
import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";

/** What is missing here to run these tests; undefined where nothing is. */
export function missingForKeyring(): string | undefined {
  if (process.platform !== "linux") return "the Secret Service is Linux's";
  const missing = ["dbus-daemon", "dbus-send", "gnome-keyring-daemon"].filter(
    (program) => spawnSync(program, ["--version"]).error !== undefined,
  );
  return missing.length === 0 ? undefined : `not installed: ${missing.join(", ")}`;
}

const busConfig = `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>unix:tmpdir=/tmp</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*"/><allow eavesdrop="true"/><allow own="*"/></policy>
</busconfig>`;

export interface Keyring {
  /** Starts gnome-keyring over a fresh folder, with an unlocked collection or with none. */
  start(collection: "unlocked" | "none"): Promise<void>;
  lock(): void;
  /** Stops or continues the process: a service that hangs. */
  signal(name: "SIGSTOP" | "SIGCONT"): void;
  stop(): Promise<void>;
  close(): Promise<void>;
}

/** Starts a bus and makes it this process's own. */
export async function openBus(): Promise<Keyring> {
  const folder = mkdtempSync(join(tmpdir(), "hoopx-bus-"));
  const config = join(folder, "bus.conf");
  writeFileSync(config, busConfig);
  const bus = spawn("dbus-daemon", [`--config-file=${config}`, "--nofork", "--print-address"], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  const [address] = await once(bus.stdout, "data");
  process.env.DBUS_SESSION_BUS_ADDRESS = String(address).trim();
  let service: ChildProcess | undefined;

  const ask = (...words: string[]) =>
    execFileSync("dbus-send", ["--session", "--print-reply", ...words], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    });
  const isUp = () =>
    ask(
      "--dest=org.freedesktop.DBus",
      "/org/freedesktop/DBus",
      "org.freedesktop.DBus.NameHasOwner",
      "string:org.freedesktop.secrets",
    ).includes("boolean true");

  async function stop(): Promise<void> {
    if (service === undefined) return;
    const gone = once(service, "exit");
    service.kill("SIGKILL");
    service = undefined;
    await gone;
  }

  return {
    async start(collection) {
      await stop();
      const home = mkdtempSync(join(folder, "keyring-"));
      mkdirSync(join(home, "run"), { mode: 0o700 });
      const unlocked = collection === "unlocked";
      service = spawn(
        "gnome-keyring-daemon",
        ["--foreground", "--components=secrets", ...(unlocked ? ["--unlock"] : [])],
        {
          stdio: ["pipe", "ignore", "ignore"],
          env: { ...process.env, XDG_DATA_HOME: home, XDG_RUNTIME_DIR: join(home, "run") },
        },
      );
      service.stdin?.end(unlocked ? "a password" : "");
      const deadline = Date.now() + 10_000;
      while (!isUp()) {
        if (Date.now() > deadline) throw new Error("gnome-keyring did not start");
        await setTimeout(20);
      }
    },
    lock: () =>
      void ask(
        "--dest=org.freedesktop.secrets",
        "/org/freedesktop/secrets",
        "org.freedesktop.Secret.Service.Lock",
        "array:objpath:/org/freedesktop/secrets/collection/login",
      ),
    signal: (name) => void service?.kill(name),
    stop,
    async close() {
      service?.kill("SIGCONT");
      await stop();
      const gone = once(bus, "exit");
      bus.kill();
      await gone;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
