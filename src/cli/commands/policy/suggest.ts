/**
 * `hoopx policy suggest [SESSION]`: a policy file that allows what a session
 * did and as little else as possible. The file alone goes to stdout, so that
 * it can be sent into one.
 */
import type { Context } from "../../context.js";
import { escapeBlock } from "../../output/escape.js";
import { printJson } from "../../output/json.js";

export async function run(
  context: Context,
  input: { readonly session?: string },
): Promise<undefined> {
  const { client, stdout } = context;
  const view = await client.call("policySuggest", { body: { session: input.session ?? "last" } });
  if (context.json) {
    printJson(stdout, view);
    return;
  }
  stdout.write(escapeBlock(view.yaml));
  for (const note of view.notes) context.note(note);
}
