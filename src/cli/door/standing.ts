/**
 * Standing: is the process that answers on the control socket the daemon? It
 * is the one that holds the lock beside the record, by the kernel's word; any
 * other is told nothing. It is told secrets where it runs our own program, with
 * our Node and nothing loaded besides, for this home, and no agent can have
 * started it. What a process of the same user does to the daemon itself, none
 * of this can see (docs/security.md).
 */
import { basename } from "node:path";
import { spawnObjection } from "../../contract/spawn-guards.js";
import { daemonEnvironment } from "../daemon-environment.js";
import type { LockFile } from "./lock-file.js";
import { environmentOf, executableOf, lineageOf, realPath, startedAs } from "./process-facts.js";

export type Standing =
  /** It has ended: who answers now is another question. */
  | { readonly kind: "gone" }
  /** Something else answers in the daemon's place. */
  | { readonly kind: "foreign"; readonly why: string }
  /** `doubt` is why it is told no secret: what stands behind "the daemon". */
  | { readonly kind: "daemon"; readonly doubt: string | undefined };

export interface StandingOptions {
  readonly lockFile: LockFile;
  /** Path of `hoopxd.js`. */
  readonly program: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Did this process start that one? */
  readonly isOwn: (pid: number) => boolean;
}

/** Judges the process that wrote the answer. */
export function standingOf(pid: number, options: StandingOptions): Standing {
  // The kernel names no process of a pid namespace that is not below this one.
  if (pid === 0) return { kind: "daemon", doubt: "is in a container, and cannot be looked at" };
  const holder = options.lockFile.holder();
  if (lineageOf(pid) === undefined) return { kind: "gone" };
  if (holder !== pid) {
    const held =
      holder === undefined ? "no process holds" : `the daemon is process ${holder}, which holds`;
    const who = `process ${pid} (${executableOf(pid) ?? "its program cannot be told"})`;
    return { kind: "foreign", why: `${who} answers on the control socket; ${held} the record` };
  }
  return { kind: "daemon", doubt: doubtOf(pid, options) };
}

function doubtOf(pid: number, options: StandingOptions): string | undefined {
  const { executable, script, options: given } = startedAs(pid);
  const node = realPath(process.execPath);
  if (executable !== node)
    return `runs ${executable ?? "what cannot be told"}, and this is ${node}`;
  const program = realPath(options.program);
  if (script !== program) return `runs ${script ?? "no program"}, and not ${program}`;
  const environment = environmentOf(pid);
  if (environment === undefined) return "cannot be looked at";
  const objection = spawnObjection(environment, given);
  if (objection !== undefined) return `was not started as hoopx starts it: ${objection.message}`;
  const ours = daemonEnvironment(options.environment);
  const other = placing.find((name) => environment[name] !== ours[name]);
  if (other !== undefined) return `was started with another ${other}`;
  const run = runAround(pid, options);
  return run === undefined ? undefined : `was started inside the run of process ${run}`;
}

/** What says where everything lies (contract/home.ts). */
const placing = ["HOOPX_HOME", "HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"];

/**
 * The runner that a process is below; undefined outside of runs. The daemon that a run itself started
 * is its child as an agent's orphan is, and differs by the run's word for it.
 */
function runAround(pid: number, { lockFile, isOwn }: StandingOptions): number | undefined {
  let below = pid;
  for (let step = 0; step < mostSteps; step += 1) {
    if (environmentOf(below)?.HOOPX_SESSION_ID) return below;
    const parent = lineageOf(below)?.parent ?? 0;
    if (parent <= 1) return undefined;
    if (isRunner(parent)) {
      const started = parent === process.pid ? isOwn(pid) : lockFile.voucherFor(pid) === parent;
      if (below !== pid || !started) return parent;
    }
    below = parent;
  }
  return below;
}

const mostSteps = 1_024;
/** The commands that start an agent. */
const running = new Set(["run", "replay", "doctor"]);

function isRunner(pid: number): boolean {
  const { script = "", words } = startedAs(pid);
  const command = words.find((word) => !word.startsWith("-")) ?? "";
  return /^hoopx(?:\.js)?$/.test(basename(script)) && running.has(command);
}
