/**
 * `hoopx sessions revoke ID`: the session's token is worth nothing from now on.
 */
import type { Context } from "../../context.js";
import { printJson } from "../../output/json.js";

export async function run(context: Context, input: { readonly id: string }): Promise<undefined> {
  const session = await context.client.call("sessionsRevoke", { path: { id: input.id } });
  if (context.json) printJson(context.stdout, session);
  context.confirm(`revoked ${session.id}: its token is worth nothing now`);
}
