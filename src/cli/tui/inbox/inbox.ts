/**
 * Inbox: `hoopx approve` on a terminal. Wires the terminal, the control API
 * and the pure state together, and lasts until the person quits. It survives
 * the daemon: lost, it connects again by itself and asks for the list again.
 */
import { setTimeout as delay } from "node:timers/promises";
import type { ChalkInstance } from "chalk";
import type { ProfileChoice } from "../../../contract/identity-requests.js";
import { CliError } from "../../cli-error.js";
import type { Client } from "../../client.js";
import { openDrawing } from "../drawing.js";
import { openFullScreen } from "../full-screen.js";
import { type Answer, emptyInbox, type InboxEffect, type InboxEvent } from "./inbox-state.js";
import { reduce } from "./reduce.js";
import { screenOf } from "./screen.js";

export interface InboxOptions {
  readonly client: Client;
  /** Who answers. */
  readonly login: ProfileChoice;
  readonly input: NodeJS.ReadStream;
  readonly output: NodeJS.WriteStream;
  readonly colours: ChalkInstance;
  readonly now: () => Date;
  /** SIGTERM and its like. */
  readonly signal: AbortSignal;
}

const listLimit = 1_000;
const tickMs = 500;
/** A whole list now and then: nothing that an event missed stays wrong. */
const relistMs = 15_000;
/** Frames that come together are one. */
const frameMs = 8;
/** A daemon that does not answer must not keep the person from leaving. */
const callMs = 30_000;
const retryMs = [250, 500, 1_000, 2_000, 4_000] as const;

/** Shows the inbox; resolves once the person has left and the terminal is theirs again. */
export async function openInbox(options: InboxOptions): Promise<void> {
  const { client, login, input, output, colours, now, signal } = options;
  const ending = new AbortController();
  const over = AbortSignal.any([signal, ending.signal]);
  const size = { columns: output.columns || 80, lines: output.rows || 24 };
  let state = emptyInbox(size.columns, size.lines, now().getTime());
  let frame: NodeJS.Timeout | undefined;
  let reads: Promise<void> = Promise.resolve();

  const screen = openFullScreen({
    input,
    output,
    onInput(inputs) {
      for (const each of inputs) {
        // Twice: not even for an answer under way.
        if (state.quitting && each.type === "key" && each.key === "ctrl-c") ending.abort();
        if (each.type === "key" && each.key === "ctrl-l") screen.redraw();
        happen(each);
      }
    },
    onResize: () => happen({ type: "resized", columns: screen.columns, lines: screen.lines }),
    onEnd: () => ending.abort(),
  });
  const drawing = openDrawing((lines) => screen.draw(lines));

  function happen(event: InboxEvent): void {
    const step = reduce(state, event, now().getTime());
    state = step.state;
    for (const effect of step.effects) perform(effect);
    if (over.aborted) return;
    frame ??= setTimeout(() => {
      frame = undefined;
      drawing.draw({ lines: screenOf(state, colours), columns: state.columns });
    }, frameMs);
  }

  function perform(effect: InboxEffect): void {
    if (effect.type === "quit") ending.abort();
    else if (effect.type === "answer") void answer(effect.answer);
    else if (effect.type === "reveal") void reveal(effect.id, effect.pieces);
    // One after another: a list that vanished must not become a thousand calls at once.
    else reads = reads.then(() => read(effect.id));
  }

  async function answer({ id, ...rest }: Answer): Promise<void> {
    const parts = { path: { id }, signal: limited() };
    try {
      const review =
        rest.kind === "approve"
          ? await client.call("reviewsApprove", { ...parts, body: { ...rest.body, login } })
          : await client.call("reviewsDeny", {
              ...parts,
              body: { ...(rest.comment !== "" && { comment: rest.comment }), login },
            });
      happen({ type: "taken", review });
    } catch (error) {
      happen({ type: "refused", message: messageOf(error) });
      // Another reviewer answered first, or the daemon was lost in between: see how it stands now.
      if (!over.aborted) perform({ type: "read", id });
    }
  }

  async function read(id: string): Promise<void> {
    if (over.aborted) return;
    try {
      const detail = await client.call("reviewsShow", { path: { id }, signal: limited() });
      happen({ type: "read", detail });
    } catch (error) {
      const gone = error instanceof CliError && error.code === "not_found";
      happen({ type: "unread", id, message: messageOf(error), gone });
    }
  }

  async function reveal(id: string, pieces: readonly number[] | undefined): Promise<void> {
    const body = pieces === undefined ? {} : { pieces };
    try {
      const found = await client.call("reviewsReveal", { path: { id }, body, signal: limited() });
      happen({ type: "revealed", id, pieces: found });
    } catch (error) {
      happen({ type: "unrevealed", message: messageOf(error) });
    }
  }

  async function list(): Promise<void> {
    const query = { status: "pending", limit: listLimit };
    const reviews = await client.call("reviewsList", { query, signal: limited() });
    happen({ type: "listed", reviews });
  }

  function limited(): AbortSignal {
    return AbortSignal.any([over, AbortSignal.timeout(callMs)]);
  }

  /** One connection's life: its events, and the list behind them. */
  async function follow(): Promise<void> {
    const lost = new AbortController();
    const query = { only: "reviews" };
    const events = client.stream("events", { query, signal: AbortSignal.any([over, lost.signal]) });
    const iterator = events[Symbol.asyncIterator]();
    let next = iterator.next();
    // Asked for first, so that what opens in between is in one of the two, and often in both.
    next.catch(() => {});
    const lists = (async () => {
      await list();
      happen({ type: "linked" });
      for (let wait = 1_000; ; wait = relistMs) {
        await delay(wait, undefined, { signal: AbortSignal.any([over, lost.signal]) });
        await list();
      }
    })().catch((error: unknown) => {
      if (!lost.signal.aborted) lost.abort(error);
    });
    try {
      for (;;) {
        const { done, value } = await next;
        if (done) break;
        if (value.type === "review.opened" || value.type === "review.changed") {
          happen({ type: "changed", review: value.review });
        } else if (value.type === "stream.closed") break;
        next = iterator.next();
      }
      if (lost.signal.aborted) throw lost.signal.reason;
    } finally {
      lost.abort();
      await lists;
    }
  }

  async function stayLinked(): Promise<void> {
    for (let failures = 0; !over.aborted; ) {
      const began = now().getTime();
      try {
        if (failures > 0) await client.reconnect(over);
        await follow();
        if (over.aborted) return;
        happen({ type: "lost", reason: "the daemon stopped" });
      } catch (error) {
        if (over.aborted) return;
        happen({ type: "lost", reason: messageOf(error) });
      }
      failures = now().getTime() - began > 10_000 ? 1 : failures + 1;
      const wait = retryMs[Math.min(failures, retryMs.length) - 1];
      await delay(wait, undefined, { signal: over }).catch(() => {});
    }
  }

  const ticking = setInterval(() => happen({ type: "tick" }), tickMs);
  happen({ type: "tick" });
  try {
    await stayLinked();
  } finally {
    clearInterval(ticking);
    clearTimeout(frame);
    screen.close();
    drawing.close();
  }
}

function messageOf(error: unknown): string {
  if (error instanceof CliError)
    return error.hint === "" ? error.message : `${error.message} (${error.hint})`;
  if (error instanceof Error && error.name === "TimeoutError") return "the daemon does not answer";
  return error instanceof Error ? error.message : String(error);
}
