/**
 * `hoopx sessions revoke ID`: the session's token is worth nothing from now on.
 */
import { askFirst } from "../../ask-first.js";
import type { Context } from "../../context.js";
import { escapeLine } from "../../output/escape.js";
import { printJson } from "../../output/json.js";

interface RevokeInput {
  readonly id: string;
  readonly yes?: boolean;
}

export async function run(context: Context, input: RevokeInput): Promise<undefined> {
  // `last` and a beginning of an id name what the person may not have in mind.
  let { id } = input;
  const question = async () => {
    const shown = await context.client.call("sessionsShow", { path: { id } });
    // Another session may be the last one by the time of the answer.
    id = shown.id;
    const { process } = shown;
    return `revoke ${id} (${escapeLine(process.command)}), so that its agent's requests are refused?`;
  };
  await askFirst(context, question, input);
  const session = await context.client.call("sessionsRevoke", { path: { id } });
  if (context.json) printJson(context.stdout, session);
  context.confirm(`revoked ${session.id}: its token is worth nothing now`);
}
