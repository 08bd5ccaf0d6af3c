/**
 * `hoopx sessions outside`: exchanges that belong to no session, newest first:
 * tests of connections that a person asked for, and requests without the token
 * of a session.
 */
import type { ExchangeView } from "../../../contract/views.js";
import type { Context } from "../../context.js";
import { printJson } from "../../output/json.js";
import { firstRows } from "../../output/limited.js";
import { outcomeText, paintOutcome } from "../../output/status.js";
import { type Column, renderTable } from "../../output/table.js";
import { ago } from "../../output/time.js";

export async function run(context: Context, input: { readonly limit: number }): Promise<undefined> {
  const words = { limit: input.limit, what: "exchanges", more: "hoopx sessions outside" };
  const exchanges = await firstRows(context, words, (limit) =>
    context.client.call("exchangesOutside", { query: { limit } }),
  );
  if (context.json) printJson(context.stdout, exchanges);
  else if (exchanges.length === 0) context.note("every exchange belongs to a session");
  else context.stdout.write(renderTable(columnsOf(context), exchanges, context.table));
}

function columnsOf({ colours, now }: Context): readonly Column<ExchangeView>[] {
  return [
    { title: "ID", value: (row) => row.id, paint: (text) => colours.cyan(text) },
    { title: "CONNECTION", value: (row) => row.connection ?? "", drop: 1 },
    {
      title: "WHAT",
      value: ({ operation }) => (operation ? `${operation.method} ${operation.path}` : ""),
      flexible: 12,
    },
    {
      title: "OUTCOME",
      value: outcomeText,
      paint: (text, row) => paintOutcome(colours, text, row),
    },
    { title: "WHY", value: ({ decision }) => decision?.reason ?? "", flexible: 10, drop: 0 },
    {
      title: "STARTED",
      value: (row) => row.startedAt,
      short: (row) => ago(row.startedAt, now()),
      paint: (text) => colours.dim(text),
      drop: 2,
    },
  ];
}
