/**
 * Columns: how a list shows a session.
 */
import type { SessionView } from "../../../contract/views.js";
import type { Context } from "../../context.js";
import { personName } from "../../output/person.js";
import { paintStatus } from "../../output/status.js";
import type { Column } from "../../output/table.js";
import { ago, grouped } from "../../output/time.js";
import { aboutTokens } from "../../output/tokens.js";

/** The columns, those that programs read in an order that stays. */
export function sessionColumns({ colours, now }: Context): readonly Column<SessionView>[] {
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
      value: (row) => personName(row.identity),
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
      short: (row) => aboutTokens(row.tokens.input + row.tokens.output, row.tokens.estimated),
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
