/**
 * Parse: values of options, read strictly. An error names the option, what it
 * takes and, where that is too short to be a key in the wrong place, what it
 * was given.
 */
import type { ApproveReview } from "../contract/routes.js";
import { shortestKey } from "../contract/short-key.js";
import { type CliError, usage } from "./cli-error.js";
import { secondsOf } from "./output/time.js";

/** A number, with what stands behind it, or a word: no key begins so and ends this soon. */
const harmless = /^(?:[+-]?\d[\w.,:+-]*|[a-z]+)$/i;

/** `, not 5`: what was given, as a sentence goes on; empty where it could be a key. */
export function notThis(given = ""): string {
  return given.length < shortestKey && harmless.test(given) ? `, not ${given}` : "";
}

/** `--ttl takes a duration such as 30m, not 5`: the usage error of a value that an option does not take. */
function wrongValue(option: string, takes: string, text: string, example: string): CliError {
  return usage(`${option} takes ${takes}${notThis(text)}`, `write ${option} ${example}`);
}

/** Reads a duration, as seconds. */
export function parseDuration(option: string, example = "30m"): (text: string) => number {
  return (text) => {
    const seconds = secondsOf(text);
    if (seconds !== undefined) return seconds;
    throw wrongValue(option, "a number with a unit (s, m, h, d or w)", text, example);
  };
}

/** A moment as ISO 8601: so long before `now`, or a date. */
export function parseSince(text: string, now: Date): string {
  const seconds = secondsOf(text);
  const moment = seconds === undefined ? new Date(text) : new Date(now.getTime() - seconds * 1000);
  // `new Date("1")` is a date of 2001: only what starts like ISO 8601 counts.
  if ((seconds !== undefined || /^\d{4}-\d\d/.test(text)) && !Number.isNaN(moment.getTime())) {
    return moment.toISOString();
  }
  throw wrongValue("--since", "a duration (2h, 7d) or a date (2026-01-31)", text, "7d");
}

/** Reads a whole number from 1 up. */
export function parseCount(option: string, example = "20"): (text: string) => number {
  return (text) => {
    if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
    throw wrongValue(option, "a whole number from 1 up", text, example);
  };
}

/** Reads an amount of US dollars. */
export function parseDollars(text: string): number {
  if (/^\d{1,9}(\.\d{1,6})?$/.test(text)) return Number(text);
  throw wrongValue("--cost-over", "an amount in US dollars", text, "0.50");
}

/** Reads the factor of `--speed`. */
export function parseSpeed(text: string): number {
  const factor = Number(text);
  if (/^\d+(\.\d+)?$/.test(text) && factor > 0 && factor <= 1000) return factor;
  throw wrongValue("--speed", "a number above 0, up to 1000", text, "2");
}

/** The longest time that the daemon remembers an answer for, seconds. */
const week = 7 * 24 * 3600;

/** Reads `--for`: `once`, `session` or a duration. */
export function parseScope(text: string): Pick<ApproveReview, "for" | "seconds"> {
  if (text === "once" || text === "session") return { for: text };
  const seconds = secondsOf(text);
  if (seconds === undefined) {
    throw wrongValue("--for", "once, session or a duration such as 15m", text, "15m");
  }
  if (seconds > week) throw wrongValue("--for", "seven days at most", text, "7d");
  return { for: "time", seconds };
}

/** Reads `--reveal`: `all`, or numbers of pieces such as `1,3`. */
export function parsePieces(text: string): true | readonly number[] {
  if (text === "all") return true;
  const numbers = text.split(",");
  if (numbers.every((number) => /^[1-9]\d{0,4}$/.test(number))) return numbers.map(Number);
  throw wrongValue("--reveal", "all, or numbers of hidden pieces", text, "1,3");
}

/** Reads `--label k=v …`; later ones win. */
export function parseLabels(texts: readonly string[]): Record<string, string> {
  const labels: Record<string, string> = {};
  for (const text of texts) {
    const [, key, value] = /^([A-Za-z0-9._/-]{1,64})=(.*)$/s.exec(text) ?? [];
    if (key === undefined || value === undefined) {
      throw wrongValue("--label", "a key and a value", text, "team=support");
    }
    labels[key] = value;
  }
  return labels;
}

/** Reads a number from 0 up, as budgets count. */
export function parseAmount(option: string): (text: string) => number {
  return (text) => {
    if (/^\d{1,12}(\.\d{1,6})?$/.test(text)) return Number(text);
    throw wrongValue(option, "a number from 0 up", text, "1000");
  };
}
