/**
 * Whose socket: the rooms that know the kernel's lists of sockets and
 * processes, put together — who calls on the data path, and whether that can
 * be told here at all (SECURITY L7).
 */
import { uptime } from "node:os";
import { createCallers } from "./processes/callers.js";
import { createProcessCheck } from "./processes/process-check.js";
import { processTable } from "./processes/process-table.js";
import { createSearch } from "./processes/search.js";
import { createSocketTable } from "./processes/socket-table.js";

/** Searches of all processes in a minute: each is dear. */
const searchesPerMinute = 20;

/** Opens the lists. */
export function openWhoseSocket() {
  const sockets = createSocketTable();
  const now = () => performance.now();
  return {
    callerOf: createCallers({
      sockets,
      table: processTable,
      search: createSearch({ table: processTable, now, perMinute: searchesPerMinute }),
      bootedAt: Date.now() - uptime() * 1000,
    }),
    /** Once the data path listens there: whether tokens can be held to their runs. */
    checkAt: (port: number) =>
      createProcessCheck({
        sockets,
        table: processTable,
        listening: { address: "127.0.0.1", port },
      }),
  };
}
