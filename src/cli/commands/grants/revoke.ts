/**
 * `hoopx grants revoke ID`: what the grant spoke for needs a review again.
 */
import type { Context } from "../../context.js";
import { printJson } from "../../output/json.js";

export async function run(context: Context, input: { readonly id: string }): Promise<undefined> {
  const grant = await context.client.call("grantsRevoke", { path: { id: input.id } });
  if (context.json) printJson(context.stdout, grant);
  context.confirm(`revoked ${grant.id}: what it spoke for needs a review again`);
}
