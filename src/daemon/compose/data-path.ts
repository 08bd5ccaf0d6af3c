/**
 * Data path: the stations and the listener in front of them, put together. Its
 * port is the one of the last start wherever that is free.
 */
import type { Home } from "../../contract/home.js";
import type { LiveFeed } from "../control/record/live-feed.js";
import { listen } from "../doors/listener.js";
import { createLoopbackDoor } from "../doors/loopback.js";
import { createMalformed } from "../doors/malformed.js";
import { type Config, exchangesOfOneSession } from "../lifecycle/config.js";
import { keepPort, readKeptPort, wantedPort } from "../lifecycle/run-files.js";
import type { Masking } from "../masking/masking.js";
import { createKnownTextMasker } from "../masking/text/echo-bytes.js";
import { exchangeIdOf } from "../model/exchange.js";
import { createPath } from "../path/path.js";
import { openai } from "../providers/openai/openai.js";
import { providerNamed } from "../providers/providers.js";
import type { ReviewDesk } from "../reviews/review-desk.js";
import type { SessionRegistry } from "../sessions/registry.js";
import type { UpstreamTransport } from "../upstream/transport.js";
import type { CallerRooms } from "./callers.js";
import type { IdentityRooms } from "./identity.js";
import type { PolicyRooms } from "./policies.js";
import type { RecordRooms } from "./record.js";
import type { SeatRooms } from "./seats.js";

export interface DataPathOptions {
  readonly home: Home;
  readonly config: Pick<Config, "port" | "limits">;
  readonly log: { warn(facts: object, message: string): void };
  readonly now: () => Date;
  readonly nextKey: () => bigint;
  readonly identity: IdentityRooms;
  readonly record: RecordRooms;
  readonly rules: PolicyRooms;
  readonly masking: Masking;
  readonly registry: SessionRegistry;
  readonly desk: ReviewDesk;
  readonly callers: CallerRooms;
  readonly seats: SeatRooms;
  readonly feed: LiveFeed;
  readonly transport: UpstreamTransport;
}

export type DataPathRooms = Awaited<ReturnType<typeof composeDataPath>>;

/** Opens the data path; resolves when its socket answers. */
export async function composeDataPath(options: DataPathOptions) {
  const { home, config, log, now, nextKey, identity, record, rules, registry, callers } = options;
  const { limits } = config;
  const { connections, source } = identity;
  const { store, reruns } = record;
  const path = createPath({
    ...{ nextKey, now, source, reruns, providerNamed },
    limits: { ...limits, exchangesPerSession: exchangesOfOneSession(limits) },
    sessionOf: registry.authenticate,
    callerOf: callers.callerOf,
    seat: options.seats.seat,
    connectionNamed: (name, session) =>
      connections.find(name) ?? (session && reruns.connectionNamed(session, name)),
    fallbackProvider: openai,
    policies: rules.policies,
    spending: rules.spending,
    desk: options.desk,
    frames: store.exchanges.frames,
    transport: options.transport,
    openMasker: createKnownTextMasker,
    masking: options.masking,
    transcripts: store.transcripts,
    observer: options.feed.exchanges,
  });
  const listener = await listen({
    handle: createLoopbackDoor(path.handle, options.seats.data),
    malformed: createMalformed({ nextId: () => exchangeIdOf(nextKey()), provider: openai }),
    port: wantedPort(config.port, readKeptPort(home), registry.live()),
    limits,
    seats: options.seats.data,
  });
  const { port } = listener;
  keepPort(home, port);
  const portTaken = config.port && config.port !== port ? config.port : null;
  if (portTaken !== null) {
    log.warn({ wanted: portTaken, port }, "another program has the port");
  }
  return { path, listener, port, portTaken, processCheck: await callers.checkOn(port) };
}
