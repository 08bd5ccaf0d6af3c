/**
 * Run files: what a start leaves for the next one to find. The pid file is for
 * people and scripts (the lock decides who runs, the socket who is ready); the
 * kept port lets agents that outlive a restart find the data path again. Who
 * holds the lock is written beside it, so that it can be named wherever the run
 * folder is.
 */
import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Home } from "../../contract/home.js";

export interface PidFile {
  readonly pid: number;
  readonly version: string;
  readonly startedAt: string;
  readonly port: number;
}

/** Clears what a daemon that was killed left behind; only the lock's holder may. */
export function clearStale(home: Home): void {
  remove(pidFileOf(home));
  if (process.platform !== "win32") remove(home.socket);
}

/** What is in no folder is not there. */
function remove(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOTDIR") throw error;
  }
}

/** Written whole or not at all. */
export function writePidFile(home: Home, content: PidFile): void {
  writeWhole(pidFileOf(home), `${JSON.stringify(content)}\n`);
}

/** The pid the file names; undefined while there is none. */
export function readPid(home: Home): number | undefined {
  try {
    const { pid } = JSON.parse(readFileSync(pidFileOf(home), "utf8")) as Partial<PidFile>;
    return typeof pid === "number" ? pid : undefined;
  } catch {
    // Not written yet, or cut by a full disk: the caller says what it knows without it.
    return undefined;
  }
}

/** The port of the last start; undefined before the first. */
export function readKeptPort(home: Home): number | undefined {
  try {
    const port = Number(readFileSync(portFileOf(home), "utf8").trim());
    return Number.isInteger(port) && port > 0 && port < 65_536 ? port : undefined;
  } catch {
    return undefined;
  }
}

const defaultPort = 4141;

/**
 * The port to try first. Any (0 in the settings) is the kept one while runs are alive, whose agents
 * have it in their base URL.
 */
export function wantedPort(
  configured: number | null,
  kept: number | undefined,
  liveSessions: number,
): number {
  if (configured === 0) return liveSessions > 0 ? (kept ?? 0) : 0;
  return configured ?? kept ?? defaultPort;
}

export function keepPort(home: Home, port: number): void {
  writeWhole(portFileOf(home), `${port}\n`);
}

/** The process that holds the lock beside the record. */
export interface Holder {
  readonly pid: number;
  /** When it started, as the kernel counts it; null where the system does not say. */
  readonly start: string | null;
}

export function keepHolder(home: Home, holder: Holder): void {
  writeWhole(holderFileOf(home), `${JSON.stringify(holder)}\n`);
}

export function clearHolder(home: Home): void {
  rmSync(holderFileOf(home), { force: true });
}

/** Who held the lock last, alive or not; undefined where it was given back. */
export function readHolder(home: Home): Holder | undefined {
  try {
    const { pid, start } = JSON.parse(readFileSync(holderFileOf(home), "utf8")) as Partial<Holder>;
    return typeof pid === "number" ? { pid, start: start ?? null } : undefined;
  } catch {
    return undefined;
  }
}

const holderFileOf = (home: Home) => join(home.data, "hoopxd.holder");
const pidFileOf = (home: Home) => join(home.run, "hoopxd.pid");
const portFileOf = (home: Home) => join(home.data, "port");

function writeWhole(file: string, text: string): void {
  const draft = `${file}.new`;
  writeFileSync(draft, text, { mode: 0o600 });
  renameSync(draft, file);
}
