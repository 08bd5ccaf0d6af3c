/**
 * Asciicast: a replay as a terminal recording (asciicast v2), with the pauses
 * that there were, long ones cut. What strangers wrote is escaped before it
 * becomes output: played, the file does nothing to a terminal but show text.
 */
import { colours } from "../output/colour.js";
import { escapeJson, escapeLine } from "../output/escape.js";
import { piecesOf } from "../output/transcript.js";
import type { Format } from "./format.js";
import { byExchange, reviewText } from "./what-happened.js";

const height = 24;
/** Seconds that a pause lasts at most. */
const longestPause = 2;

export const asciicast: Format = async function* (source, { width }) {
  const { session } = source;
  const paint = colours(true);
  const reviews = byExchange(await source.reviews());
  const title = `hoopx ${session.id}${session.title === null ? "" : `: ${escapeLine(session.title)}`}`;
  const header = {
    version: 2,
    width,
    height,
    timestamp: Math.floor(Date.parse(session.startedAt) / 1000),
    idle_time_limit: longestPause,
    title,
    env: { TERM: "xterm-256color" },
  };
  yield lineOf(header);
  let recorded: number | undefined;
  let shown = 0;
  const event = (text: string) => lineOf([round(shown), "o", text.replaceAll("\n", "\r\n")]);

  yield event(
    `${paint.bold(escapeLine(title))}\n${paint.dim(escapeLine(session.process.command))}\n\n`,
  );
  for await (const conversation of source.conversations()) {
    const began = Date.parse(conversation.exchange.startedAt);
    for (const { at, text } of piecesOf(conversation, paint)) {
      const moment = (began + at) / 1000;
      // Exchanges overlap: one that began while another streamed has no pause of its own.
      shown += Math.min(Math.max(0, moment - (recorded ?? moment)), longestPause);
      recorded = Math.max(moment, recorded ?? moment);
      yield event(text);
    }
    for (const review of reviews.get(conversation.exchange.id) ?? []) {
      yield event(`  ${paint.magenta(`◆ ${escapeLine(reviewText(review))}`)}\n\n`);
    }
  }
};

function lineOf(value: unknown): string {
  return `${escapeJson(JSON.stringify(value))}\n`;
}

function round(seconds: number): number {
  return Math.round(seconds * 1e6) / 1e6;
}
