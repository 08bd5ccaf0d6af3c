/**
 * `hoopx connections remove NAME`: the connection and its key are gone.
 */
import type { Context } from "../../context.js";
import { printJson } from "../../output/json.js";

export async function run(context: Context, input: { readonly name: string }): Promise<undefined> {
  const removed = await context.client.call("connectionsRemove", { path: { name: input.name } });
  if (context.json) printJson(context.stdout, removed);
  context.confirm(`removed ${removed.name} and its key`);
}
