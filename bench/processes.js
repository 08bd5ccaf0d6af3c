/**
 * Processes: starts what is measured, pinned to a core where the system can,
 * and reads what it cost from /proc. The proxies share one core; load and
 * upstream share the other, so that neither steals from what is measured.
 */
import { spawn, spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";

const startLimitMs = 20_000;
const canPin = availableParallelism() > 1 && spawnSync("taskset", ["-V"]).status === 0;

export const cores = { proxies: 0, load: 1 };

/** Says what a reader of the figures must know about this machine. */
export const pinning = canPin ? "pinned" : "not pinned (taskset or a second core is missing)";

/** The command and arguments that run `node …` on one core. */
export function pinnedNode(core, args) {
  return canPin
    ? { command: "taskset", args: ["-c", String(core), process.execPath, ...args] }
    : { command: process.execPath, args };
}

/** Starts a script of this folder that talks to us by messages, and awaits its first one. */
export async function startScript(core, script, args = []) {
  const file = fileURLToPath(new URL(script, import.meta.url));
  const { command, args: all } = pinnedNode(core, [file, ...args]);
  const child = spawn(command, all, { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  const first = await nextMessage(child, script, startLimitMs);
  return {
    first,
    pid: child.pid,
    /** Sends a message and awaits the answer to it. */
    ask(message, limitMs) {
      const answer = nextMessage(child, script, limitMs);
      child.send(message);
      return answer;
    },
    stop: () => stopChild(child),
  };
}

function nextMessage(child, name, limitMs) {
  return new Promise((resolve, reject) => {
    const settle = (act) => (value) => {
      clearTimeout(guard);
      child.off("message", onMessage);
      child.off("exit", onExit);
      act(value);
    };
    const onMessage = settle(resolve);
    const onExit = settle((code) => reject(new Error(`${name} exited with ${code}`)));
    const guard = setTimeout(
      settle(() => reject(new Error(`${name} did not answer in ${limitMs} ms`))),
      limitMs,
    );
    child.once("message", onMessage);
    child.once("exit", onExit);
  });
}

/** Ends a child: asked first, then killed. */
export async function stopChild(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  const guard = setTimeout(() => child.kill("SIGKILL"), 12_000);
  await gone;
  clearTimeout(guard);
}

/** CPU time of a process over all its threads, microseconds; NaN where /proc does not tell. */
export function cpuMicros(pid) {
  try {
    let nanos = 0;
    for (const task of readdirSync(`/proc/${pid}/task`)) {
      nanos += Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, "utf8").split(" ")[0]);
    }
    return nanos / 1000;
  } catch {
    return Number.NaN;
  }
}

/** Resident memory of a process, MB; NaN where /proc does not tell. */
export function residentMegabytes(pid) {
  try {
    const found = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
    return Number(found?.[1]) / 1024;
  } catch {
    return Number.NaN;
  }
}
