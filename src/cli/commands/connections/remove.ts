/**
 * `hoopx connections remove NAME`: the connection is gone, and its key with it.
 */

import { askFirst } from "../../ask-first.js";
import type { Context } from "../../context.js";
import { printJson } from "../../output/json.js";

interface RemoveInput {
  readonly name: string;
  readonly yes?: boolean;
}

export async function run(context: Context, input: RemoveInput): Promise<undefined> {
  await askFirst(context, `remove connection ${input.name} and its key?`, input);
  const removed = await context.client.call("connectionsRemove", { path: { name: input.name } });
  if (context.json) printJson(context.stdout, removed);
  const key = removed.credential.secretStore === null ? "" : " and its key";
  context.confirm(`removed ${removed.name}${key}`);
}
