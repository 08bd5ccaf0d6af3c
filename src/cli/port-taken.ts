/**
 * Port taken: what is said where the settings name a port that another program
 * has, so that the daemon listens on the next free one.
 */
import type { DaemonView } from "../contract/daemon-view.js";

/** What is wrong, and what mends it; undefined where nothing is. */
export function portTakenText({
  port,
  portTaken,
}: Pick<DaemonView, "port" | "portTaken">):
  | { readonly message: string; readonly hint: string }
  | undefined {
  // Null, and undefined of an older daemon.
  if (typeof portTaken !== "number") return undefined;
  return {
    message: `another program has port ${portTaken}: the daemon listens on ${port}`,
    hint: `end that program, then hoopx daemon restart, or name another port (HOOPX_PORT, port: in config.yaml)`,
  };
}
