/**
 * `hoopx connections show NAME`: one connection; its key never leaves the
 * secret store for this.
 */
import type { Context } from "../../context.js";
import { printJson } from "../../output/json.js";
import { renderDetails } from "../../output/table.js";
import { ago } from "../../output/time.js";
import { keyIn, wordsOf } from "./describe.js";

export async function run(context: Context, input: { readonly name: string }): Promise<undefined> {
  const { stdout } = context;
  const connection = await context.client.call("connectionsShow", { path: { name: input.name } });
  if (context.json) {
    printJson(stdout, connection);
    return;
  }
  const moment = (text: string) => (stdout.isTTY ? ago(text, context.now()) : text);
  const rotated = connection.rotatedAt === null ? "never" : moment(connection.rotatedAt);
  const { name, provider, baseUrl, credential, allowPrivateNetwork } = connection;
  stdout.write(
    renderDetails(
      [
        ["name", name],
        ["provider", provider],
        ["base URL", baseUrl],
        ["credential", `${credential.kind}: ${credential.lifetime}${keyIn(connection)}`],
        ...Object.entries(credential.settings).map(
          ([setting, value]) => [wordsOf(setting), value] as const,
        ),
        ["private network", allowPrivateNetwork ? "allowed" : "denied"],
        ["added", moment(connection.createdAt)],
        ...(credential.secretStore === null ? [] : [["rotated", rotated] as const]),
      ],
      context.table,
    ),
  );
}
