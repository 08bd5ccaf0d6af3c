/**
 * Replay file: what a project's re-runs may differ in, `.hoopx/replay.yaml`,
 * kept beside the agent so that it need not be said on each command line.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse, YAMLParseError } from "yaml";
import { type ReplayRule, replayRules } from "../../contract/replay-views.js";
import { CliError } from "../cli-error.js";

export interface ReplayFile {
  readonly ignore: readonly string[];
  readonly exact: readonly ReplayRule[];
}

/** The file of a folder; empty where there is none. */
export function readReplayFile(folder: string): ReplayFile {
  const file = join(folder, ".hoopx", "replay.yaml");
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return { ignore: [], exact: [] };
    throw invalid(file, `it cannot be read (${code})`, cause);
  }
  let read: unknown;
  try {
    read = parse(text) ?? {};
  } catch (cause) {
    const line = cause instanceof YAMLParseError ? cause.linePos?.[0].line : undefined;
    throw invalid(
      file,
      `it is not YAML${line === undefined ? "" : `, from line ${line} on`}`,
      cause,
    );
  }
  if (typeof read !== "object" || read === null || Array.isArray(read)) {
    throw invalid(file, "it has to hold ignore and exact");
  }
  const stranger = Object.keys(read).find((key) => key !== "ignore" && key !== "exact");
  if (stranger !== undefined) throw invalid(file, "it may hold ignore and exact only");
  const { ignore = [], exact = [] } = read as Readonly<Record<string, unknown>>;
  if (!isTexts(ignore)) throw invalid(file, "ignore has to be a list of places");
  if (!isTexts(exact) || !exact.every(isRule)) {
    throw invalid(file, `exact has to be a list of ${replayRules.join(", ")}`);
  }
  return { ignore, exact };
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((each) => typeof each === "string");
}

function isRule(text: string): text is ReplayRule {
  return (replayRules as readonly string[]).includes(text);
}

function invalid(file: string, why: string, cause?: unknown): CliError {
  const hint = "docs/replay.md shows what it holds";
  return new CliError("replay_file_invalid", `${file}: ${why}`, hint, { cause });
}
