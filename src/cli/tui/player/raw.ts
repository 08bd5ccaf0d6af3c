/**
 * Raw: an exchange's frames as lines, as they were recorded: when each came,
 * its bytes as text, nothing left out but what is beyond the limit, which is
 * said. What is no UTF-8 is shown as far as it can be.
 */
import type { FrameView } from "../../../contract/record-views.js";
import { wrapCells } from "../../output/cells.js";
import { escapeLine } from "../../output/escape.js";
import { grouped } from "../../output/time.js";
import type { WrappedLine } from "../line-matches.js";

export interface RawLine extends WrappedLine {
  readonly style: "heading" | "text" | "alert";
  /** When its frame came, on its first line. */
  readonly time: string;
}

export const timeWidth = 11;
/** People do not scroll beyond it, and wrapping takes too long. */
const limit = 1_000_000;

/** The lines of the frames, for a width. */
export function rawLines(frames: readonly FrameView[], width: number): readonly RawLine[] {
  const lines: RawLine[] = [];
  const room = Math.max(8, width - timeWidth);
  let kind: FrameView["kind"] | undefined;
  let left = limit;
  let omitted = 0;
  for (const frame of frames) {
    if (frame.kind !== kind) {
      if (kind !== undefined) lines.push({ style: "text", time: "", text: "", offset: 0 });
      const text = `── ${frame.kind.replace("-", " ")}`;
      lines.push({ style: "heading", time: "", text, offset: 0 });
      kind = frame.kind;
    }
    const whole = frame.text ?? Buffer.from(frame.base64 ?? "", "base64").toString();
    const text = whole.slice(0, left);
    omitted += whole.length - text.length;
    left -= text.length;
    if (text === "") continue;
    // The break at its end begins no line of its own.
    const parts = text.replace(/\r?\n$/, "").split(/\r?\n/);
    let time = timeOf(frame.at);
    for (const part of parts) {
      for (const { piece, offset } of wrapCells(escapeLine(part.replaceAll("\t", "  ")), room)) {
        lines.push({ style: "text", time, text: piece, offset });
        time = "";
      }
    }
  }
  if (omitted > 0) {
    const text = `${grouped(omitted)} characters more are not shown`;
    lines.push({ style: "alert", time: "", text, offset: 0 });
  }
  return lines;
}

/** `+1.204 s`. */
function timeOf(milliseconds: number): string {
  return `+${(milliseconds / 1000).toFixed(3)} s`;
}
