/**
 * `hoopx reviews wait ID`: the answer of a review as an exit code: 0 approved,
 * 3 denied, expired or cancelled, 8 pending still when the time is up.
 */
import type { ReviewView } from "../../../contract/review-views.js";
import { CliError, exitCodes } from "../../cli-error.js";
import type { Context } from "../../context.js";
import { printJson } from "../../output/json.js";
import { answerOf } from "../../output/review.js";

interface WaitInput {
  readonly id: string;
  /** Seconds. */
  readonly timeout?: number;
}

export async function run(context: Context, input: WaitInput): Promise<number> {
  const { client, stdout } = context;
  const given = await client.call("reviewsShow", { path: { id: input.id } });
  const review = given.status === "pending" ? await answered(context, given, input.timeout) : given;
  const { status } = review;
  if (context.json) {
    printJson(stdout, await client.call("reviewsShow", { path: { id: review.id } }));
  } else {
    const answer = answerOf(review);
    context.confirm(`${review.id} is ${status}${answer === "" ? "" : ` ${answer}`}`);
  }
  if (status === "pending") return exitCodes.reviewPending;
  return status === "approved" ? exitCodes.done : exitCodes.denied;
}

/** As it is answered; as it stands where the time is up or Ctrl-C comes. */
async function answered(
  context: Context,
  review: ReviewView,
  timeout: number | undefined,
): Promise<ReviewView> {
  const ends = [context.interrupted()];
  if (timeout !== undefined) ends.push(AbortSignal.timeout(timeout * 1000));
  const signal = AbortSignal.any(ends);
  const { id, sessionId } = review;
  const query = { only: "reviews", session: sessionId };
  let last = review;
  try {
    const events = context.client.stream("events", { query, signal });
    for await (const event of events) {
      if ("review" in event && event.review.id === id) last = event.review;
      // It may have been answered before the stream began.
      if (event.type === "stream.caught-up") {
        last = await context.client.call("reviewsShow", { path: { id } });
      }
      if (last.status !== "pending") return last;
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  if (signal.aborted) return last;
  throw new CliError("daemon_lost", "the daemon stopped", `hoopx reviews wait ${id}`);
}
