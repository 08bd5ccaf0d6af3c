import { Socket } from "node:net";
import { expect, test } from "vitest";
import { composeSeats } from "../../../src/daemon/compose/seats.js";
import { sessionOf } from "../../contracts/records.js";

test("sessions of one run are one client, and its requests have half of all connections at most", () => {
  const seating = composeSeats({ connections: 2, clientOf: (pid) => `run ${pid}` });
  const session = sessionOf();
  const own = { ...session, process: { ...session.process, runnerPid: 7, runnerStart: "1" } };
  const ask = (id: string) => {
    const socket = new Socket();
    seating.data.take(socket);
    seating.data.begin(socket);
    seating.seat({ claim: (owner) => seating.data.claim(socket, owner) }, { ...own, id });
  };
  ask("ses_one");
  expect(() => ask("ses_inside")).toThrow(/half of all connections/);
});
