/** Format: a session written as one file, in pieces as it is read. */
import type { ExportSource } from "./source.js";

export interface FormatOptions {
  /** Columns of a terminal recording. */
  readonly width: number;
}

/** The pieces of the file. */
export type Format = (
  source: ExportSource,
  options: FormatOptions,
) => AsyncIterable<string | Uint8Array>;
