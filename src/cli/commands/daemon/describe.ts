/**
 * Describe: the daemon in a few words, the same wherever it is named.
 */
import type { DaemonView } from "../../../contract/daemon-view.js";

/** `process 4242 · 127.0.0.1:4141`. */
export function describeDaemon({ pid, port }: DaemonView): string {
  return `process ${pid} · 127.0.0.1:${port}`;
}
