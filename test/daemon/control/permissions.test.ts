/** Which caller may ask for which route: each route by each caller, through the server (SECURITY A3). */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type RouteName, routes } from "../../../src/contract/routes.js";
import { createActors } from "../../../src/daemon/control/caller.js";
import { ControlProblem } from "../../../src/daemon/control/control-problem.js";
import type { Handlers } from "../../../src/daemon/control/handler.js";
import {
  everyonesPermissions,
  outsidersPermissions,
  routePermissions,
} from "../../../src/daemon/control/permissions.js";
import { type ControlServer, openControlServer } from "../../../src/daemon/control/server.js";
import { createInsiders } from "../../../src/daemon/processes/insiders.js";
import type { Peer } from "../../../src/daemon/processes/peers.js";
import { isRunner } from "../../../src/daemon/processes/run-root.js";
import { root } from "../../support/sources.js";
import { fakeTable } from "../processes/fake-table.js";
import { askSocket } from "./ask-socket.js";

/** All that widens what an agent may do, or says who it is. A route that is added here or there is a decision. */
const outsiders: readonly RouteName[] = [
  "daemonStop",
  "unlock",
  ...(["loginStart", "logout"] as const),
  ...(["connectionsAdd", "connectionsRotate", "connectionsDefault", "connectionsRemove"] as const),
  ...(["reviewsApprove", "reviewsDeny", "reviewsReveal", "grantsRevoke"] as const),
  ...(["sessionsImport", "recordPrune", "recordAccept"] as const),
];

/** shell (10) → hoopx run (20) → agent (30) → tool (40); a shell beside it (50); one that left its run (60). */
const table = fakeTable({
  1: { parent: 0, start: 1 },
  10: { parent: 1, start: 100 },
  20: { parent: 10, start: 200 },
  30: { parent: 20, start: 300 },
  40: { parent: 30, start: 400 },
  50: { parent: 10, start: 150 },
  60: { parent: 1, start: 600, variables: { HOOPX_SESSION_ID: "ses_left" } },
  ...Object.fromEntries(
    Array.from({ length: 300 }, (_, at) => [
      1000 + at,
      { parent: at === 0 ? 10 : 999 + at, start: 1000 + at },
    ]),
  ),
});

const asked = (pid: number): Peer => ({ kind: "process", pid, start: null, uid: 0 });

/** Each caller, and whether it has the permissions of those outside of runs. */
const callers: readonly (readonly [string, Peer, boolean])[] = [
  ["a person's shell", asked(10), true],
  ["hoopx run itself", asked(20), true],
  ["a shell beside the run", asked(50), true],
  ["the agent", asked(30), false],
  ["a tool of the agent", asked(40), false],
  ["a process that left its run", asked(60), false],
  ["a process with too many above it", asked(1299), false],
  ["a process that is not there any more", asked(99), false],
  ["a process that ended", { kind: "gone" }, false],
  ["a process in a container", { kind: "hidden" }, false],
  ["where the kernel tells nothing", { kind: "untold", why: "plan9 does not tell" }, true],
];

let folder: string;
let server: ControlServer;
let proof: Peer;
const socket = () => join(folder, "c.sock");

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "hoopx-permissions-"));
  const reached = () => {
    throw new ControlProblem("conflict", "the handler was reached");
  };
  const handlers = Object.fromEntries(Object.keys(routes).map((name) => [name, reached]));
  server = await openControlServer({
    ...{ socket: socket(), version: "1", handlers: handlers as unknown as Handlers },
    problemOf: () => undefined,
    seats: { take() {}, begin() {}, end() {}, claim: () => true },
    actorOf: createActors({
      processes: {
        peerOf: async () => proof,
        insideRun: createInsiders({
          table,
          runners: () => [{ pid: 20, start: 200, sessionId: "ses_1" }],
        }),
        isRunner,
        programOf: () => null,
        folderOf: () => undefined,
      },
      registry: { clientOf: String, runsAround: () => [] },
      identityOf: () => Promise.reject(new Error("not asked for")),
      systemUser: { issuer: "os", subject: "ada", email: null, groups: [], profile: null },
    }),
    fault: (route, error) => {
      throw new Error(`fault of ${route}`, { cause: error });
    },
  });
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

describe.each(callers)("%s", (_who, peer, hasAll) => {
  test.each(Object.keys(routes) as RouteName[])("%s", async (name) => {
    proof = peer;
    const { method, path } = routes[name];
    // The body is looked at after the permission: one that does not fit shows that the route was open.
    const body = method === "POST" ? "{}" : undefined;
    const { status, text } = await askSocket(socket(), method, path.replace(/:\w+/g, "x"), body);
    const { code, title } = JSON.parse(text);
    if (hasAll || !outsiders.includes(name)) {
      expect(["conflict", "bad_request"]).toContain(code);
      return;
    }
    expect({ status, code }).toEqual({ status: 403, code: "inside_run" });
    expect(title.startsWith(`${routePermissions[name].gain}: `)).toBe(true);
  });
});

test("each permission is needed by a route, and is in one list", () => {
  const needed = new Set(Object.values(routePermissions).map(({ permission }) => permission));
  const all = [...everyonesPermissions, ...outsidersPermissions];
  expect([...needed].sort()).toEqual([...all].sort());
  expect(new Set(all).size).toBe(all.length);
});

test("a route without a permission does not compile, nor one that does not say what an agent would gain", () => {
  const { daemonStop, ...rest } = routePermissions;
  // @ts-expect-error: `npm run types` fails where this compiles.
  const incomplete: typeof routePermissions = rest;
  expect(Object.keys(routes)).not.toEqual(Object.keys(incomplete));
  // @ts-expect-error: the same.
  const silent: typeof daemonStop = { permission: "stop-daemon" };
  expect(silent.gain).toBeUndefined();
});

test("docs/security.md lists the routes of each permission, and who has it", () => {
  const section =
    readFileSync(join(root, "docs/security.md"), "utf8")
      .split(/^## /m)
      .find((text) => text.startsWith("What the control API permits")) ?? "";
  const told = section
    .split("\n")
    .filter((line) => line.startsWith("| `"))
    .map((line) => line.split("|").map((cell) => cell.trim()))
    .map(([, permission = "", who = "", asks = ""]) => ({
      permission: permission.replaceAll("`", ""),
      outside: who === "outside of runs",
      routes: [...asks.matchAll(/`(\w+)`/g)].map(([, name]) => name).sort(),
    }));
  const names = Object.keys(routes) as RouteName[];
  expect(told).toEqual(
    [...everyonesPermissions, ...outsidersPermissions].map((permission) => ({
      permission,
      outside: (outsidersPermissions as readonly string[]).includes(permission),
      routes: names.filter((name) => routePermissions[name].permission === permission).sort(),
    })),
  );
});
