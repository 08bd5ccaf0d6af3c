/**
 * `hoopx sessions`: the record's sessions, newest first; with `--watch` as they
 * start, change and end.
 */
import type { Outcome } from "../../../contract/outcome.js";
import type { SessionStatus } from "../../../contract/views.js";
import type { Context } from "../../context.js";
import { printJson } from "../../output/json.js";
import { firstRows } from "../../output/limited.js";
import { renderTable } from "../../output/table.js";
import { grouped } from "../../output/time.js";
import { parseSince } from "../../parse.js";
import { sessionColumns } from "./columns.js";
import { watchSessions } from "./watch.js";

interface ListInput {
  readonly limit: number;
  readonly since?: string;
  readonly status?: SessionStatus;
  readonly identity?: string;
  readonly search?: string;
  readonly model?: string;
  readonly tool?: string;
  readonly denied?: true;
  readonly outcome?: Outcome;
  readonly masked?: true;
  readonly costOver?: number;
  readonly watch?: true;
}

/** What is answered from what exchanges said and did. */
const indexed = ["search", "model", "tool", "denied", "outcome", "masked", "costOver"] as const;

export async function run(context: Context, input: ListInput): Promise<undefined> {
  const { client, stdout } = context;
  const { since, denied, masked, watch, ...texts } = input;
  const query = {
    ...texts,
    ...(denied === true && { denied: "true" }),
    ...(masked === true && { masked: "true" }),
    ...(since !== undefined && { since: parseSince(since, context.now()) }),
  };
  const { limit: _, ...filters } = query;
  const nothing =
    Object.keys(filters).length === 0
      ? "no sessions yet: hoopx run -- node agent.js"
      : "no session matches";
  const ask = () => client.call("sessionsList", { query });
  if (watch === true) return watchSessions(context, { ask, nothing });
  const words = { limit: input.limit, what: "sessions", more: "hoopx sessions" };
  const sessions = await firstRows(context, words, (limit) =>
    client.call("sessionsList", { query: { ...query, limit } }),
  );
  if (indexed.some((name) => query[name] !== undefined)) await sayUnindexed(context);
  if (context.json) {
    printJson(stdout, sessions);
    return;
  }
  if (sessions.length === 0) context.note(nothing);
  else stdout.write(renderTable(sessionColumns(context), sessions, context.table));
}

/** The daemon takes in what just ended before it answers, for some seconds at most. */
async function sayUnindexed({ client, note }: Context): Promise<void> {
  const { unindexed } = await client.call("daemonStatus");
  if (unindexed === 0) return;
  note(`${grouped(unindexed)} exchanges were not searched: they are still being indexed`);
  note("  ask again in a while");
}
