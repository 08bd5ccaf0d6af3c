/**
 * Run files: what a start leaves for the next one to find. The pid file is for
 * people and scripts (the lock decides who runs, the socket who is ready); the
 * kept port lets agents that outlive a restart find the data path again.
 */
import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Home } from "../contract/home.js";

export interface PidFile {
  readonly pid: number;
  readonly version: string;
  readonly startedAt: string;
  readonly port: number;
}

/** Clears what a daemon that was killed left behind; only the lock's holder may. */
export function clearStale(home: Home): void {
  rmSync(pidFileOf(home), { force: true });
  if (process.platform !== "win32") rmSync(home.socket, { force: true });
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

export function keepPort(home: Home, port: number): void {
  writeWhole(portFileOf(home), `${port}\n`);
}

const pidFileOf = (home: Home) => join(home.run, "hoopxd.pid");
const portFileOf = (home: Home) => join(home.data, "port");

function writeWhole(file: string, text: string): void {
  const draft = `${file}.new`;
  writeFileSync(draft, text, { mode: 0o600 });
  renameSync(draft, file);
}
