/**
 * `hoopx connections default NAME`: the connection that a run gets which names none.
 */
import type { Context } from "../../context.js";
import { printJson } from "../../output/json.js";

export async function run(context: Context, input: { readonly name: string }): Promise<undefined> {
  const { client } = context;
  const connection = await client.call("connectionsDefault", { path: { name: input.name } });
  if (context.json) printJson(context.stdout, connection);
  context.confirm(`${connection.name} is now the default for ${connection.provider}`);
}
