/**
 * `hoopx completion SHELL`: the script that teaches a shell to complete hoopx.
 */
import { completionScripts, type Shell } from "../completion/scripts.js";
import type { Context } from "../context.js";

export async function run(context: Context, input: { readonly shell: Shell }): Promise<undefined> {
  context.stdout.write(completionScripts[input.shell]);
}
