/**
 * Process end: whether a process has ended. One that its parent has not yet
 * collected (a zombie) has: it runs nothing and holds no file any more.
 */
import { readFileSync } from "node:fs";

/** False where there is no process of ours with this number, or only what is left of one. */
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
