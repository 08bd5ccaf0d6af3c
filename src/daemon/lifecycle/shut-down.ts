/**
 * Shut down: takes a running daemon apart in order: first what comes in, then
 * what runs, the record last. Whatever hangs has its time and no more, so that
 * it never keeps the next daemon from starting.
 */
import { setTimeout as delay } from "node:timers/promises";
import type { Home } from "../../contract/home.js";
import type { HeldLock } from "./daemon-lock.js";
import { clearStale } from "./run-files.js";

/** What streams may take to finish, milliseconds. */
const drainLimit = 10_000;
/** What a renewal of a login under way may take then. */
const renewalLimit = 3_000;
/** What signing the record may take: a keychain may hang. */
const sealLimit = 3_000;
/** What a client that is half way through a request may take. */
const clientLimit = 500;
/** And what closing everything may take after that. */
const stopLimit = 5_000;

type Closing = { close(): unknown };

interface Rooms {
  readonly log: { info(facts: object | string, message?: string): void };
  readonly die: (error: unknown) => never;
  readonly presence: { stop(): void };
  readonly dataPath: {
    readonly path: { running(): number; drain(limit: number): Promise<void> };
    readonly listener: Closing;
  };
  readonly reviews: Closing & { readonly desk: { suspend(): void } };
  readonly identity: Closing & { readonly oauth: { settled(): Promise<unknown> } };
  readonly policies: Closing;
  readonly registry: { suspend(): void };
  readonly events: { close(reason: string): void };
  readonly record: { readonly sealing: Closing; readonly store: Closing };
  readonly control: Closing;
  readonly transport: Closing;
  readonly home: Home;
  readonly lock: HeldLock;
  readonly destination: { flushSync(): void };
}

/** Closes all of it and ends the process. */
export async function shutDownInOrder(reason: string, rooms: Rooms): Promise<void> {
  const { log, lock } = rooms;
  const { path, listener } = rooms.dataPath;
  log.info({ reason, running: path.running() }, "stopping");
  setTimeout(
    () => rooms.die(new Error("stopping took too long")),
    drainLimit + renewalLimit + sealLimit + stopLimit,
  ).unref();
  rooms.presence.stop();
  rooms.reviews.desk.suspend();
  await path.drain(drainLimit);
  // A token that the provider rotates just now is stored first; one that hangs is marked.
  await Promise.race([rooms.identity.oauth.settled(), delay(renewalLimit)]);
  rooms.identity.close();
  rooms.policies.close();
  rooms.reviews.close();
  await Promise.race([listener.close(), delay(clientLimit)]);
  rooms.registry.suspend();
  rooms.events.close("the daemon is stopping");
  await Promise.race([rooms.record.sealing.close(), delay(sealLimit)]);
  await rooms.control.close();
  await rooms.transport.close();
  await rooms.record.store.close();
  if (lock.isOwn()) clearStale(rooms.home);
  log.info("stopped");
  rooms.destination.flushSync();
  lock.release();
  process.exit(0);
}
