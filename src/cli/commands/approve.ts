/**
 * `hoopx approve ID`: one yes to what waits. Exits 8 where the rule wants more
 * reviewers, so that a script knows that nothing has gone on yet. Without an
 * id, on a terminal: the inbox, whose library is loaded here and only then.
 */
import type { ApproveReview } from "../../contract/routes.js";
import { exitCodes, usage } from "../cli-error.js";
import type { Context } from "../context.js";
import { profileChoice } from "../login/identity-settings.js";
import { printJson } from "../output/json.js";
import { operationText } from "../output/operation.js";
import { coverText } from "../output/review.js";
import { counted } from "../output/time.js";

interface ApproveInput {
  readonly review?: string;
  readonly for?: Pick<ApproveReview, "for" | "seconds">;
  readonly comment?: string;
  readonly profile?: string;
}

export async function run(context: Context, input: ApproveInput): Promise<number> {
  const { review: id, comment } = input;
  if (id === undefined) return inbox(context, input);
  const given = input.for ?? ({ for: "once" } as const);
  const review = await context.client.call("reviewsApprove", {
    path: { id },
    body: {
      ...given,
      ...(comment !== undefined && { comment }),
      login: profileChoice(context.environment, input.profile),
    },
  });
  if (context.json) printJson(context.stdout, review);
  const { operation, approvals, approvalsNeeded, status } = review;
  if (status === "pending") {
    const missing = counted(approvalsNeeded - approvals.length, "reviewer");
    context.confirm(`approved ${review.id}; it waits for ${missing} more`);
    return exitCodes.reviewPending;
  }
  const what = review.toolCall?.name ?? operationText(operation);
  context.confirm(`approved ${review.id}: ${what} goes on${coverText(review, given)}`);
  return exitCodes.done;
}

async function inbox(context: Context, input: ApproveInput): Promise<number> {
  const { client, environment, stdin, stdout, colours, now } = context;
  if (input.for !== undefined || input.comment !== undefined) {
    throw usage("--for and --comment need a review", "hoopx approve REVIEW --for 15m");
  }
  if (context.json || !stdin.isTTY || !stdout.isTTY) {
    throw usage(
      "the inbox needs a terminal",
      "hoopx approve REVIEW answers without one; hoopx reviews --status pending lists them",
    );
  }
  // Before the screen is taken: what is amiss here is told as by any other command.
  await client.connect();
  const { openInbox } = await import("../tui/inbox/inbox.js");
  await openInbox({
    client,
    login: profileChoice(environment, input.profile),
    input: process.stdin,
    output: process.stdout,
    colours,
    now,
    signal: context.interrupted(),
  });
  return exitCodes.done;
}
