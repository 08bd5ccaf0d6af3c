/**
 * Socket taken: what is said where the daemon had to bind its control socket
 * again and again. Once is a logout that cleared the run folder; more often is
 * a program that removes the socket, or puts its own in its place.
 */
import type { DaemonView } from "../contract/daemon-view.js";

/** More often than this is no logout. */
const usual = 2;

/** What is wrong, and what mends it; undefined where nothing is. */
export function socketTakenText({
  socketRebinds,
  socket,
}: Pick<DaemonView, "socketRebinds" | "socket">):
  | { readonly message: string; readonly hint: string }
  | undefined {
  // An older daemon does not say it.
  const { count = 0, lastAt = null } = socketRebinds ?? {};
  if (count <= usual) return undefined;
  return {
    message: `the control socket was taken away ${count} times since the daemon started, last at ${lastAt}`,
    hint: `a program of this user removes or replaces ${socket}: find and end it (hoopx sessions --status active lists the agents that run)`,
  };
}
