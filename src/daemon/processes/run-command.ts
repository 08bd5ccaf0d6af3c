/**
 * Run command: what a run was started as. What the runner says is a claim; the
 * kernel has the words that a process was started with (`/proc/PID/cmdline`).
 * The claim is kept where they end with it, since it is what the person typed;
 * otherwise the kernel's words count. Asked of the runner (`hoopx run -- CMD`)
 * before there is a child, and of the child once it is there.
 */
import { basename } from "node:path";
import { commandLine } from "../../contract/command-line.js";
import type { ProcessTable } from "./process-table.js";

/** The command of a process, checked against what was said of it. */
export function commandOf(
  table: Pick<ProcessTable, "commandLine">,
  pid: number,
  said: string,
): string {
  const words = table.commandLine(pid);
  // It has ended: what was checked before stays.
  if (words.length === 0) return said;
  // In front of the claim: `hoopx run --`, or a script's interpreter, from which the kernel makes words.
  for (let front = 0; front < words.length; front += 1) {
    const [program = "", ...rest] = words.slice(front);
    // A script that was found by PATH has its whole path in the kernel's list.
    if (commandLine([program, ...rest]) === said) return said;
    if (commandLine([basename(program), ...rest]) === said) return said;
  }
  return commandLine(words);
}
