/**
 * `hoopx deny ID`: a no to what waits; the agent reads who said it, and why.
 */
import type { Context } from "../context.js";
import { profileChoice } from "../login/identity-settings.js";
import { printJson } from "../output/json.js";
import { operationText } from "../output/operation.js";

interface DenyInput {
  readonly review: string;
  readonly comment?: string;
  readonly profile?: string;
}

export async function run(context: Context, input: DenyInput): Promise<undefined> {
  const { comment } = input;
  const review = await context.client.call("reviewsDeny", {
    path: { id: input.review },
    body: {
      ...(comment !== undefined && { comment }),
      login: profileChoice(context.environment, input.profile),
    },
  });
  if (context.json) printJson(context.stdout, review);
  const { toolCall, operation } = review;
  const stays =
    toolCall === null
      ? `${operationText(operation)} is not sent`
      : `${toolCall.name} does not reach the agent`;
  context.confirm(`denied ${review.id}: ${stays}`);
}
