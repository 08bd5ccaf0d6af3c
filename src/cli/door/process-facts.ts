/**
 * Process facts: what Linux's /proc says of a process (proc(5)), as far as the
 * command line asks. What is gone, or may not be looked at, is undefined.
 */
import { readFileSync, readlinkSync, realpathSync } from "node:fs";
import { resolve } from "node:path";

export interface StartedAs {
  /** Path of the program that runs. */
  readonly executable: string | undefined;
  /** Node's own options, which stand before the script. */
  readonly options: readonly string[];
  /** The script, with every link followed; undefined where there is none. */
  readonly script: string | undefined;
  readonly words: readonly string[];
}

/** Its parent, and its start in clock ticks since boot; undefined for a process that has ended. */
export function lineageOf(
  pid: number,
): { readonly parent: number; readonly start: number } | undefined {
  const text = attempt(() => readFileSync(`/proc/${pid}/stat`, "utf8"));
  if (text === undefined) return undefined;
  // The name may hold spaces and brackets: the fields count from its last bracket.
  const [state = "", parent, ...rest] = text.slice(text.lastIndexOf(")") + 2).split(" ");
  if ("ZX".includes(state)) return undefined;
  return { parent: Number(parent), start: Number(rest[17]) };
}

/** How a Node program was started, in the kernel's words. */
export function startedAs(pid: number): StartedAs {
  const text = attempt(() => readFileSync(`/proc/${pid}/cmdline`, "utf8")) ?? "";
  const [, ...words] = text.replace(/\0+$/, "").split("\0");
  const at = words.findIndex((word) => !word.startsWith("-"));
  const script = at === -1 ? undefined : words[at];
  return {
    executable: executableOf(pid),
    options: at === -1 ? words : words.slice(0, at),
    script: script === undefined ? undefined : scriptPath(pid, script),
    words: at === -1 ? [] : words.slice(at + 1),
  };
}

/** Path of the program that a process runs; a file that was replaced since keeps its name. */
export function executableOf(pid: number): string | undefined {
  return attempt(() => readlinkSync(`/proc/${pid}/exe`))?.replace(/ \(deleted\)$/, "");
}

/** The variables it was started with. */
export function environmentOf(pid: number): Readonly<Record<string, string>> | undefined {
  const text = attempt(() => readFileSync(`/proc/${pid}/environ`, "utf8"));
  if (text === undefined) return undefined;
  const pairs = text.split("\0").filter((pair) => pair.includes("="));
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf("=");
      return [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
}

/** A path with every link followed; as it is where nothing is there any more. */
export function realPath(path: string): string {
  return attempt(() => realpathSync(path)) ?? path;
}

function scriptPath(pid: number, script: string): string {
  const folder = attempt(() => readlinkSync(`/proc/${pid}/cwd`)) ?? "/";
  return realPath(resolve(folder, script));
}

function attempt<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
