/**
 * Start-daemon: makes sure that a daemon answers. It is started detached, with
 * an environment of listed variables only, so that no key of the person's
 * shell lives on in it. Two command lines that start one at once are fine: the
 * daemon's own lock lets one win, and both find it.
 */
import { spawn } from "node:child_process";
import { closeSync, openSync, readSync, unlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { DaemonView } from "../contract/daemon-view.js";
import { CliError } from "./cli-error.js";
import { daemonEnvironment } from "./daemon-environment.js";
import type { Door } from "./door/door.js";
import { escapeLine } from "./output/escape.js";
import { type Answer, ask, DaemonAbsent } from "./wire.js";

export type Environment = Readonly<Record<string, string | undefined>>;

export interface StartOptions {
  readonly door: Door;
  /** Path of `hoopxd.js`. */
  readonly program: string;
  readonly environment: Environment;
  readonly signal?: AbortSignal | undefined;
}

const patienceMs = 10_000;
/** A draining daemon may take 10 s before another can start. */
const drainingMs = 12_000;
const stepMs = 10;

/** The daemon that answers on the socket; undefined where none does. */
export async function probeDaemon(
  door: Door,
  signal?: AbortSignal,
): Promise<Answer<DaemonView> | undefined> {
  const limit = AbortSignal.timeout(5_000);
  try {
    return await ask(door, "daemonStatus", {
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
    });
  } catch (error) {
    if (error instanceof DaemonAbsent) return undefined;
    // It went away while it was asked: as absent as one that never was.
    if (error instanceof CliError && error.code === "daemon_lost") return undefined;
    if (!limit.aborted || signal?.aborted) throw error;
    throw new CliError(
      "daemon_silent",
      "the daemon does not answer",
      "hoopx daemon logs tells why; end the process, then hoopx daemon start",
      { cause: error },
    );
  }
}

/** The daemon that answers, started where none did. */
export async function ensureDaemon(
  options: StartOptions,
): Promise<Answer<DaemonView> & { readonly started: boolean }> {
  const { door, signal } = options;
  let started: Started | undefined;
  let deadline = Date.now() + drainingMs;
  try {
    for (;;) {
      // Asked for before the probe: a daemon that ends because another won leaves one that answers.
      const ended = started?.exitCode();
      const answer = await probeDaemon(door, signal);
      if (answer && !answer.body.draining) {
        if (answer.body.pid === started?.pid) door.started(started.pid, started.ended);
        return { ...answer, started: started !== undefined };
      }
      if (!answer && started === undefined) {
        started = start(options);
        deadline = Date.now() + patienceMs;
      } else if (ended) throw notStarted("did not start", started?.lastWords());
      if (Date.now() > deadline) {
        throw notStarted(`did not answer within ${patienceMs / 1000} s`, started?.lastWords());
      }
      await delay(stepMs, undefined, signal ? { signal } : {});
    }
  } finally {
    started?.release();
  }
}

interface Started {
  readonly pid: number | undefined;
  /** Undefined while it runs. */
  exitCode(): number | undefined;
  readonly ended: Promise<void>;
  lastWords(): LastWords;
  release(): void;
}

/** The error that it wrote on stderr, what it listed below it, and the way on that it named. */
interface LastWords {
  readonly message: string;
  readonly details: readonly string[];
  readonly hint: string | undefined;
}

function start({ program, environment }: StartOptions): Started {
  // A file without a name: the daemon may write to it long after this process is gone.
  const path = join(tmpdir(), `hoopx-start-${process.pid}-${Date.now()}`);
  const stderr = openTemporary(path);
  if (process.platform !== "win32") unlinkSync(path);
  const child = spawn(process.execPath, [...nodeFlags(), program], {
    detached: true,
    windowsHide: true,
    cwd: process.platform === "win32" ? tmpdir() : "/",
    env: daemonEnvironment(environment),
    stdio: ["ignore", "ignore", stderr],
  });
  let code: number | undefined;
  const ended = new Promise<void>((resolve) => {
    const end = (exit: number | null) => {
      code = exit ?? 1;
      resolve();
    };
    child.on("exit", end).on("error", () => end(null));
  });
  child.unref();
  return {
    pid: child.pid,
    ended,
    exitCode: () => code,
    lastWords() {
      const bytes = Buffer.alloc(16_384);
      const length = readSync(stderr, bytes, 0, bytes.length, 0);
      return lastWordsIn(bytes.toString("utf8", 0, length));
    },
    release: () => closeSync(stderr),
  };
}

/** Opens a new file in the folder for temporary files; says what is wrong with that folder. */
function openTemporary(path: string): number {
  try {
    return openSync(path, "wx+", 0o600);
  } catch (cause) {
    const { code = "unknown" } = cause as NodeJS.ErrnoException;
    throw new CliError(
      "temporary_folder_unusable",
      `the folder for temporary files, ${dirname(path)}, cannot be used (${code})`,
      "make it, or set TMPDIR to a folder that can be written to",
      { cause },
    );
  }
}

/** Reads what `refuse` of the daemon's main.ts writes, and what a crash of Node does. */
function lastWordsIn(text: string): LastWords {
  const lines = text.trim().split("\n").map(escapeLine);
  const at = lines.findLastIndex((line) => line.startsWith("error: "));
  const below = at === -1 ? [] : lines.slice(at + 1);
  const end = below.findIndex((line) => !line.startsWith("  "));
  const told =
    lines[at] ??
    // A crash: Node's own last line is only its version.
    lines.find((line) => /^\w*Error\b.*: /.test(line)) ??
    lines.at(-1) ??
    "";
  return {
    message: told.replace(/^error: /, ""),
    details: below.slice(0, end === -1 ? below.length : end).map((line) => line.trimStart()),
    hint: lines.findLast((line) => line.startsWith("hint: "))?.replace(/^hint: /, ""),
  };
}

/** SIGUSR1 must not open a debugger in the daemon (SECURITY L8), where Node can be told so. */
function nodeFlags(): readonly string[] {
  const flag = "--disable-sigusr1";
  return process.allowedNodeEnvironmentFlags.has(flag) ? [flag] : [];
}

function notStarted(how: string, words?: LastWords): CliError {
  return new CliError(
    "daemon_not_started",
    `the daemon ${how}${words?.message ? `: ${words.message}` : ""}`,
    // What it says before its log is open is in no log.
    words?.hint ?? "hoopx daemon logs tells more",
    { details: words?.details ?? [] },
  );
}
