/**
 * Told error: does a reply of a good status tell of an error? Providers do so
 * once a stream has begun: an error event, `response.failed`, a body that is
 * an error. Only a line that has the word in plain quotes, where no text of a
 * model can put it, is parsed; at most 64 KB of one are held.
 */
import { isRecord } from "./json.js";

export interface ToldError {
  push(chunk: Uint8Array): void;
  /** Was an error told so far? */
  told(): boolean;
}

const mostHeld = 64 * 1024;
const words = ['"error"', '"response.failed"'].map((word) => Buffer.from(word));
/** In most replies the word only names a member that is null. */
const likely = /"error"\s*:\s*\{|"type"\s*:\s*"(?:error|response\.failed)"/;
const lineEnd = 0x0a;
const none: Buffer = Buffer.alloc(0);

/** Opens the reader for a reply: of a stream each line is an event's, any other body is one. */
export function openToldError(streamed: boolean): ToldError {
  let told = false;
  let held = none;
  let tooLong = false;

  function look(line: Buffer): void {
    if (!told && words.some((word) => line.includes(word))) told = isError(line.toString());
  }

  return {
    push(chunk) {
      if (told) return;
      let bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
      for (let end = streamed ? bytes.indexOf(lineEnd) : -1; end !== -1; ) {
        if (!tooLong) look(held.length === 0 ? bytes.subarray(0, end) : joined(bytes, end));
        held = none;
        tooLong = false;
        bytes = bytes.subarray(end + 1);
        end = bytes.indexOf(lineEnd);
      }
      tooLong ||= held.length + bytes.length > mostHeld;
      held = tooLong ? none : bytes.length === 0 ? held : joined(bytes, bytes.length);
    },
    told() {
      if (!told && held.length > 0) look(held);
      return told;
    },
  };

  function joined(bytes: Buffer, end: number): Buffer {
    return Buffer.concat([held, bytes.subarray(0, end)]);
  }
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
