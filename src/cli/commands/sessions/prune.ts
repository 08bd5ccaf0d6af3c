/**
 * `hoopx sessions prune --older-than D`: sessions that are over leave the
 * record, and the record says, signed, that they did.
 */

import { askFirst } from "../../ask-first.js";
import { usage } from "../../cli-error.js";
import type { Context } from "../../context.js";
import { printJson } from "../../output/json.js";
import { counted, grouped } from "../../output/time.js";

interface PruneInput {
  /** Seconds. */
  readonly olderThan?: number;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

export async function run(context: Context, input: PruneInput): Promise<undefined> {
  const { olderThan, dryRun = false } = input;
  if (olderThan === undefined) {
    throw usage(
      "--older-than is missing: the age of the sessions to take out",
      "hoopx sessions prune --older-than 90d",
    );
  }
  const before = new Date(context.now().getTime() - olderThan * 1000).toISOString();
  if (!dryRun) {
    const { sessions } = await context.client.call("recordPrune", {
      body: { before, dryRun: true },
    });
    if (sessions > 0) {
      await askFirst(context, `take ${counted(sessions, "session")} out of the record?`, input);
    }
  }
  const pruned = await context.client.call("recordPrune", { body: { before, dryRun } });
  if (context.json) {
    printJson(context.stdout, pruned);
    return;
  }
  const { sessions, exchanges, bytes } = pruned;
  const what = `${counted(sessions, "session")} with ${counted(exchanges, "exchange")}`;
  const done = dryRun ? `would take out ${what}` : `took out ${what}, ${grouped(bytes ?? 0)} bytes`;
  context.stdout.write(`${done}\n`);
}
