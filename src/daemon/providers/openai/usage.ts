/**
 * Usage: what a reply cost, read off the bytes that stream by: what it states
 * (stated-usage.ts), where its operation is one whose replies state it; and of
 * a reply that states none, the output estimated from the text that came.
 */
import type { Operation } from "../../model/operation.js";
import type { UsageMeter } from "../provider.js";
import { openReplyLines } from "./reply-lines.js";
import { openStatedUsage } from "./stated-usage.js";
import { openStreamedText } from "./streamed-text.js";
import { tellsError } from "./told-error.js";

/**
 * What tells of a model's work that its own request could not wait for. All else that is read or
 * written is a person's or an agent's text, as the content of a file: it states nothing.
 */
const tellsLater = new Set([
  "responses.retrieve",
  "responses.cancel",
  "threads.runs.retrieve",
  "threads.runs.cancel",
  "batches.retrieve",
  "batches.cancel",
]);

/** Opens a meter for one reply. */
export function openMeter(
  operation: Pick<Operation, "action" | "class">,
  contentType: string,
): UsageMeter {
  const type = contentType.toLowerCase();
  const streamed = type.includes("event-stream");
  if (!streamed && !type.includes("json")) {
    return { push() {}, usage: () => null, estimate: () => 0, failed: () => false };
  }
  const works = operation.class === "inference" || operation.class === "unknown";
  const stated = works || tellsLater.has(operation.action) ? openStatedUsage() : undefined;
  let told = false;
  let bytesSeen = 0;
  const streamedText = openStreamedText();
  const lines = openReplyLines(streamed, (line) => {
    told ||= tellsError(line);
    streamedText.line(line);
  });

  return {
    usage: () => stated?.usage() ?? null,
    failed: () => (told ||= tellsError(lines.rest())),
    // A reply that says it is a stream, and is none, is measured as a body.
    estimate: () => (streamed ? streamedText.tokens() : null) ?? Math.ceil(bytesSeen / 4),
    push(chunk) {
      bytesSeen += chunk.byteLength;
      lines.push(chunk);
      stated?.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
    },
  };
}
