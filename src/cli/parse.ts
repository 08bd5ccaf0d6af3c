/**
 * Parse: values of options, read strictly. An error names the option and what
 * it takes, and never repeats the value: it may be a key in the wrong place.
 */
import type { ApproveReview } from "../contract/routes.js";
import { usage } from "./cli-error.js";
import { parseDuration } from "./output/time.js";

/** Reads a whole number from 1 up. */
export function parseCount(option: string): (text: string) => number {
  return (text) => {
    if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
    throw usage(`${option} takes a whole number from 1 up`, `write ${option} 20`);
  };
}

/** Reads an amount of US dollars. */
export function parseDollars(text: string): number {
  if (/^\d{1,9}(\.\d{1,6})?$/.test(text)) return Number(text);
  throw usage("--cost-over takes an amount in US dollars", "write --cost-over 0.50");
}

/** Reads the factor of `--speed`. */
export function parseSpeed(text: string): number {
  const factor = Number(text);
  if (/^\d+(\.\d+)?$/.test(text) && factor > 0 && factor <= 1000) return factor;
  throw usage("--speed takes a number above 0", "write --speed 2 for twice as fast");
}

/** The longest time that the daemon remembers an answer for, seconds. */
const week = 7 * 24 * 3600;

/** Reads `--for`: `once`, `session` or a duration. */
export function parseScope(text: string): Pick<ApproveReview, "for" | "seconds"> {
  if (text === "once" || text === "session") return { for: text };
  let seconds: number;
  try {
    seconds = parseDuration(text);
  } catch {
    throw usage("--for takes once, session or a duration", "write --for 15m");
  }
  if (seconds > week) throw usage("--for takes seven days at most", "write --for 7d");
  return { for: "time", seconds };
}

/** Reads `--reveal`: `all`, or numbers of pieces such as `1,3`. */
export function parsePieces(text: string): true | readonly number[] {
  if (text === "all") return true;
  const numbers = text.split(",");
  if (numbers.every((number) => /^[1-9]\d{0,4}$/.test(number))) return numbers.map(Number);
  throw usage("--reveal takes all, or numbers of hidden pieces", "write --reveal 1,3");
}

/** Reads `--label k=v …`; later ones win. */
export function parseLabels(texts: readonly string[]): Record<string, string> {
  const labels: Record<string, string> = {};
  for (const text of texts) {
    const [, key, value] = /^([A-Za-z0-9._/-]{1,64})=(.*)$/s.exec(text) ?? [];
    if (key === undefined || value === undefined) {
      throw usage("--label takes a key and a value", "write --label team=support");
    }
    labels[key] = value;
  }
  return labels;
}
