/**
 * Process table: what Linux's /proc says of one process at a time (proc(5)).
 * Nothing here waits or keeps anything. What a process can make large is read
 * as it is asked for, so that the one that reads can pause. A process that is gone, or that may not
 * be looked into, is undefined or empty. Anything else that goes wrong throws:
 * a daemon that has no file descriptor left cannot open `/proc/PID/stat`, and
 * must not take that for the end of the process.
 */
import { opendirSync, readdirSync, readFileSync, readlinkSync } from "node:fs";

/** A process, told from a later one that was given its number by its start. */
export interface ProcessMark {
  readonly pid: number;
  /** Clock ticks from the machine's boot to the process's start. */
  readonly start: number;
}

export interface ProcessEntry extends ProcessMark {
  readonly parent: number;
  /** The short name, at most 15 bytes; the process chooses it. */
  readonly name: string;
  /** A zombie: ended, and only waiting for its parent to hear of it. */
  readonly gone: boolean;
}

export interface ProcessTable {
  entry(pid: number): ProcessEntry | undefined;
  /** Is there a process of that number, even one that may not be looked into? */
  exists(pid: number): boolean;
  /**
   * Those it started and those it was given, the latest last; a busy parent's list may lack some.
   * `undefined`: a thread that has none.
   */
  children(pid: number): Iterable<number | undefined>;
  /** What it has open: inodes of sockets, and `undefined` for all else. */
  sockets(pid: number): Iterable<number | undefined>;
  /** Path of its program; undefined where it may not be read. */
  executable(pid: number): string | undefined;
  /** A variable it was started with, as it stands in its memory; undefined where there is none. */
  variable(pid: number, name: string): string | undefined;
  /** The words of its command line, which the process itself can change; empty where there are none. */
  commandLine(pid: number): readonly string[];
  /** The folder it is in; undefined where that cannot be read, or was removed. */
  folder(pid: number): string | undefined;
  /** Every process there is. */
  all(): readonly number[];
}

/** The table of this machine, as far as this process may see it. */
export const processTable: ProcessTable = {
  entry(pid) {
    const text = attempt(() => readFileSync(`/proc/${pid}/stat`, "utf8"));
    if (text === undefined) return undefined;
    // The name may hold spaces and brackets: the fields count from its last bracket.
    const end = text.lastIndexOf(")");
    const fields = text.slice(end + 2).split(" ");
    const [state] = fields;
    return {
      pid,
      start: Number(fields[19]),
      parent: Number(fields[1]),
      name: text.slice(text.indexOf("(") + 1, end),
      gone: state === "Z" || state === "X",
    };
  },

  exists(pid) {
    try {
      process.kill(pid, 0);
      return true;
    } catch (error) {
      // EPERM: it is there, and another user's.
      return codeOf(error) !== "ESRCH";
    }
  },

  *children(pid) {
    for (const thread of namesIn(`/proc/${pid}/task`)) {
      yield undefined;
      const text = attempt(() => readFileSync(`/proc/${pid}/task/${thread}/children`, "utf8"));
      if (text !== undefined) yield* numbersIn(text.split(" "));
    }
  },

  *sockets(pid) {
    for (const descriptor of namesIn(`/proc/${pid}/fd`)) {
      const target = attempt(() => readlinkSync(`/proc/${pid}/fd/${descriptor}`));
      yield target?.startsWith("socket:[") ? Number(target.slice(8, -1)) : undefined;
    }
  },

  executable: (pid) => attempt(() => readlinkSync(`/proc/${pid}/exe`)),
  variable(pid, name) {
    const text = attempt(() => readFileSync(`/proc/${pid}/environ`, "latin1"));
    const found = text?.split("\0").find((each) => each.startsWith(`${name}=`));
    return found?.slice(name.length + 1);
  },

  commandLine(pid) {
    const text = attempt(() => readFileSync(`/proc/${pid}/cmdline`, "utf8")) ?? "";
    return text === "" ? [] : text.replace(/\0+$/, "").split("\0");
  },

  folder(pid) {
    const path = attempt(() => readlinkSync(`/proc/${pid}/cwd`));
    return path?.endsWith(" (deleted)") ? undefined : path;
  },

  all: () => numbersIn(attempt(() => readdirSync("/proc")) ?? []),
};

function* namesIn(path: string): Generator<string> {
  const folder = attempt(() => opendirSync(path));
  if (folder === undefined) return;
  try {
    for (;;) {
      // Null at the end; undefined where the process ended meanwhile.
      const entry = attempt(() => folder.readSync());
      if (!entry) return;
      yield entry.name;
    }
  } finally {
    folder.closeSync();
  }
}

function numbersIn(texts: readonly string[]): number[] {
  return texts.filter((text) => /^\d+$/.test(text)).map(Number);
}

/** It ended meanwhile, or it is another user's. */
const goneOrHidden = new Set(["ENOENT", "ESRCH", "EACCES", "EPERM"]);

/** What is asked of a process that may end at any moment, or that is another user's. */
function attempt<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch (error) {
    if (goneOrHidden.has(codeOf(error) ?? "")) return undefined;
    throw error;
  }
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}
