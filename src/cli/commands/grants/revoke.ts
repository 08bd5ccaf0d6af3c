/**
 * `hoopx grants revoke ID`: what the grant spoke for needs a review again.
 */
import { askFirst } from "../../ask-first.js";
import type { Context } from "../../context.js";
import { printJson } from "../../output/json.js";

interface RevokeInput {
  readonly id: string;
  readonly yes?: boolean;
}

export async function run(context: Context, input: RevokeInput): Promise<undefined> {
  await askFirst(
    context,
    `revoke ${input.id}, so that what it covers needs a review again?`,
    input,
  );
  const grant = await context.client.call("grantsRevoke", { path: { id: input.id } });
  if (context.json) printJson(context.stdout, grant);
  context.confirm(`revoked ${grant.id}: what it covered needs a review again`);
}
