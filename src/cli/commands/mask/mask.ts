/**
 * `hoopx mask [FILE]`: bytes through the daemon's detectors, in a pipe. What
 * comes back is written as it comes; a reader that leaves ends it quietly, as
 * it ends `cat`.
 */
import { open } from "node:fs/promises";
import type { MaskFindingView } from "../../../contract/views.js";
import { CliError } from "../../cli-error.js";
import type { Context } from "../../context.js";
import { escapeLine } from "../../output/escape.js";
import { encodingOf } from "./text-encoding.js";

interface MaskInput {
  readonly file?: string;
  readonly explain?: boolean;
  readonly detectors?: string;
}

const interruptedCode = 130;

export async function run(context: Context, input: MaskInput): Promise<number | undefined> {
  const { client, stdin, stdout } = context;
  const signal = context.interrupted();
  const explain = input.explain === true || context.json;
  if (input.file === undefined && stdin.isTTY)
    context.note("reading from the terminal (Ctrl-D ends)");
  const { encoding, bytes } = await encodingOf(
    input.file === undefined ? stdin.bytes() : await bytesOf(input.file),
  );
  const query = {
    folder: context.folder(),
    detectors: input.detectors?.replace(/\s/g, ""),
    explain: explain ? "true" : undefined,
  };
  const answer = client.pass("mask", encoding.decoded(bytes), { query, signal });
  if (explain) await tell(context, answer);
  else for await (const chunk of encoding.encoded(answer)) stdout.write(chunk);
  return signal.aborted ? interruptedCode : undefined;
}

async function bytesOf(file: string): Promise<AsyncIterable<Uint8Array>> {
  try {
    const handle = await open(file);
    if ((await handle.stat()).isDirectory()) {
      await handle.close();
      throw Object.assign(new Error("a folder"), { code: "EISDIR" });
    }
    return handle.createReadStream();
  } catch (error) {
    const why: Readonly<Record<string, string>> = {
      ENOENT: "there is no such file",
      EISDIR: "it is a folder",
      EACCES: "you may not read it",
    };
    const { code = "" } = error as NodeJS.ErrnoException;
    const reason = `${file} cannot be read: ${why[code] ?? "reading it failed"}`;
    throw new CliError("file_unreadable", reason, "name a file, or use a pipe", { cause: error });
  }
}

async function tell(context: Context, answer: AsyncIterable<Buffer>): Promise<void> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of answer) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      if (context.json) context.stdout.write(`${line}\n`);
      else context.stdout.write(explained(context, JSON.parse(line) as MaskFindingView));
    }
  }
}

/** `3:14  aws-access-key  AWS access key  [masked:aws-access-key]#1`. */
function explained({ stdout, colours }: Context, finding: MaskFindingView): string {
  const { line, column, detector, about, mark } = finding;
  const place = `${line}:${column}`;
  if (!stdout.isTTY) return `${[place, detector, about, mark].map(escapeLine).join("\t")}\n`;
  return `${colours.dim(place.padEnd(8))} ${colours.bold(escapeLine(detector))}  ${escapeLine(about)}  ${colours.dim(mark)}\n`;
}
