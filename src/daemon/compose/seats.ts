/**
 * Seats: the connections of the data path and of the control socket, counted by
 * the client they belong to.
 */
import type { Client } from "../doors/client.js";
import { connectionsWithin, openFilesLimit } from "../doors/descriptors.js";
import { createSeats } from "../doors/seats.js";
import { Refusal } from "../model/refusal.js";
import type { Session } from "../model/session.js";

export interface SeatsOptions {
  /** Of the data path, as the settings want it. */
  readonly connections: number;
  /** The outermost run that a process is below, or the process itself. */
  readonly clientOf: (pid: number) => string;
}

export type SeatRooms = ReturnType<typeof composeSeats>;

/** Creates the seats of both servers. */
export function composeSeats({ connections, clientOf }: SeatsOptions) {
  const limits = connectionsWithin(openFilesLimit(), connections);
  const seatsFor = (limit: number) => createSeats({ limit, share: Math.ceil(limit / 2) });
  const data = seatsFor(limits.data);
  const clients = new WeakMap<Session, string>();

  function clientOfSession(session: Session): string {
    const known = clients.get(session);
    if (known !== undefined) return known;
    const { runnerPid, runnerStart } = session.process;
    // Of a run that cannot be seen from here nothing tells what else is its own.
    const client = runnerStart === null ? session.id : clientOf(runnerPid);
    clients.set(session, client);
    return client;
  }

  return {
    data,
    /** Of a request on the data path whose session is known. */
    seat(client: Pick<Client, "claim">, session: Session): void {
      if (client.claim(clientOfSession(session))) return;
      const why = "this run and the runs inside it use half of all connections";
      throw new Refusal("too_many_exchanges", why);
    },
    control: seatsFor(limits.control),
  };
}
