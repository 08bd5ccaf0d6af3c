/**
 * Ask first: what cannot be taken back is asked about where a person sits at
 * the terminal. `--yes` answers; scripts are not asked.
 */
import { CliError } from "./cli-error.js";
import type { Context } from "./context.js";

/** A question that costs a call is a function, called only where it is asked. Returns where the answer is yes; throws `cancelled` otherwise. */
export async function askFirst(
  { prompter }: Pick<Context, "prompter">,
  question: string | (() => Promise<string>),
  { yes = false }: { readonly yes?: boolean },
): Promise<void> {
  if (yes || !prompter.interactive) return;
  if (await prompter.confirm(typeof question === "string" ? question : await question())) return;
  throw new CliError("cancelled", "cancelled", "nothing was changed; --yes answers the question");
}
