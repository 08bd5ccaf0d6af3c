/**
 * Seat: a session has so many exchanges under way, and its run so many
 * connections (SECURITY H7). An exchange beyond that is refused; one that has
 * its seat is stopped when its session is over.
 */
import type { Client } from "../../doors/client.js";
import type { Session } from "../../model/session.js";
import { type Authenticated, advance, type Seated, type Station } from "../exchange.js";

export interface SeatOptions {
  /** Counts the client's connection as its session's; throws a Refusal where that has its share of them. */
  readonly seat: (client: Client, session: Session) => void;
}

/** Creates the station that gives an exchange its seat. */
export function createSeat(options: SeatOptions): Station<Authenticated, Seated> {
  return function seat(exchange) {
    const { client, session, over, place } = exchange;
    options.seat(client, session);
    place.join(session.id, over);
    return advance(exchange, { seated: true });
  };
}
