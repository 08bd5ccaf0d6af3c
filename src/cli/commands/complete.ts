/**
 * `hoopx __complete WORD…`: candidates for the last word, one a line with a
 * tab before its description, then what the shell is to add (`:none`, `:files`,
 * `:commands`). Silent and quick whatever happens: a person is typing.
 */
import { type Candidate, candidatesFor, type LiveKind } from "../completion/candidates.js";
import type { Context } from "../context.js";
import { openDoor } from "../door/door.js";
import { escapeLine } from "../output/escape.js";
import { operationText } from "../output/operation.js";
import { createProgram } from "../program.js";
import { ask } from "../wire.js";
import type { CommandModule, CommandSpec } from "./command.js";

const patienceMs = 250;

/** The command, for the words of these commands. */
export function completing(commands: readonly CommandSpec[]): CommandModule {
  return {
    async run(context, { words = [] }: { readonly words?: readonly string[] }) {
      const program = createProgram({
        commands,
        version: context.version,
        act: async () => {},
        output: { write: () => {}, columns: 80, colour: false },
      });
      const live = (kind: LiveKind) => liveNames(context, kind);
      const { candidates, shell } = await candidatesFor({ program, commands, words, live });
      for (const { value, description } of candidates) {
        context.stdout.write(`${escapeLine(value)}\t${escapeLine(description)}\n`);
      }
      context.stdout.write(`:${shell}\n`);
    },
  };
}

async function liveNames(
  { environment, home }: Context,
  kind: LiveKind,
): Promise<readonly Candidate[]> {
  if (kind === "variable") {
    return Object.keys(environment).map((value) => ({ value, description: "" }));
  }
  // On the bare socket: the client would start a daemon.
  const door = openDoor(home.socket);
  const signal = AbortSignal.timeout(patienceMs);
  try {
    if (kind === "connection") {
      const { body } = await ask(door, "connectionsList", { signal });
      return body.map(({ name, baseUrl }) => ({ value: name, description: baseUrl }));
    }
    if (kind === "review") {
      const query = { limit: 50, status: "pending" };
      const { body } = await ask(door, "reviewsList", { query, signal });
      return body.map(({ id, operation, rule }) => ({
        value: id,
        description: `${operationText(operation)}: ${rule ?? "no rule"}`,
      }));
    }
    if (kind === "grant") {
      const { body } = await ask(door, "grantsList", { query: { limit: 50 }, signal });
      return body
        .filter(({ revokedAt }) => revokedAt === null)
        .map(({ id, scope, rule }) => ({ value: id, description: `${scope}: ${rule ?? ""}` }));
    }
    const { body } = await ask(door, "sessionsList", { query: { limit: 20 }, signal });
    const sessions = body.map(({ id, title, status, process }) => ({
      value: id,
      description: `${status}: ${title ?? process.command}`,
    }));
    return [...sessions, { value: "last", description: "the newest session, re-runs left out" }];
  } catch {
    return [];
  }
}
