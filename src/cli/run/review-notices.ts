/**
 * Review notices: while a run waits for a person, the person is told: a line
 * with the command that lets it go on (the terminal's title, where the agent
 * has a screen of its own there), the terminal's bell, and a notice on the
 * desktop. Once a review; a daemon that restarts is listened to again.
 */
import { spawn } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";
import type { ReviewView } from "../../contract/review-views.js";
import type { Context } from "../context.js";
import { escapeLine } from "../output/escape.js";
import { printJsonLine } from "../output/json.js";
import { ruleNames, subjectOf } from "../output/review.js";
import { cutTo } from "../output/width.js";
import type { RunNotes } from "./run-notes.js";

export interface ReviewNoticesOptions {
  readonly context: Pick<Context, "client" | "environment" | "stderr" | "json" | "quiet">;
  readonly notes: Pick<RunNotes, "waits" | "settled">;
  readonly sessionId: string;
  readonly bell: boolean;
  /** On the desktop. */
  readonly notify: boolean;
  /** Aborted when the run is over. */
  readonly signal: AbortSignal;
}

/** Milliseconds before the daemon is listened to again. */
const pause = 500;
/** Of what a model wrote only a glimpse belongs into a notice. */
const glimpse = 120;

/** Tells of each review of the session until `signal`; never fails. */
export async function announceReviews(options: ReviewNoticesOptions): Promise<void> {
  const { context, sessionId, signal } = options;
  const told = new Set<string>();
  while (!signal.aborted) {
    try {
      const query = { session: sessionId, only: "reviews" };
      for await (const event of context.client.stream("events", { query, signal })) {
        if (event.type === "review.changed" && event.review.status !== "pending") {
          options.notes.settled(event.review.id);
        }
        if (event.type !== "review.opened" || told.has(event.review.id)) continue;
        told.add(event.review.id);
        if (context.json) printJsonLine(context.stderr, event);
        announce(options, event.review);
      }
    } catch {
      // The lease says what is wrong with the daemon, and starts it again.
    }
    await delay(pause, undefined, { signal }).catch(() => {});
  }
}

function announce(options: ReviewNoticesOptions, review: ReviewView): void {
  const { context, notes, bell, notify } = options;
  const what = cutTo(escapeLine(subjectOf(review)), glimpse);
  notes.waits(review.id, {
    line: `${what} waits for a review (${ruleNames(review)}): hoopx approve ${review.id}`,
    title: `waits for a review: hoopx approve ${review.id}`,
  });
  if (bell && context.stderr.isTTY && !context.quiet) context.stderr.write("\u0007");
  if (notify)
    showOnDesktop(context.environment, `${what} waits for a review`, `hoopx approve ${review.id}`);
}

/** What the desktop's own program needs to find it; no key of the person's among them. */
const passedOn = [
  "PATH",
  "HOME",
  "LANG",
  "DISPLAY",
  "WAYLAND_DISPLAY",
  "XDG_RUNTIME_DIR",
  "DBUS_SESSION_BUS_ADDRESS",
];

/** Where there is no desktop, or no such program, nothing happens. */
function showOnDesktop(environment: Context["environment"], title: string, text: string): void {
  const seen = environment.DISPLAY ?? environment.WAYLAND_DISPLAY;
  if (process.platform === "linux" && (seen === undefined || seen === "")) return;
  const commands: Partial<Record<NodeJS.Platform, readonly string[]>> = {
    linux: ["notify-send", "--app-name=hoopx", "--", title, text],
    darwin: [
      "osascript",
      ...["-e", "on run argv"],
      ...["-e", "display notification (item 2 of argv) with title (item 1 of argv)"],
      ...["-e", "end run"],
      ...["--", title, text],
    ],
  };
  const [program, ...words] = commands[process.platform] ?? [];
  if (program === undefined) return;
  const given = passedOn.flatMap((name) => {
    const value = environment[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  const child = spawn(program, words, {
    env: Object.fromEntries(given),
    stdio: "ignore",
    detached: true,
  });
  child.on("error", () => {});
  child.unref();
}
