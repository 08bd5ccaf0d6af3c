/**
 * `hoopx policy init`: a first policy file that decides as the built-in rules
 * do, to be edited. A file that is there is never overwritten.
 */
import { writeFileSync } from "node:fs";
import { policyFileOf } from "../../../contract/home.js";
import { CliError } from "../../cli-error.js";
import type { Context } from "../../context.js";
import { printJson } from "../../output/json.js";

export async function run(context: Context): Promise<undefined> {
  const file = policyFileOf(context.home);
  // The daemon makes the home's folders, or says why it cannot.
  await context.client.connect();
  try {
    writeFileSync(file, firstPolicy, { flag: "wx", mode: 0o600 });
  } catch (error) {
    throw notWritten(file, error);
  }
  if (context.json) printJson(context.stdout, { file });
  else context.confirm(`wrote ${file}; hoopx policy check looks for mistakes after each edit`);
}

function notWritten(file: string, error: unknown): CliError {
  const { code = "unknown" } = error as NodeJS.ErrnoException;
  if (code === "EEXIST") {
    return new CliError("already_exists", `${file} exists already`, "hoopx policy shows it");
  }
  const message = `${file} cannot be written (${code})`;
  return new CliError("file_unwritable", message, "make its folder writable", { cause: error });
}

const firstPolicy = `# Which requests of agents may leave. The strictest rule that matches decides: deny, then review,
# then allow. A request that no rule allows is denied.
# After an edit: hoopx policy check. Which rule decides a request, and why: hoopx policy explain.
version: 1
rules:
  - name: read-and-inference
    when: { operations: [read, inference] } # narrower: add models: ["gpt-*"] or connections: [openai]
    effect: allow
  - name: writes-need-a-review
    when: { operations: [write, admin] }
    effect: review # answer with: hoopx approve
  # - name: no-destructive-sql
  #   when: { prompt: { matches: ['(?i)\\bdrop\\s+table\\b'] } }
  #   effect: deny
  #   message: destructive SQL is not for agents
masking:
  detectors: [secrets] # more: email, card, … (docs/masking.md)
`;
