/**
 * Batch models: which models the lines of a batch's file name. Each line is a
 * request that is sent later, when no policy looks at it any more.
 */
import { isUtf8 } from "node:buffer";
import { type OutlineLimits, outlineOf } from "../../formats/json/outline.js";
import type { Part } from "../../formats/multipart.js";
import { batchLinePlace } from "./places.js";

/** Adds the models that the lines of a batch's file name; false where there is a line that cannot be read. */
export function* modelsOfBatch(
  parts: readonly Part[],
  models: Set<string>,
  limits: OutlineLimits,
): Generator<void, boolean> {
  let readable = true;
  for (const { filename, data } of parts) {
    if (filename === null) continue;
    const bytes = Buffer.from(data.buffer, data.byteOffset, data.length);
    for (let at = 0, line = 1; at < bytes.length; line += 1) {
      const newline = bytes.indexOf(0x0a, at);
      const end = newline === -1 ? bytes.length : newline;
      const text = bytes.subarray(at, end);
      at = end + 1;
      if (isBlank(text)) continue;
      if (!isUtf8(text)) readable = false;
      else {
        const what = `line ${line} of the batch's file`;
        const { noted } = yield* outlineOf(text, batchLinePlace, limits, what);
        if (noted.size === 0) readable = false;
        for (const model of noted) models.add(model);
      }
      if (line % linesInStep === 0) yield;
    }
  }
  return readable;
}

const linesInStep = 64;
const isBlank = (line: Buffer): boolean => line.length < 64 && line.toString().trim() === "";
