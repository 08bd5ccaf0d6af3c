/**
 * Orphans: processes of a run whose parent ended. Linux gives them to the
 * nearest ancestor that asked for them (PR_SET_CHILD_SUBREAPER, prctl(2)); that
 * is `hoopx run`, so that one which forks twice, or makes a session of its own,
 * is still below its run: its token works, and it cannot pass for a process of
 * the person's. Node waits only for children that it started itself, so those
 * that it was given are waited for here.
 */
import { readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { executableOf } from "../door/process-facts.js";

const prSetChildSubreaper = 36;
const waitNoHang = 1;
/** Milliseconds between two looks at children that have ended. */
const lookAfter = 200;

/** Takes in orphans from here on; where this system cannot, nothing happens. */
export async function takeInOrphans(): Promise<void> {
  if (process.platform !== "linux") return;
  const calls = await loadCalls();
  if (calls === undefined || calls.prctl(prSetChildSubreaper, 1, 0, 0, 0) !== 0) return;
  reapWith((pid) => calls.waitpid(pid, null, waitNoHang));
}

interface Calls {
  readonly prctl: (option: number, ...values: readonly number[]) => number;
  readonly waitpid: (pid: number, status: null, options: number) => number;
}

async function loadCalls(): Promise<Calls | undefined> {
  try {
    const { default: koffi } = await import("koffi");
    const library = koffi.load(null);
    return {
      prctl: library.func("int prctl(int, ulong, ulong, ulong, ulong)"),
      waitpid: library.func("int waitpid(int, void *, int)"),
    };
  } catch {
    // No native code for this system: the daemon's other checks have to do.
    return undefined;
  }
}

/**
 * Waits for given children that have ended. Node waits for its own as soon as it hears of an end,
 * so one that is still a zombie at the second look is none of Node's.
 */
function reapWith(wait: (pid: number) => void): void {
  let seen = new Set<number>();
  let timer: NodeJS.Timeout | undefined;
  const look = () => {
    timer = undefined;
    const ended = zombies();
    for (const pid of ended) if (seen.has(pid)) wait(pid);
    seen = new Set(ended.filter((pid) => !seen.has(pid)));
    if (seen.size > 0) later();
  };
  const later = () => {
    if (timer === undefined) timer = setTimeout(look, lookAfter).unref();
  };
  process.on("SIGCHLD", later);
}

export interface LeftProcess {
  readonly pid: number;
  /** The name of its program's file. */
  readonly name: string;
}

/** Processes of the run that outlive its command, where the system gives them to `hoopx run`. */
export function processesBelow(): readonly LeftProcess[] {
  return children().flatMap((pid) => {
    const { name, state } = statOf(pid) ?? {};
    if (name === undefined || state === "Z") return [];
    const program = executableOf(pid);
    // A program sets the kernel's short name itself: Node 24 calls itself `MainThread`.
    return [{ pid, name: program === undefined ? name : basename(program) }];
  });
}

/** Children that have ended and were not waited for. */
const zombies = (): readonly number[] => children().filter((pid) => statOf(pid)?.state === "Z");

function children(): readonly number[] {
  try {
    return readdirSync("/proc/self/task")
      .flatMap((thread) => readFileSync(`/proc/self/task/${thread}/children`, "utf8").split(" "))
      .filter((pid) => pid !== "")
      .map(Number);
  } catch {
    return [];
  }
}

function statOf(pid: number): { readonly name: string; readonly state: string } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name may hold spaces and brackets: the fields count from its last bracket.
    const end = text.lastIndexOf(")");
    const [state = ""] = text.slice(end + 2).split(" ");
    return { name: text.slice(text.indexOf("(") + 1, end), state };
  } catch {
    return undefined;
  }
}
