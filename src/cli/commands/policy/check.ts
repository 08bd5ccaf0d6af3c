/**
 * `hoopx policy check [FILE]`: everything wrong with a policy file, with its
 * place; exit 1 where there is something. The file is read here, and its text
 * is looked at by the daemon, which alone knows the rules' language.
 */
import { policyFileOf } from "../../../contract/home.js";
import type { PolicyProblemView } from "../../../contract/policy-views.js";
import { exitCodes } from "../../cli-error.js";
import type { Context } from "../../context.js";
import { printJson } from "../../output/json.js";
import { counted } from "../../output/time.js";
import { readPolicyFile } from "./policy-file.js";
import { renderProblems } from "./problems.js";

export async function run(context: Context, input: { readonly file?: string }): Promise<number> {
  const { client, stdout } = context;
  const file = readPolicyFile(input.file);
  const view = await client.call("policyCheck", {
    body: { folder: context.folder(), ...(file && { file }) },
  });
  if (context.json) printJson(stdout, view);
  else if (!view.ok) stdout.write(renderProblems(view.problems, context.table));
  else if (view.files.length === 0) {
    context.confirm(
      `there is no ${policyFileOf(context.home)}: the built-in rules are in force; hoopx policy init writes a first file`,
    );
  } else {
    const found = view.warnings.length === 0 ? "nothing wrong" : "with a warning";
    stdout.write(renderProblems(view.warnings.map(asWarning), context.table));
    context.confirm(`${view.files.join(", ")}: ${counted(view.rules, "rule")}, ${found}`);
  }
  return view.ok ? exitCodes.done : exitCodes.failed;
}

const asWarning = (problem: PolicyProblemView): PolicyProblemView => ({
  ...problem,
  reason: `warning: ${problem.reason}`,
});
