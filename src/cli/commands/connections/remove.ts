/**
 * `hoopx connections remove NAME`: the connection is gone, and its key with it.
 */
import type { Context } from "../../context.js";
import { printJson } from "../../output/json.js";

export async function run(context: Context, input: { readonly name: string }): Promise<undefined> {
  const removed = await context.client.call("connectionsRemove", { path: { name: input.name } });
  if (context.json) printJson(context.stdout, removed);
  const key = removed.credential.secretStore === null ? "" : " and its key";
  context.confirm(`removed ${removed.name}${key}`);
}
