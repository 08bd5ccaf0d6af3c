/**
 * Text lines: bytes as the lines that they hold, one at a time, whatever
 * pieces they come in.
 */
import { ControlProblem } from "../control-problem.js";

/** Longer than the longest frame, written as JSON: what is over it is no export. */
const longest = 256 * 1024 ** 2;

/** Each line, without its line feed; what follows the last one is a line if there is something. */
export async function* textLines(input: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let pieces: Buffer[] = [];
  let size = 0;
  for await (const chunk of input) {
    let from = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, from)) {
      yield Buffer.concat([...pieces, chunk.subarray(from, end)]).toString("utf8");
      pieces = [];
      size = 0;
      from = end + 1;
    }
    size += chunk.length - from;
    if (size > longest) throw new ControlProblem("import_refused", "a line is over 256 MiB");
    if (from < chunk.length) pieces.push(chunk.subarray(from));
  }
  if (size > 0) yield Buffer.concat(pieces).toString("utf8");
}
