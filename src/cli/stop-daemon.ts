/**
 * Stop-daemon: asks the daemon to drain and waits until its socket is quiet,
 * so that the next command finds none, or starts a new one.
 */
import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { CliError } from "./cli-error.js";
import type { Door } from "./door/door.js";
import { probeDaemon } from "./start-daemon.js";
import { ask, DaemonAbsent } from "./wire.js";

const patienceMs = 15_000;
const stepMs = 20;
/** What an end may take where it cannot be seen, as in another pid namespace. */
const endMs = 3_000;

/** Stops the daemon and waits for its end; false where none answered. */
export async function stopDaemon(door: Door): Promise<boolean> {
  let pid: number;
  try {
    pid = (await ask(door, "daemonStop", { body: {} })).body.pid;
  } catch (error) {
    if (error instanceof DaemonAbsent) return false;
    throw error;
  }
  const deadline = Date.now() + patienceMs;
  let goneSince: number | undefined;
  while (Date.now() < deadline) {
    // Another daemon may already have taken the place of the one that was stopped.
    const answer = await probeDaemon(door);
    if (answer === undefined || answer.body.pid !== pid) {
      // Without its socket it still puts the record in order: its files are its own until it has ended.
      goneSince ??= Date.now();
      if (!runs(pid) || Date.now() - goneSince > endMs) return true;
    }
    await delay(stepMs);
  }
  throw new CliError(
    "daemon_not_stopped",
    `the daemon (process ${pid}) is still draining after ${patienceMs / 1000} s`,
    `end it with: kill ${pid}`,
  );
}

/**
 * False where there is no process of ours with this number, or only what is left of one: a process
 * that its parent has not yet collected (a zombie) runs nothing and holds no file any more.
 */
export function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  try {
    // proc(5): the state stands behind the name, which may hold any letter.
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    return !/^[ZX]/.test(stat.slice(stat.lastIndexOf(")") + 2));
  } catch {
    // No such list outside Linux: the number is taken at its word.
    return true;
  }
}
