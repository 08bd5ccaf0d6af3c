/** What a session is made of: for a run as for any, for a re-run without what nothing needs. */
import { expect, test } from "vitest";
import type { ReplayChoice } from "../../../../src/contract/replay-views.js";
import type { StartSession } from "../../../../src/contract/session-start.js";
import { presentReplay } from "../../../../src/daemon/control/sessions/present-replay.js";
import { createSessionStart } from "../../../../src/daemon/control/sessions/session-start.js";
import type { Connection } from "../../../../src/daemon/model/connection.js";
import type { Identity } from "../../../../src/daemon/model/identity.js";
import type { Session } from "../../../../src/daemon/model/session.js";
import type { WhoIs } from "../../../../src/daemon/oauth/oauth.js";
import { openai } from "../../../../src/daemon/providers/openai/openai.js";
import { createReruns } from "../../../../src/daemon/replaying/reruns.js";
import type { ExchangeRecord, Store } from "../../../../src/daemon/store/store.js";
import { actorWith } from "../../../support/actors.js";

const person = (subject: string) => ({
  issuer: "os:h",
  subject,
  email: null,
  groups: [],
  profile: null,
});
const recorded = {
  id: "ses_a",
  connections: ["openai"],
  startedAt: new Date(0),
  labels: {},
} as unknown as Session;
const exchange = {
  key: 7n,
  seq: 1,
  connection: "openai",
  operation: {
    provider: "openai",
    action: "responses.create",
    method: "POST",
    path: "/v1/responses",
  },
  ending: { status: 200, error: null },
} as unknown as ExchangeRecord;
const here = {
  name: "openai",
  credential: { kind: "static-key" },
  provider: "openai",
} as unknown as Connection;

interface Around {
  readonly connections?: readonly Connection[];
  readonly exchanges?: readonly ExchangeRecord[];
  readonly loggedIn?: Identity;
}

function room({ connections = [here], exchanges = [exchange], loggedIn }: Around = {}) {
  const asked: string[] = [];
  const log = { ofSession: async () => exchanges, frames: async () => [] };
  const partsOf = createSessionStart({
    store: {
      sessions: { find: async (id: string) => (id === "ses_a" ? [recorded] : []) },
      exchanges: log,
    } as unknown as Store,
    connections: {
      list: () => connections,
      defaultOf: () => connections[0],
      problems: () => [],
    },
    providerNamed: () => openai,
    source: {
      obtain: async () => {
        asked.push("credential");
        return { sensitive: [], apply: async () => {} };
      },
    },
    oauth: {
      whoami: async () => {
        if (loggedIn === undefined) throw new Error("there is no login");
        return { login: { claimed: { identity: loggedIn } } } as unknown as WhoIs;
      },
    },
    systemUser: person("system"),
    reruns: createReruns({ exchanges: log, mask: (text) => text }),
    now: () => new Date(0),
  });
  const actor = actorWith({
    identity: async () => {
      asked.push("login");
      return person("renewed");
    },
  });
  const start = (replay?: Partial<ReplayChoice>, more: Partial<StartSession> = {}) =>
    partsOf(
      {
        connections: [],
        ttlSeconds: 1,
        labels: { a: "b" },
        process: { runnerPid: 1, command: "", cwd: "/", host: "h", user: "u" },
        environment: {},
        ...more,
        ...(replay && {
          replay: {
            session: "ses_a",
            onMiss: "fail",
            pace: "none",
            ignore: [],
            exact: [],
            ...replay,
          },
        }),
      },
      actor,
      new AbortController().signal,
    );
  return { start, asked };
}

test("a run has its login and its credentials", async () => {
  const { start, asked } = room();
  expect(await start()).toMatchObject({
    identity: { subject: "renewed" },
    connections: [{ name: "openai" }],
    credentials: [{ connection: "openai", lifetime: "permanent key" }],
    labels: { a: "b" },
    rerun: undefined,
    anyProcess: false,
  });
  expect(asked).toEqual(["login", "credential"]);
});

test("a re-run asks for no login and no credential, and says what it is a re-run of", async () => {
  const { start, asked } = room();
  const parts = await start({ anyProcess: true });
  expect(parts).toMatchObject({
    identity: { subject: "system" },
    connections: [here],
    credentials: [],
    labels: { a: "b", "replay-of": "ses_a" },
    anyProcess: true,
  });
  expect(asked).toEqual([]);
  expect(presentReplay("ses_b", parts.rerun ?? expect.fail())).toMatchObject({
    of: "ses_a",
    session: "ses_b",
    from: null,
    exchanges: [{ seq: 1, action: "responses.create", status: 200, outcome: "unasked", times: 0 }],
    misses: [],
  });
});

test("it belongs to the person who is logged in, as far as that is known here", async () => {
  const { start, asked } = room({ loggedIn: person("known") });
  expect((await start({})).identity.subject).toBe("known");
  expect(asked).toEqual([]);
});

test("a connection that is not here is made up, and leads nowhere", async () => {
  const { start } = room({ connections: [] });
  expect((await start({})).connections).toMatchObject([
    { name: "openai", provider: "openai", origin: "https://replay.invalid", basePath: "/v1" },
  ]);
});

test.each([{ from: 2 }, { onMiss: "live" as const }])(
  "what may go out has all that a run has: %j",
  async (choice) => {
    const { start, asked } = room();
    expect((await start(choice)).credentials).toHaveLength(1);
    expect(asked).toEqual(["login", "credential"]);
    await expect(start({ ...choice, anyProcess: true })).rejects.toThrow("held to its own command");
    await expect(room({ connections: [] }).start(choice)).rejects.toThrow("no connection");
  },
);

test("what cannot be replayed, or is not understood, is refused", async () => {
  await expect(room({ exchanges: [] }).start({})).rejects.toThrow(
    "no exchange that could be replayed",
  );
  await expect(room().start({ session: "ses_x" })).rejects.toThrow("unknown session ses_x");
  await expect(room().start({ ignore: ["a..b"] })).rejects.toThrow("--ignore takes a place");
  await expect(room().start(undefined, { labels: { "replay-of": "ses_a" } })).rejects.toThrow(
    "hoopx's own",
  );
});
