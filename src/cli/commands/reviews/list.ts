/**
 * `hoopx reviews`: what waits for a person, and what became of it; with
 * `--watch` as it happens.
 */
import type { ReviewStatus, ReviewView } from "../../../contract/review-views.js";
import { CliError } from "../../cli-error.js";
import type { Context } from "../../context.js";
import { printJson, printJsonLine } from "../../output/json.js";
import { mostListed } from "../../output/limited.js";
import { personName } from "../../output/person.js";
import { paintReview, reviewLine, reviewWord, subjectOf } from "../../output/review.js";
import { type Column, renderTable } from "../../output/table.js";
import { ago } from "../../output/time.js";

/** Outcomes that a review's status has another word for. */
const statuses: Readonly<Record<string, ReviewStatus>> = {
  "denied-by-reviewer": "denied",
  cut: "cancelled",
};

interface ListInput {
  readonly limit: number;
  readonly watch?: boolean;
  readonly status?: ReviewStatus;
  readonly session?: string;
}

export async function run(context: Context, given: ListInput): Promise<undefined> {
  const { stdout } = context;
  const { status } = given;
  const input = { ...given, ...(status && { status: statuses[status] ?? status }) };
  const { watch, ...query } = input;
  if (watch === true) return follow(context, input);
  const { reviews, leftOut } = await listed(context, query);
  if (context.json) printJson(stdout, reviews);
  else if (reviews.length === 0) {
    context.note(input.status === "pending" ? "no review is pending" : "no reviews yet");
  } else stdout.write(renderTable(columnsOf(context), reviews, context.table));
  if (leftOut) {
    context.note(`older reviews are left out: hoopx reviews --limit ${input.limit * 2} shows more`);
  }
}

/** All that wait, whatever the limit; then as many others, newest first. */
async function listed(
  { client }: Context,
  { limit, status, session }: Omit<ListInput, "watch">,
): Promise<{ readonly reviews: readonly ReviewView[]; readonly leftOut: boolean }> {
  const of = { ...(session !== undefined && { session }) };
  const ask = (more: object) => client.call("reviewsList", { query: { ...of, ...more } });
  const wanted = status === undefined || status === "pending";
  const pending = wanted ? await ask({ status: "pending", limit: mostListed }) : [];
  if (status === "pending") return { reviews: pending, leftOut: pending.length === mostListed };
  // Newest first, so those that wait may be among them: one more than is shown tells of the rest.
  const query = {
    limit: Math.min(mostListed, pending.length + limit + 1),
    ...(status && { status }),
  };
  const others = (await ask(query)).filter((review) => review.status !== "pending");
  return { reviews: [...pending, ...others.slice(0, limit)], leftOut: others.length > limit };
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
      value: reviewWord,
      paint: (text, row) => paintReview(colours, text, row.status),
    },
    { title: "WHAT", value: subjectOf, flexible: 14 },
    { title: "RULE", value: (row) => row.rule ?? "", flexible: 10, drop: 1 },
    { title: "SESSION", value: (row) => row.sessionId, pipeOnly: true },
    {
      title: "BY",
      value: ({ decidedBy }) => (decidedBy === null ? "" : personName(decidedBy)),
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
