/**
 * Stop-daemon: asks the daemon to drain and waits until its socket is quiet,
 * so that whoever comes next finds none, or starts a new one.
 */
import { setTimeout as delay } from "node:timers/promises";
import { CliError } from "./cli-error.js";
import { probeDaemon } from "./start-daemon.js";
import { ask, DaemonAbsent } from "./wire.js";

const patienceMs = 15_000;
const stepMs = 20;

/** Stops the daemon and waits for its end; false where none answered. */
export async function stopDaemon(socket: string): Promise<boolean> {
  let pid: number;
  try {
    pid = (await ask(socket, "daemonStop", { body: {} })).body.pid;
  } catch (error) {
    if (error instanceof DaemonAbsent) return false;
    throw error;
  }
  const deadline = Date.now() + patienceMs;
  while (Date.now() < deadline) {
    // Another daemon may already have taken the place of the one that was stopped.
    const answer = await probeDaemon(socket);
    if (answer === undefined || answer.body.pid !== pid) return true;
    await delay(stepMs);
  }
  throw new CliError(
    "daemon_not_stopped",
    `the daemon (process ${pid}) is still draining after ${patienceMs / 1000} s`,
    `end it with: kill ${pid}`,
  );
}
