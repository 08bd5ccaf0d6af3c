/**
 * Verifier: a process of its own that holds one file to its chain. Such a file
 * may come from anyone, and SQLite may read it without end: its pages may lead
 * to each other, its statistics may choose the slowest of all plans. The daemon
 * ends this process then, which it cannot do to a thread of its own.
 */
import { text } from "node:stream/consumers";
import { verifyFile } from "./record-log.js";
import type { RecordReport, VerifyOptions } from "./record-report.js";

/** What it is asked, as one JSON text on its input. */
export interface VerifierTask {
  readonly file: string;
  readonly head?: VerifyOptions["head"];
  readonly anchor?: VerifyOptions["anchor"];
  /** Hex, as the key is. */
  readonly trusted?: string | undefined;
  /** What the file is encrypted with. */
  readonly key?: string | undefined;
}

/** What it prints, as one JSON text; dates in it are text. */
export type VerifierAnswer = { readonly report: RecordReport } | { readonly error: string };

// As every entry: no debugger is opened in a process that has the record's key.
process.on("SIGUSR1", () => {});

const asked = await text(process.stdin);
process.stdout.write(JSON.stringify(await answer(JSON.parse(asked) as VerifierTask)));

async function answer({ file, key, trusted, ...heads }: VerifierTask): Promise<VerifierAnswer> {
  const options = { ...heads, ...(trusted && { trusted: Buffer.from(trusted, "hex") }) };
  try {
    return { report: await verifyFile(file, options, key ? Buffer.from(key, "hex") : undefined) };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}
