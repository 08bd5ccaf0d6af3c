/**
 * Reviews waiting: what a stop of the daemon means for requests that wait for a
 * person. The reviews stay; a request itself cannot outlive the daemon that
 * holds its connection, so its client is told when to send it again.
 */
import { counted } from "./output/time.js";

/** The note for a daemon that stopped; undefined where nothing waited. */
export function waitingText(reviews: number | undefined): string | undefined {
  if (reviews === undefined || reviews === 0) return undefined;
  const which = counted(reviews, "review");
  return `${which} still pending: a client that tries again, as the SDKs do after 6 s, goes on waiting; any other must send its request again`;
}
