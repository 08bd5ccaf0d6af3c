import { EventEmitter } from "node:events";
import type { Socket } from "node:net";
import { expect, test } from "vitest";
import { createSeats } from "../../../src/daemon/doors/seats.js";

/** A socket, as far as seats know it. */
class FakeSocket extends EventEmitter {
  destroyed = false;
  destroy() {
    this.destroyed = true;
    this.emit("close");
  }
}
const open = () => new FakeSocket() as unknown as Socket;

function server(limit: number, share = limit) {
  const seats = createSeats({ limit, share });
  /** So many connections, each after a request that is over, of this client. */
  const idle = (count: number, client?: string) =>
    Array.from({ length: count }, () => {
      const socket = open();
      seats.take(socket);
      if (client === undefined) return socket;
      seats.begin(socket);
      seats.claim(socket, client);
      seats.end(socket);
      return socket;
    });
  const busy = (count: number, client: string) =>
    idle(count, client).map((socket) => {
      seats.begin(socket);
      return socket;
    });
  const alive = (sockets: readonly Socket[]) =>
    sockets.filter((socket) => !socket.destroyed).length;
  return { seats, idle, busy, alive };
}

test("silent connections keep no client out: the one longest silent makes room", () => {
  const { idle, alive } = server(10);
  const silent = idle(10);
  const agent = idle(4, "agent");
  expect(alive(agent)).toBe(4);
  expect(silent.map(({ destroyed }) => destroyed).slice(0, 4)).toEqual([true, true, true, true]);
  expect(alive(silent)).toBe(6);
});

test("a client that holds most gives its own, never another's", () => {
  const { idle, alive } = server(10);
  const other = idle(2, "other");
  const hostile = idle(30, "hostile");
  expect(alive(other)).toBe(2);
  expect(alive(hostile)).toBe(8);
  const newcomer = idle(1);
  expect(alive(newcomer)).toBe(1);
  expect(alive(hostile)).toBe(7);
});

test("a connection with a request under way is never closed", () => {
  const { busy, idle, alive } = server(4);
  const working = busy(4, "agent");
  const newcomer = idle(1);
  expect(alive(working)).toBe(4);
  expect(alive(newcomer)).toBe(0);
});

test("no client has requests on more than its share, and a request that ends makes room", () => {
  const { seats, busy } = server(10, 3);
  const working = busy(3, "agent");
  const more = open();
  seats.take(more);
  seats.begin(more);
  expect(seats.claim(more, "agent")).toBe(false);
  expect(seats.claim(more, "other")).toBe(true);
  expect(seats.claim(more, "agent")).toBe(false);
  working[0]?.destroy();
  expect(seats.claim(more, "agent")).toBe(true);
});

test("requests in a row on one connection count once, and all that is counted is given back", () => {
  const { seats } = server(10, 1);
  for (let round = 0; round < 5; round += 1) {
    const socket = open();
    seats.take(socket);
    seats.begin(socket);
    seats.begin(socket);
    expect(seats.claim(socket, "agent")).toBe(true);
    seats.end(socket);
    seats.end(socket);
  }
});
