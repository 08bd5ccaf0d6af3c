/**
 * `hoopx approve ID`: one yes to what waits. Exits 8 where the rule wants more
 * reviewers, so that a script knows that nothing has gone on yet.
 */
import type { ApproveReview } from "../../contract/routes.js";
import { exitCodes } from "../cli-error.js";
import type { Context } from "../context.js";
import { profileChoice } from "../login/identity-settings.js";
import { printJson } from "../output/json.js";
import { counted } from "../output/time.js";

interface ApproveInput {
  readonly review: string;
  readonly for?: Pick<ApproveReview, "for" | "seconds">;
  readonly comment?: string;
  readonly profile?: string;
}

export async function run(context: Context, input: ApproveInput): Promise<number> {
  const { comment } = input;
  const review = await context.client.call("reviewsApprove", {
    path: { id: input.review },
    body: {
      ...input.for,
      ...(comment !== undefined && { comment }),
      login: profileChoice(context.environment, input.profile),
    },
  });
  if (context.json) printJson(context.stdout, review);
  const { id, operation, approvals, approvalsNeeded, status } = review;
  if (status === "pending") {
    const missing = counted(approvalsNeeded - approvals.length, "reviewer");
    context.confirm(`approved ${id}; it waits for ${missing} more`);
    return exitCodes.reviewPending;
  }
  context.confirm(`approved ${id}: ${operation.action} goes on`);
  return exitCodes.done;
}
