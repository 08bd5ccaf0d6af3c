/**
 * `hoopx sessions accept`: a person goes on with the record as it is, although
 * it is not the one that was sealed last: it was restored from a copy, or begun
 * again after the other was lost.
 */
import { askFirst } from "../../ask-first.js";
import { usage } from "../../cli-error.js";
import type { Context } from "../../context.js";
import { printJson } from "../../output/json.js";

export async function run(context: Context, input: { readonly yes?: boolean }): Promise<undefined> {
  // A script has to say so: there is no person who would see what is given up.
  if (input.yes !== true && !context.prompter.interactive) {
    throw usage(
      "accept discards the head that the record was compared with",
      "look at hoopx sessions verify first, then hoopx sessions accept --yes",
    );
  }
  await askFirst(
    context,
    "accept the record as it is, and forget the head that it was compared with?",
    input,
  );
  const accepted = await context.client.call("recordAccept");
  if (context.json) printJson(context.stdout, accepted);
  const { head, before } = accepted;
  const from = before === null ? "" : `, in the place of ${before.place}:${before.hash}`;
  context.confirm(`the record is held to its head ${head.place}:${head.hash} from now on${from}`);
}
