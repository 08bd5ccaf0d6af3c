/**
 * `hoopx reviews`: what waits for a person, and what became of it; with
 * `--watch` as it happens.
 */
import type { ReviewStatus, ReviewView } from "../../../contract/review-views.js";
import { CliError } from "../../cli-error.js";
import type { Context } from "../../context.js";
import { printJson, printJsonLine } from "../../output/json.js";
import { paintReview, reviewLine, subjectOf } from "../../output/review.js";
import { type Column, renderTable } from "../../output/table.js";
import { ago } from "../../output/time.js";

interface ListInput {
  readonly limit: number;
  readonly watch?: boolean;
  readonly status?: ReviewStatus;
  readonly session?: string;
}

export async function run(context: Context, input: ListInput): Promise<undefined> {
  const { client, stdout } = context;
  const { watch, ...query } = input;
  if (watch === true) return follow(context, input);
  const reviews = await client.call("reviewsList", { query });
  if (context.json) {
    printJson(stdout, reviews);
    return;
  }
  if (reviews.length === 0) {
    context.note(input.status === "pending" ? "nothing waits for a review" : "no reviews yet");
    return;
  }
  stdout.write(renderTable(columnsOf(context), reviews, context.table));
}

async function follow(context: Context, { session, status }: ListInput): Promise<undefined> {
  const { client, stdout, colours } = context;
  const signal = context.interrupted();
  if (stdout.isTTY && !context.json) context.note("waiting for reviews (Ctrl-C ends)");
  const query = { only: "reviews", ...(session !== undefined && { session }) };
  try {
    for await (const event of client.stream("events", { query, signal })) {
      if (!("review" in event)) continue;
      if (status !== undefined && event.review.status !== status) continue;
      if (context.json) printJsonLine(stdout, event);
      else
        stdout.write(`${reviewLine(event, colours, stdout.isTTY ? stdout.columns : undefined)}\n`);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  if (signal.aborted) return;
  throw new CliError(
    "daemon_lost",
    "the daemon stopped",
    "hoopx reviews --watch starts it again and goes on",
  );
}

function columnsOf({ colours, now }: Context): readonly Column<ReviewView>[] {
  return [
    { title: "ID", value: (row) => row.id, paint: (text) => colours.cyan(text) },
    {
      title: "STATUS",
      value: (row) => row.status,
      paint: (text, row) => paintReview(colours, text, row.status),
    },
    { title: "WHAT", value: subjectOf, flexible: 14 },
    { title: "RULE", value: (row) => row.rule ?? "", flexible: 10, drop: 1 },
    { title: "SESSION", value: (row) => row.sessionId, pipeOnly: true },
    {
      title: "BY",
      value: (row) => row.decidedBy?.email ?? row.decidedBy?.subject ?? "",
      drop: 0,
    },
    {
      title: "OPENED",
      value: (row) => row.createdAt,
      short: (row) => ago(row.createdAt, now()),
      paint: (text) => colours.dim(text),
      drop: 2,
    },
  ];
}
