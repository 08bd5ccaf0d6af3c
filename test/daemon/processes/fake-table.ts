/** A process table of a test's own, to say what a real machine only says by chance. */
import type { ProcessEntry, ProcessTable } from "../../../src/daemon/processes/process-table.js";

export interface FakeProcess {
  readonly parent: number;
  readonly start: number;
  readonly sockets?: Iterable<number>;
  readonly gone?: boolean;
  readonly variables?: Readonly<Record<string, string>>;
  readonly commandLine?: readonly string[];
}

export interface FakeTable extends ProcessTable {
  readonly processes: Map<number, FakeProcess>;
  /** How often a process's open files were looked through. */
  looks: number;
}

/** `hidden`: processes that are there and may not be looked into. */
export function fakeTable(
  processes: Readonly<Record<number, FakeProcess>>,
  hidden: ReadonlySet<number> = new Set(),
): FakeTable {
  const all = new Map(Object.entries(processes).map(([pid, given]) => [Number(pid), given]));
  const table: FakeTable = {
    processes: all,
    looks: 0,
    entry(pid): ProcessEntry | undefined {
      const found = all.get(pid);
      if (found === undefined) return undefined;
      const { parent, start, gone = false } = found;
      return { pid, parent, start, name: `p${pid}`, gone };
    },
    exists: (pid) => all.has(pid) || hidden.has(pid),
    children: (pid) => [...all].filter(([, { parent }]) => parent === pid).map(([each]) => each),
    sockets(pid) {
      table.looks += 1;
      return all.get(pid)?.sockets ?? [];
    },
    executable: (pid) => (all.has(pid) ? `/bin/p${pid}` : undefined),
    variable: (pid, name) => all.get(pid)?.variables?.[name],
    commandLine: (pid) => all.get(pid)?.commandLine ?? [],
    folder: () => undefined,
    all: () => [...all.keys()],
  };
  return table;
}
