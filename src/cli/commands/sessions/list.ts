/**
 * `hoopx sessions`: the record's sessions, newest first.
 */
import type { SessionStatus, SessionView } from "../../../contract/views.js";
import type { Context } from "../../context.js";
import { printJson } from "../../output/json.js";
import { paintStatus } from "../../output/status.js";
import { type Column, renderTable } from "../../output/table.js";
import { ago, grouped, parseSince } from "../../output/time.js";

interface ListInput {
  readonly limit: number;
  readonly since?: string;
  readonly status?: SessionStatus;
  readonly identity?: string;
  readonly search?: string;
}

export async function run(context: Context, input: ListInput): Promise<undefined> {
  const { client, stdout } = context;
  const { since, ...query } = input;
  const sessions = await client.call("sessionsList", {
    query: {
      ...query,
      ...(since !== undefined && { since: parseSince(since, context.now()) }),
    },
  });
  if (context.json) {
    printJson(stdout, sessions);
    return;
  }
  if (sessions.length === 0) {
    const { limit: _limit, ...filters } = input;
    context.note(
      Object.keys(filters).length === 0
        ? "no sessions yet: hoopx run -- node agent.js"
        : "no session matches",
    );
    return;
  }
  stdout.write(renderTable(columnsOf(context), sessions, context.table));
}

function columnsOf({ colours, now }: Context): readonly Column<SessionView>[] {
  return [
    { title: "ID", value: (row) => row.id, paint: (text) => colours.cyan(text) },
    {
      title: "STATUS",
      value: (row) => row.status,
      paint: (text, row) => paintStatus(colours, text, row.status),
      drop: 3,
    },
    {
      title: "WHAT",
      value: (row) => row.title ?? "",
      short: (row) => row.title ?? row.process.command,
      flexible: 12,
    },
    { title: "COMMAND", value: (row) => row.process.command, pipeOnly: true },
    { title: "CONNECTIONS", value: (row) => row.connections.join(","), pipeOnly: true },
    {
      title: "IDENTITY",
      value: (row) => row.identity.email ?? row.identity.subject,
      pipeOnly: true,
    },
    {
      title: "EXCHANGES",
      value: (row) => String(row.counts.exchanges),
      short: (row) =>
        grouped(row.counts.exchanges) + (row.counts.denied > 0 ? ` (${row.counts.denied} ✗)` : ""),
      align: "right",
      drop: 1,
    },
    {
      title: "TOKENS",
      value: (row) => `${row.tokens.input}/${row.tokens.output}`,
      short: (row) => grouped(row.tokens.input + row.tokens.output),
      align: "right",
      drop: 0,
    },
    {
      title: "STARTED",
      value: (row) => row.startedAt,
      short: (row) => ago(row.startedAt, now()),
      paint: (text) => colours.dim(text),
      drop: 2,
    },
  ];
}
