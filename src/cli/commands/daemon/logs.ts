/**
 * `hoopx daemon logs`: the end of the daemon's log, and with `-f` what comes
 * next. Reads the file itself: a log is wanted most when no daemon answers.
 */
import { type FileHandle, open, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { CliError } from "../../cli-error.js";
import type { Context } from "../../context.js";
import { escapeLine } from "../../output/escape.js";
import { clockTime } from "../../output/time.js";

interface LogsInput {
  readonly follow?: boolean;
  readonly lines: number;
}

/** More of a log's end than anybody reads on a terminal. */
const tailBytes = 4 * 1024 * 1024;
const stepMs = 200;

export async function run(context: Context, input: LogsInput): Promise<undefined> {
  const path = await newestLog(context.home.log);
  if (path === undefined) {
    throw new CliError(
      "log_missing",
      `there is no log in ${context.home.log} yet`,
      "hoopx daemon start",
    );
  }
  const print = (line: string) =>
    context.stdout.write(`${context.json ? line : renderLine(context, line)}\n`);
  const { size } = await stat(path);
  const begin = Math.max(0, size - tailBytes);
  const lines = (await readFrom(path, begin, size)).split("\n");
  // What follows the last line break is a line that is still being written.
  const rest = lines.pop() ?? "";
  for (const line of lines.slice(-input.lines)) print(line);
  if (input.follow) await follow(context, path, size - Buffer.byteLength(rest), print);
}

/** The log that is written now: rotation gives each file a number, time tells the newest. */
async function newestLog(folder: string): Promise<string | undefined> {
  const names = await readdir(folder).catch(() => []);
  const files = await Promise.all(
    names
      .filter((name) => /\.log(\.\d+)?$/.test(name))
      .map(async (name) => {
        const path = join(folder, name);
        return { path, changed: (await stat(path)).mtimeMs };
      }),
  );
  return files.sort((a, b) => b.changed - a.changed)[0]?.path;
}

async function readFrom(path: string, begin: number, end: number): Promise<string> {
  let file: FileHandle | undefined;
  try {
    file = await open(path);
    const bytes = Buffer.alloc(end - begin);
    const { bytesRead } = await file.read(bytes, 0, bytes.length, begin);
    return bytes.toString("utf8", 0, bytesRead);
  } finally {
    await file?.close();
  }
}

async function follow(
  context: Context,
  first: string,
  from: number,
  print: (line: string) => void,
): Promise<void> {
  const signal = context.interrupted();
  let path = first;
  let at = from;
  while (!signal.aborted) {
    const size = await stat(path).then(
      (found) => found.size,
      () => 0,
    );
    // Rotated in place: start again.
    if (size < at) at = 0;
    if (size > at) {
      const text = await readFrom(path, at, size);
      const end = text.lastIndexOf("\n") + 1;
      for (const line of text.slice(0, end).split("\n").slice(0, -1)) print(line);
      at += Buffer.byteLength(text.slice(0, end));
    } else {
      const newest = (await newestLog(context.home.log)) ?? path;
      if (newest !== path) {
        path = newest;
        at = 0;
        continue;
      }
      await delay(stepMs, undefined, { signal }).catch(() => {});
    }
  }
}

/** One line of the log for people: time, level, message, then what else it says. */
function renderLine({ colours }: Context, line: string): string {
  let entry: Record<string, unknown>;
  try {
    entry = JSON.parse(line) as Record<string, unknown>;
  } catch {
    return escapeLine(line);
  }
  const { time, level, msg, pid: _pid, hostname: _host, ...rest } = entry;
  const name = String(level);
  const grave = name === "error" || name === "fatal";
  const paint = grave ? colours.red : name === "warn" ? colours.yellow : String;
  const details = Object.entries(rest).map(
    ([key, value]) => `${key}=${typeof value === "string" ? value : JSON.stringify(value)}`,
  );
  return [
    colours.dim(clockTime(String(time))),
    paint(escapeLine(name.padEnd(5))),
    escapeLine(String(msg ?? "")),
    colours.dim(escapeLine(details.join(" "))),
  ]
    .join("  ")
    .trimEnd();
}
