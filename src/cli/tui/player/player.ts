/**
 * Player: `hoopx replay` on a terminal. Wires the terminal, the control API
 * and the pure state together, and lasts until the person quits. A session
 * that still runs is played to where it is, and on as its exchanges end.
 */
import type { ChalkInstance } from "chalk";
import type { SessionView } from "../../../contract/views.js";
import { CliError } from "../../cli-error.js";
import type { Client } from "../../client.js";
import { openDrawing } from "../drawing.js";
import { openFullScreen } from "../full-screen.js";
import { emptyPlayer, type PlayerEffect, type PlayerEvent } from "./player-state.js";
import { readSession } from "./reading.js";
import { reduce } from "./reduce.js";
import { screenOf } from "./screen.js";

export interface PlayerOptions {
  readonly client: Client;
  readonly session: SessionView;
  readonly speed: number;
  /** The exchange to begin with. */
  readonly exchange: number | null;
  readonly input: NodeJS.ReadStream;
  readonly output: NodeJS.WriteStream;
  readonly colours: ChalkInstance;
  /** Milliseconds of a clock that only goes on. */
  readonly monotonic: () => number;
  /** SIGTERM and its like. */
  readonly signal: AbortSignal;
}

const tickMs = 40;
/** Frames that come together are one. */
const frameMs = 8;
const callMs = 30_000;

/** Shows the player; resolves once the person has left and the terminal is theirs again. */
export async function openPlayer(options: PlayerOptions): Promise<void> {
  const { client, session, input, output, colours, monotonic, signal } = options;
  const ending = new AbortController();
  const over = AbortSignal.any([signal, ending.signal]);
  let state = emptyPlayer({
    columns: output.columns || 80,
    lines: output.rows || 24,
    now: monotonic(),
    session,
    speed: options.speed,
    exchange: options.exchange,
  });
  let frame: NodeJS.Timeout | undefined;
  let shown: readonly string[] = [];

  const screen = openFullScreen({
    input,
    output,
    onInput(inputs) {
      for (const each of inputs) {
        if (each.type === "key" && each.key === "ctrl-l") redraw();
        happen(each);
      }
    },
    onResize() {
      redraw();
      happen({ type: "resized", columns: screen.columns, lines: screen.lines });
    },
    onEnd: () => ending.abort(),
  });
  const drawing = openDrawing((lines) => screen.draw(lines));

  function redraw(): void {
    shown = [];
    screen.redraw();
  }

  function happen(event: PlayerEvent): void {
    const step = reduce(state, event, monotonic());
    state = step.state;
    for (const effect of step.effects) perform(effect);
    if (over.aborted) return;
    frame ??= setTimeout(() => {
      frame = undefined;
      const lines = screenOf(state, colours);
      // While it pauses nothing changes, and nothing is laid out.
      if (lines.length === shown.length && lines.every((line, at) => line === shown[at])) return;
      shown = lines;
      drawing.draw({ lines, columns: state.columns });
    }, frameMs);
  }

  function perform(effect: PlayerEffect): void {
    if (effect.type === "quit") ending.abort();
    else void readFrames(effect.seq, effect.id);
  }

  async function readFrames(seq: number, id: string): Promise<void> {
    try {
      const frames = [];
      const path = { id: session.id, exchange: id };
      const limited = AbortSignal.any([over, AbortSignal.timeout(callMs)]);
      for await (const each of client.stream("exchangeFrames", { path, signal: limited })) {
        frames.push(each);
      }
      happen({ type: "frames", seq, frames });
    } catch (error) {
      happen({ type: "no-frames", seq, message: messageOf(error) });
    }
  }

  const ticking = setInterval(() => happen({ type: "tick" }), tickMs);
  happen({ type: "tick" });
  const reading = readSession({ client, session, signal: over, happen }).catch((error: unknown) => {
    if (!over.aborted) happen({ type: "failed", message: messageOf(error) });
  });
  try {
    if (!over.aborted) {
      await new Promise<void>((resolve) => over.addEventListener("abort", () => resolve()));
    }
  } finally {
    clearInterval(ticking);
    clearTimeout(frame);
    screen.close();
    drawing.close();
    await reading;
  }
}

function messageOf(error: unknown): string {
  if (error instanceof CliError)
    return error.hint === "" ? error.message : `${error.message} (${error.hint})`;
  if (error instanceof Error && error.name === "TimeoutError") return "the daemon does not answer";
  return error instanceof Error ? error.message : String(error);
}
