/**
 * `hoopx connections test NAME`: one cheap question upstream with the real
 * credential, what came back, how long the credential lives and whom the
 * provider sees; exit 1 where it was not what it should be.
 */
import { CliError, exitCodes } from "../../cli-error.js";
import type { Context } from "../../context.js";
import { printJson } from "../../output/json.js";
import { lasting } from "../../output/time.js";

export async function run(
  context: Context,
  input: { readonly name: string },
): Promise<number | undefined> {
  const test = await context.client.call("connectionsTest", { path: { name: input.name } });
  if (context.json) {
    printJson(context.stdout, test);
    return test.ok ? exitCodes.done : exitCodes.failed;
  }
  const { credential, seenAs } = test;
  const status = test.status === null ? "no answer" : String(test.status);
  const outcome = `${test.request} → ${status} in ${lasting(test.durationMs)}: ${test.message}`;
  if (!test.ok) {
    const refused = test.status === 401 || test.status === 403;
    const hint =
      refused && credential.kind === "static-key"
        ? `hoopx connections rotate ${test.connection}`
        : `hoopx connections show ${test.connection}`;
    throw new CliError("upstream_refused", outcome, hint);
  }
  context.confirm(outcome);
  const seen = seenAs === null ? "" : `, seen as ${seenAs}`;
  context.confirm(`credential ${credential.kind}: ${credential.lifetime}${seen}`);
  return exitCodes.done;
}
