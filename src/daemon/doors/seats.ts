/**
 * Seats: how many connections a server holds, and whose they are (SECURITY H7,
 * Q1). All clients come from loopback, so an address tells none from another:
 * a client is the run that a session belongs to, or the process that the kernel
 * names, and every connection that has not shown whose it is counts as one
 * client. When all seats are taken, a new connection gets the seat of the
 * client that has most, if one of those is idle. So an agent that holds every
 * seat, silent or not, keeps no other agent out. And no client has requests
 * under way on more than its share.
 */
import type { Socket } from "node:net";

export interface Seats {
  /** A connection came: it gets a seat, another's if need be, or is dropped. */
  take(socket: Socket): void;
  /** A request on it is under way. */
  begin(socket: Socket): void;
  /** And over. */
  end(socket: Socket): void;
  /** Whose it is; false where that client's requests have its share of seats already. */
  claim(socket: Socket, client: string): boolean;
}

export interface SeatsOptions {
  readonly limit: number;
  /** The most that one client's requests may have. */
  readonly share: number;
}

interface Seat {
  readonly socket: Socket;
  client: string | undefined;
  requests: number;
  /** When it was last busy or new, as a running number. */
  since: number;
}

/** Creates a server's seats. */
export function createSeats({ limit, share }: SeatsOptions): Seats {
  const seats = new Map<Socket, Seat>();
  const busy = new Map<string | undefined, number>();
  let clock = 0;

  function count(client: string | undefined, change: 1 | -1): number {
    const now = (busy.get(client) ?? 0) + change;
    if (now === 0) busy.delete(client);
    else busy.set(client, now);
    return now;
  }

  function leave(socket: Socket): void {
    const seat = seats.get(socket);
    if (seat === undefined) return;
    seats.delete(socket);
    if (seat.requests > 0) count(seat.client, -1);
  }

  /** The idle seat, longest unused, of the client with most seats; undefined where all others are busy. */
  function dispensable(newcomer: Socket): Seat | undefined {
    const held = new Map<string | undefined, number>();
    for (const { client } of seats.values()) held.set(client, (held.get(client) ?? 0) + 1);
    let best: Seat | undefined;
    for (const seat of seats.values()) {
      if (seat.requests > 0 || seat.socket === newcomer) continue;
      const more = best && (held.get(seat.client) ?? 0) - (held.get(best.client) ?? 0);
      if (best === undefined || (more ?? 0) > 0 || (more === 0 && seat.since < best.since)) {
        best = seat;
      }
    }
    return best;
  }

  return {
    take(socket) {
      clock += 1;
      seats.set(socket, { socket, client: undefined, requests: 0, since: clock });
      socket.once("close", () => leave(socket));
      if (seats.size <= limit) return;
      const given = dispensable(socket)?.socket ?? socket;
      leave(given);
      given.destroy();
    },

    begin(socket) {
      const seat = seats.get(socket);
      if (seat === undefined) return;
      seat.requests += 1;
      if (seat.requests === 1) count(seat.client, 1);
    },

    end(socket) {
      const seat = seats.get(socket);
      if (seat === undefined) return;
      seat.requests -= 1;
      clock += 1;
      seat.since = clock;
      if (seat.requests === 0) count(seat.client, -1);
    },

    claim(socket, client) {
      const seat = seats.get(socket);
      if (seat === undefined) return true;
      if (seat.client !== client) {
        if (seat.requests > 0) {
          count(seat.client, -1);
          count(client, 1);
        }
        seat.client = client;
      }
      return (busy.get(client) ?? 0) <= share;
    },
  };
}
