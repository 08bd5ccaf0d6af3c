/**
 * Commands that take away what cannot be had back: each asks first on a
 * terminal, does nothing on a no, takes `--yes` for an answer, and asks no script.
 */
import { expect, test } from "vitest";
import type { CommandSpec } from "../../../src/cli/commands/command.js";
import { commands } from "../../../src/cli/commands/index.js";
import type { Context } from "../../../src/cli/context.js";
import { connectionView, sessionView } from "../support/views.js";

interface Destructive {
  readonly input: object;
  /** The control route that does it. */
  readonly route: string;
  /** What the person is asked has to name what goes. */
  readonly asks: RegExp;
  /** Without a terminal it is done, or refused until `--yes` says so. */
  readonly script: "does" | "refuses";
}

const table: Readonly<Record<string, Destructive>> = {
  "connections remove": {
    input: { name: "openai" },
    route: "connectionsRemove",
    asks: /remove connection openai and its key/,
    script: "does",
  },
  "sessions revoke": {
    input: { id: "last" },
    route: "sessionsRevoke",
    asks: /revoke ses_\w+ \(node agent\.js\)/,
    script: "does",
  },
  "sessions prune": {
    input: { olderThan: 90 * 86_400 },
    route: "recordPrune",
    asks: /take 2 sessions out of the record/,
    script: "does",
  },
  "sessions accept": {
    input: {},
    route: "recordAccept",
    asks: /accept the record as it is, and forget the head/,
    script: "refuses",
  },
  "grants revoke": {
    input: { id: "gra_4k2m" },
    route: "grantsRevoke",
    asks: /revoke gra_4k2m/,
    script: "does",
  },
  logout: { input: { all: true }, route: "logout", asks: /every profile/, script: "does" },
};

function specOf(path: string): CommandSpec {
  let rows: readonly CommandSpec[] = commands;
  let found: CommandSpec | undefined;
  for (const word of path.split(" ")) {
    found = rows.find(({ name }) => name === word);
    rows = found?.commands ?? [];
  }
  if (found === undefined) throw new Error(`no command ${path}`);
  return found;
}

const replies: Readonly<Record<string, unknown>> = {
  connectionsRemove: connectionView(),
  sessionsShow: sessionView(),
  sessionsRevoke: sessionView(),
  recordAccept: { head: { place: 2, hash: "b" }, before: null },
  grantsRevoke: { id: "gra_4k2m" },
  logout: [],
};

/** Runs the command for a person who answers so, or for a script. */
async function act(path: string, answer: boolean | undefined, more: object = {}) {
  const asked: string[] = [];
  const done: string[] = [];
  /** What the last call named. */
  let named: string | undefined;
  const context = {
    json: false,
    environment: {},
    now: () => new Date("2026-11-24T10:00:00.000Z"),
    stdout: { write: () => undefined },
    note: () => undefined,
    confirm: () => undefined,
    prompter: {
      interactive: answer !== undefined,
      confirm: async (question: string) => {
        asked.push(question);
        return answer === true;
      },
    },
    client: {
      async call(
        route: string,
        options: { path?: { id?: string }; body?: { dryRun?: boolean } } = {},
      ) {
        if (route === "sessionsShow") return replies[route];
        named = options.path?.id;
        if (options.body?.dryRun !== true) done.push(route);
        if (route === "recordPrune") return { sessions: 2, exchanges: 3, bytes: 1 };
        return replies[route];
      },
    },
  } as unknown as Context;
  const module = await specOf(path).load?.();
  const failed = await module
    ?.run(context, { ...table[path]?.input, ...more })
    .then(() => undefined)
    .catch((error: { readonly code: string }) => error.code);
  return { asked, done, failed, named };
}

test.each(Object.entries(table))("%s", async (path, { route, asks, script }) => {
  const no = await act(path, false);
  expect(no.asked).toEqual([expect.stringMatching(asks)]);
  expect(no).toMatchObject({ done: [], failed: "cancelled" });

  const yes = await act(path, true);
  expect(yes.asked).toHaveLength(1);
  expect(yes).toMatchObject({ done: [route], failed: undefined });

  const told = await act(path, false, { yes: true });
  expect(told).toMatchObject({ asked: [], done: [route], failed: undefined });

  const scripted = await act(path, undefined);
  expect(scripted.asked).toEqual([]);
  expect(scripted.done).toEqual(script === "does" ? [route] : []);
  expect((await act(path, undefined, { yes: true })).done).toEqual([route]);
});

test("the session that the question names is revoked, and no later one", async () => {
  const { asked, named } = await act("sessions revoke", true);
  expect(named).toBe(sessionView().id);
  expect(asked[0]).toContain(named);
});

test("every command whose name says that it takes something away is one of them", () => {
  const found: string[] = [];
  const walk = (rows: readonly CommandSpec[], before: readonly string[]) => {
    for (const { name, commands: below = [], options = [] } of rows) {
      const path = [...before, name];
      const asks = options.some(({ flags }) => flags.includes("--yes"));
      if (asks || /^(remove|rm|revoke|prune|delete|accept|logout|uninstall|reset)$/.test(name)) {
        expect(asks, path.join(" ")).toBe(true);
        found.push(path.join(" "));
      }
      walk(below, path);
    }
  };
  walk(commands, []);
  expect(found.sort()).toEqual(Object.keys(table).sort());
});
