/**
 * Policy file: a file that a command names, read here and sent as text, since
 * the daemon may not stand in the same folder. Under the limit, and UTF-8.
 */
import { readFileSync, statSync } from "node:fs";
import { TextDecoder } from "node:util";
import type { PolicyText } from "../../../contract/policy-views.js";
import { CliError } from "../../cli-error.js";

/** What the control API takes. */
const mostBytes = 512 * 1024;

/** The file's text under the name it was given; undefined where none was. */
export function readPolicyFile(file: string | undefined): PolicyText | undefined {
  if (file === undefined) return undefined;
  let bytes: Buffer;
  try {
    // A device or a pipe has no size to know beforehand, and could go on for ever.
    const { size } = statSync(file);
    if (size > mostBytes) throw tooLarge(file);
    bytes = readFileSync(file);
  } catch (error) {
    if (error instanceof CliError) throw error;
    throw unreadable(file, error);
  }
  if (bytes.length > mostBytes) throw tooLarge(file);
  try {
    return { name: file, text: new TextDecoder("utf-8", { fatal: true }).decode(bytes) };
  } catch (error) {
    throw new CliError("file_unreadable", `${file} is not UTF-8`, "save it as UTF-8", {
      cause: error,
    });
  }
}

function tooLarge(file: string): CliError {
  return new CliError(
    "file_unreadable",
    `${file} is over 512 KB, the most that a policy may have`,
    "name a policy file (hoopx policy shows those in force)",
  );
}

function unreadable(file: string, error: unknown): CliError {
  const code = (error as NodeJS.ErrnoException).code ?? "";
  const why: Readonly<Record<string, string>> = {
    ENOENT: "there is no such file",
    EISDIR: "it is a folder",
    EACCES: "you may not read it",
  };
  return new CliError(
    "file_unreadable",
    `${file} cannot be read: ${why[code] ?? "reading it failed"}`,
    "name a policy file (hoopx policy shows those in force)",
    { cause: error },
  );
}
