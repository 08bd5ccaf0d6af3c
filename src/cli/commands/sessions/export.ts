/**
 * `hoopx sessions export ID`: a session as a file of another form, on stdout
 * or in a file of its own.
 */
import { CliError } from "../../cli-error.js";
import type { Context } from "../../context.js";
import type { Format } from "../../export/format.js";
import { createSource } from "../../export/source.js";
import { toFile, toOutput } from "../../export/target.js";
import { printJson } from "../../output/json.js";
import { grouped } from "../../output/time.js";

/** By the name that `--format` takes; each is loaded when it is asked for. */
export const formats: Readonly<Record<string, () => Promise<Format>>> = {
  jsonl: async () => (source) => source.bytes(),
  har: async () => (await import("../../export/har.js")).har,
  markdown: async () => (await import("../../export/markdown.js")).markdown,
  html: async () => (await import("../../export/html.js")).html,
  otel: async () => (await import("../../export/otel.js")).otel,
  asciicast: async () => (await import("../../export/asciicast.js")).asciicast,
};

interface ExportInput {
  readonly id: string;
  readonly format: string;
  readonly output?: string;
  readonly force?: boolean;
  readonly width: number;
}

const interruptedCode = 130;

export async function run(context: Context, input: ExportInput): Promise<number | undefined> {
  const { client, stdout, version } = context;
  const { format: name, output, force = false, width } = input;
  const format = await formats[name]?.();
  if (format === undefined) throw new Error(`no format ${name}`);
  const signal = context.interrupted();
  const session = await client.call("sessionsShow", { path: { id: input.id } });
  if (session.status === "active" && name === "jsonl") {
    context.note("the session still runs: what it did so far cannot be imported");
  }
  const pieces = format(createSource({ client, session, version, signal }), { width });
  if (output === undefined) await toOutput(stdout, pieces);
  else {
    const whole = unlessInterrupted(pieces, signal);
    const bytes = await toFile(output, force, whole).catch((error: unknown) => {
      if (signal.aborted) return undefined;
      throw error;
    });
    if (bytes !== undefined && context.json) {
      printJson(stdout, { session: session.id, format: name, file: output, bytes });
    } else if (bytes !== undefined) context.confirm(`wrote ${output}, ${grouped(bytes)} bytes`);
  }
  return signal.aborted ? interruptedCode : undefined;
}

/** An interrupted stream ends like one that is done: half an export must not be kept. */
async function* unlessInterrupted<Piece>(
  pieces: AsyncIterable<Piece>,
  signal: AbortSignal,
): AsyncGenerator<Piece> {
  yield* pieces;
  if (signal.aborted) throw new CliError("interrupted", "interrupted", "run it again");
}
