/**
 * `hoopx sessions import FILE`: a session that was exported as jsonl, put into
 * this record under its own ids, once all of it was held to its hashes and its
 * seal.
 */
import { open } from "node:fs/promises";
import type { ImportOutcome } from "../../../contract/export-lines.js";
import { CliError, fromProblem } from "../../cli-error.js";
import type { Context } from "../../context.js";
import { printJson } from "../../output/json.js";
import { counted } from "../../output/time.js";

interface ImportInput {
  readonly file: string;
}

const interruptedCode = 130;

export async function run(context: Context, { file }: ImportInput): Promise<number | undefined> {
  const { client, stdin, stdout } = context;
  const signal = context.interrupted();
  const bytes = file === "-" ? stdin.bytes() : await bytesOf(file);
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of client.pass("sessionsImport", bytes, { signal })) {
    text += decoder.decode(chunk, { stream: true });
  }
  if (signal.aborted) return interruptedCode;
  const outcome = JSON.parse(text) as ImportOutcome;
  if ("problem" in outcome) {
    const { code, title, hint } = outcome.problem;
    throw fromProblem({ type: "", status: 0, code, title, ...(hint !== null && { hint }) });
  }
  if (context.json) printJson(stdout, outcome);
  else {
    const { session, exchanges, frames, signedBy } = outcome;
    const what = `${counted(exchanges, "exchange")}, ${counted(frames, "frame")}`;
    context.confirm(`imported ${session}: ${what}; ${signedText(signedBy)}`);
  }
  return undefined;
}

function signedText(by: Extract<ImportOutcome, { session: string }>["signedBy"]): string {
  if (by === null) return "not signed";
  return by.own ? `signed here, ${by.at}` : `signed ${by.at} by key ${by.key}`;
}

async function bytesOf(file: string): Promise<AsyncIterable<Uint8Array>> {
  try {
    const handle = await open(file);
    if ((await handle.stat()).isFile()) return handle.createReadStream();
    await handle.close();
    throw Object.assign(new Error("no file"), { code: "EISDIR" });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why = code === "ENOENT" ? "there is no such file" : "it is not a file that can be read";
    const hint = "name a file that hoopx sessions export wrote, or - for stdin";
    throw new CliError("file_unreadable", `${file} cannot be read: ${why}`, hint, { cause: error });
  }
}
