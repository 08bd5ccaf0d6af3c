/**
 * `hoopx replay ID`: a session's conversation at the pace at which it happened,
 * or all at once. Long pauses are shortened: there is no model to wait for. On
 * a terminal: the player, whose library is loaded here and only then.
 * `--serve` runs the agent again in place of that (`cli/rerun/`).
 */
import { setTimeout as delay } from "node:timers/promises";
import type { ConversationView } from "../../../contract/views.js";
import { CliError, usage } from "../../cli-error.js";
import type { Context } from "../../context.js";
import { printJsonLine } from "../../output/json.js";
import { piecesOf } from "../../output/transcript.js";
import { refuseStrayOptions } from "../../rerun/options.js";
import type { ServeInput } from "../../rerun/serve.js";
import { compareRuns } from "../../run-diff/compare-runs.js";

interface ReplayInput extends ServeInput {
  readonly diff?: string;
  readonly exchange?: number;
  readonly speed?: number;
  readonly instant?: boolean;
  readonly serve?: boolean;
}

const longestPauseMs = 3_000;
const interruptedCode = 130;

export async function run(context: Context, input: ReplayInput): Promise<number | undefined> {
  if (input.serve === true || (input.command ?? []).length > 0) {
    refuseIgnored(input, "--serve", ["diff", "exchange", "speed", "instant"]);
    const { serve } = await import("../../rerun/serve.js");
    return serve(context, input);
  }
  refuseStrayOptions(input);
  const { client, stdout } = context;
  if (input.diff !== undefined) {
    refuseIgnored(input, "--diff", ["speed", "instant"]);
    return compareRuns(context, input.id, input.diff, input.exchange);
  }
  if (playable(context, input)) return play(context, input);
  const signal = context.interrupted();
  const instant = input.instant === true || (!stdout.isTTY && input.speed === undefined);
  const pause = instant ? undefined : createPauses(input.speed ?? 1, signal);
  const session = await client.call("sessionsShow", { path: { id: input.id } });
  const conversations = client.stream("conversation", {
    path: { id: session.id },
    query: { exchange: input.exchange },
    signal,
  });
  let shown = 0;
  try {
    for await (const conversation of conversations) {
      shown += 1;
      if (context.json) printJsonLine(stdout, conversation);
      else await write(context, conversation, pause);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  if (signal.aborted) {
    if (stdout.isTTY) stdout.write(`${context.colours.reset("")}\n`);
    return interruptedCode;
  }
  if (shown === 0 && input.exchange !== undefined) {
    throw new CliError(
      "not_found",
      `session ${session.id} has no exchange ${input.exchange}`,
      `hoopx sessions show ${session.id}`,
    );
  }
  if (shown === 0) context.note(`session ${session.id} has no exchanges`);
  return undefined;
}

/** An option that would be ignored is a mistake in the command: it is told before anything runs. */
function refuseIgnored(
  input: ReplayInput,
  other: "--serve" | "--diff",
  names: readonly ("diff" | "exchange" | "speed" | "instant")[],
): void {
  const ignored = names.find((name) => input[name] !== undefined);
  if (ignored === undefined) return;
  throw usage(
    `--${ignored} cannot be given with ${other}`,
    "give one of them, or run hoopx replay twice",
  );
}

/** Waits until a moment of the recording, given as milliseconds since the epoch. */
type Pause = (moment: number) => Promise<void>;

/** A person sits there, and the terminal can be drawn on. */
function playable({ json, stdin, stdout, environment }: Context, input: ReplayInput): boolean {
  if (json || input.instant === true || environment.TERM === "dumb") return false;
  return stdin.isTTY && stdout.isTTY;
}

async function play(context: Context, { id, exchange, speed }: ReplayInput): Promise<undefined> {
  const { client, colours } = context;
  // Before the screen is taken: what is amiss here is told as by any other command.
  const session = await client.call("sessionsShow", { path: { id } });
  const { openPlayer } = await import("../../tui/player/player.js");
  await openPlayer({
    client,
    session,
    exchange: exchange ?? null,
    speed: speed ?? 1,
    input: process.stdin,
    output: process.stdout,
    colours,
    monotonic: () => performance.now(),
    signal: context.interrupted(),
  });
}

async function write(
  { stdout, colours }: Context,
  conversation: ConversationView,
  pause: Pause | undefined,
): Promise<void> {
  const began = Date.parse(conversation.exchange.startedAt);
  for (const { at, text } of piecesOf(conversation, colours)) {
    await pause?.(began + at);
    stdout.write(text);
  }
}

function createPauses(speed: number, signal: AbortSignal): Pause {
  let recorded: number | undefined;
  /** When, on this machine's monotonic clock, the moment `recorded` is due. */
  let due: number | undefined;
  return async (moment) => {
    // Exchanges overlap: one that began while another streamed has no pause of its own.
    const gap = Math.max(0, moment - (recorded ?? moment));
    recorded = Math.max(moment, recorded ?? moment);
    // From the first piece on: what came before it was the daemon's time, not the recording's.
    due = (due ?? performance.now()) + Math.min(gap / speed, longestPauseMs);
    const wait = due - performance.now();
    if (wait > 1) await delay(wait, undefined, { signal });
  };
}
