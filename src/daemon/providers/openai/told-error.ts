/**
 * Told error: does a reply of a good status tell of an error? Providers do so
 * once a stream has begun: an error event, `response.failed`, a body that is
 * an error. Only a line that has the word in plain quotes, where no text of a
 * model can put it, is parsed.
 */
import { isRecord } from "../../formats/json/shapes.js";

const words = ['"error"', '"response.failed"'].map((word) => Buffer.from(word));
/** In most replies the word only names a member that is null. */
const likely = /"error"\s*:\s*\{|"type"\s*:\s*"(?:error|response\.failed)"/;

/** Does this line of a stream, or this body, tell of an error? */
export function tellsError(line: Buffer): boolean {
  return words.some((word) => line.includes(word)) && isError(line.toString());
}

function isError(line: string): boolean {
  if (!likely.test(line)) return false;
  const value = parsed(line.replace(/^data:/, ""));
  if (!isRecord(value)) return false;
  const { type, object, status, error } = value;
  if (type === "error" || type === "response.failed") return true;
  if (!isRecord(error)) return false;
  // A response in JSON always has the member.
  return object === undefined || (object === "response" && status === "failed");
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
