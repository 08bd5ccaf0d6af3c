/**
 * Control: the control API, put together: every route's handler with the rooms
 * that it asks, and the server on the control socket.
 */
import { version } from "../../contract/version.js";
import { createIdentityHandlers } from "../control/access/identity-handlers.js";
import { createProbeRecord } from "../control/access/probe-record.js";
import { createActors } from "../control/caller.js";
import type { EventHub } from "../control/event-hub.js";
import type { Handlers } from "../control/handler.js";
import { problemOf } from "../control/problem-mapping.js";
import { createMeasures } from "../control/record/measures.js";
import { createRecordHandlers } from "../control/record/record-handlers.js";
import { createReviewHandlers } from "../control/reviews/review-handlers.js";
import { type ControlServer, openControlServer } from "../control/server.js";
import { createSessionHandlers } from "../control/sessions/session-handlers.js";
import type { Maskings } from "../masking/maskings.js";
import type { Identity } from "../model/identity.js";
import { turnsAddedSince } from "../providers/conversation.js";
import { providerNamed } from "../providers/providers.js";
import type { UpstreamTransport } from "../upstream/transport.js";
import { createConnectionCommands } from "./connection-commands.js";
import { createDaemonCommands, type DaemonCommandsOptions } from "./daemon-commands.js";
import { createPolicyCommands } from "./policy-commands.js";
import type { SeatRooms } from "./seats.js";

export interface ControlOptions extends DaemonCommandsOptions {
  readonly log: { error(facts: object, message: string): void };
  /** The operating system's user. */
  readonly systemUser: Identity;
  readonly monotonic: () => number;
  readonly nextKey: () => bigint;
  readonly maskings: Maskings;
  readonly seats: SeatRooms;
  readonly events: EventHub;
  readonly transport: UpstreamTransport;
}

/** Opens the control API; resolves when its socket answers. */
export async function composeControl(options: ControlOptions): Promise<ControlServer> {
  const { home, log, systemUser, identity, registry, callers } = options;
  const fault = (route: string, error: unknown) =>
    log.error({ route, err: error }, "fault in the control API");
  return openControlServer({
    ...{ socket: home.socket, version, problemOf, fault },
    seats: options.seats.control,
    actorOf: createActors({
      ...{ processes: callers.processes, registry, systemUser },
      identityOf: identity.oauth.forSession,
    }),
    handlers: handlersOf(options, fault),
  });
}

function handlersOf(
  options: ControlOptions,
  fault: (route: string, error: unknown) => void,
): Handlers {
  const { config, systemUser, now, registry, stopper, transport, dataPath } = options;
  const { policies, prices, costOf } = options.rules;
  const { store, reruns, handlers: ofTheRecord } = options.record;
  const { connections, oauth, source } = options.identity;
  const measures = createMeasures({ store, costOf });
  return {
    ...createDaemonCommands(options),
    ...createConnectionCommands({
      ...{ connections, source, transport, identity: systemUser, now },
      record: createProbeRecord({
        transcripts: store.transcripts,
        nextKey: options.nextKey,
        now,
      }),
    }),
    ...createSessionHandlers({
      ...{ registry, store, connections, providerNamed, source, oauth, policies },
      ...{ measures, costOf, reruns, systemUser, now },
      notices: config.reviews,
      port: dataPath.port,
      checkFor: dataPath.processCheck.checkFor,
      draining: stopper.draining,
    }),
    ...createIdentityHandlers({
      ...{ oauth, problemOf, fault, monotonic: options.monotonic },
      loggedOut: source.forget,
    }),
    ...createReviewHandlers({ ...options.reviews, store, now }),
    ...createPolicyCommands({
      ...{ store, policies, prices, connections, now },
      maskings: options.maskings,
      limits: config.limits,
    }),
    ...ofTheRecord,
    ...createRecordHandlers({
      ...{ store, events: options.events, measures, providerNamed, turnsAddedSince, now },
      reviews: options.reviews.record,
    }),
  };
}
