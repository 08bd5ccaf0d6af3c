/**
 * JSON: one document on stdout, or one object a line for a live stream.
 * Indented where a person reads it on a terminal, one line for programs.
 */
import type { Output } from "../terminal.js";
import { escapeJson } from "./escape.js";

/** Prints the one document of a `--json` command. */
export function printJson(output: Output, document: unknown): void {
  output.write(
    `${escapeJson(output.isTTY ? JSON.stringify(document, null, 2) : JSON.stringify(document))}\n`,
  );
}

/** Prints one object of a live stream. */
export function printJsonLine(output: Output, value: unknown): void {
  output.write(`${escapeJson(JSON.stringify(value))}\n`);
}
