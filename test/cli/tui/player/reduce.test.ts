/** What keys and time do to the player: the clock, the seeking, the page. */
import { expect, test } from "vitest";
import { colours } from "../../../../src/cli/output/colour.js";
import {
  emptyPlayer,
  exchangeNow,
  type PlayerEffect,
  type PlayerEvent,
  type PlayerState,
} from "../../../../src/cli/tui/player/player-state.js";
import { reduce } from "../../../../src/cli/tui/player/reduce.js";
import { screenOf } from "../../../../src/cli/tui/player/screen.js";
import { begunAt } from "../../../../src/cli/tui/player/script.js";
import type { ConversationView } from "../../../../src/contract/views.js";
import { sampleFrames, sampleRun, sampleSession } from "../../support/sample-run.js";
import { conversationView, exchangeView } from "../../support/views.js";

const plain = colours(false);
const caughtUp: PlayerEvent = { type: "caught-up", live: false };

interface Player {
  readonly state: PlayerState;
  readonly effects: readonly PlayerEffect[];
  press(...keys: readonly string[]): void;
  send(event: PlayerEvent): void;
  /** So many milliseconds go by, 40 at a time. */
  wait(milliseconds: number): void;
  screen(): string;
}

function playerOf(
  conversations: readonly ConversationView[] = sampleRun,
  start: Partial<Parameters<typeof emptyPlayer>[0]> = {},
): Player {
  let now = 1_000;
  let state = emptyPlayer({
    ...{ columns: 80, lines: 24, now, session: sampleSession, speed: 1, exchange: null },
    ...start,
  });
  const effects: PlayerEffect[] = [];
  const send = (event: PlayerEvent) => {
    const step = reduce(state, event, now);
    state = step.state;
    effects.push(...step.effects);
  };
  for (const conversation of conversations) send({ type: "read", conversation });
  return {
    get state() {
      return state;
    },
    effects,
    send,
    press: (...keys) => {
      for (const key of keys) send({ type: "key", key });
    },
    wait(milliseconds) {
      for (let left = milliseconds; left > 0; left -= 40) {
        now += Math.min(40, left);
        send({ type: "tick" });
      }
    },
    screen: () => screenOf(state, plain).join("\n"),
  };
}

test("it plays at its own pace: text comes word by word, and a pause stops the clock", () => {
  const player = playerOf();
  player.send(caughtUp);
  player.wait(1_000);
  expect(player.screen()).toContain("How is it in Oslo?");
  expect(player.screen()).not.toContain("get_weather");
  player.wait(600);
  expect(player.screen()).toContain("calls get_weather");
  expect(player.screen()).not.toContain("metric");
  player.press(" ");
  const { position } = player.state;
  player.wait(10_000);
  expect(player.state.position).toBe(position);
  expect(player.screen()).toContain("⏸ paused");
  player.press(" ");
  player.wait(3_000);
  expect(player.screen()).toContain("metric");
  expect(player.screen()).toContain("◆ tool call get_weather allowed by rule weather");
});

test("speed: the clock goes as many times as fast, and no further than there are steps", () => {
  const player = playerOf();
  player.send(caughtUp);
  player.press("+", "=");
  player.wait(400);
  expect(player.state.position).toBeCloseTo(1_600, 5);
  player.press("-", "-", "-");
  expect(player.state.speed).toBe(0.5);
  player.press(...Array<string>(20).fill("-"));
  expect(player.state.speed).toBe(0.25);
  expect(player.screen()).toContain("0.25×");
});

test("a program that was stopped has not played meanwhile", () => {
  const player = playerOf();
  const { state } = reduce(player.state, { type: "tick" }, 1_000 + 3_600_000);
  expect(state.position).toBe(1_000);
});

test("pauses longer than three seconds are three", () => {
  const at = (seq: number, startedAt: string) =>
    conversationView({ exchange: exchangeView({ seq, startedAt }) });
  const player = playerOf([at(1, "2026-11-24T09:00:00.000Z"), at(2, "2026-11-24T11:00:00.000Z")]);
  // 1.3 s, the pause, 1.3 s; blocks that begin together are a millisecond apart.
  expect(player.state.script.end).toBeGreaterThan(5_590);
  expect(player.state.script.end).toBeLessThan(5_620);
});

test("turns: → shows the rest of this one, then the next; ← goes back", () => {
  const player = playerOf();
  player.send(caughtUp);
  player.press(" ", "home");
  const block = () => begunAt(player.state.script, player.state.position);
  expect(block()).toBe(2);
  player.press("right");
  expect(block()).toBe(3);
  // Paused, a turn is shown whole.
  expect(player.screen()).toContain("metric");
  player.press("left");
  expect(block()).toBe(2);
  player.press(" ", "right");
  expect(block()).toBe(3);
  expect(player.screen()).not.toContain("metric");
  player.press("right");
  expect(player.screen()).toContain("metric");
});

test("exchanges: ] and [ by one, a number by its place, each with its heading on top", () => {
  const player = playerOf();
  player.send(caughtUp);
  player.press(" ", "]");
  expect(exchangeNow(player.state)).toBe(1);
  expect(player.screen().split("\n")[2]).toContain("#2 · responses.create");
  player.press("[");
  expect(exchangeNow(player.state)).toBe(0);
  player.press("g", "3", "enter");
  expect(exchangeNow(player.state)).toBe(2);
  player.press("shift-right");
  expect(exchangeNow(player.state)).toBe(3);
  player.press("]");
  expect(player.screen()).toContain("this is the end");
  expect(player.screen()).toContain("✗ denied, rule no-files: files are not for agents");
  player.press("9", "enter");
  expect(player.screen()).toContain("there is no exchange 9");
  player.press("2", "x", "escape", "home");
  expect(exchangeNow(player.state)).toBe(0);
});

test("an approved review keeps its reply, and says who asked for it", () => {
  const player = playerOf();
  player.press(" ", "g", "3", "enter", "right", "right");
  expect(player.screen()).toContain("✓ approved by rule large-models (review rev_7k2m)");
  expect(player.screen()).toContain("Done: it is written down.");
});

test("scrolling leaves what plays, and comes back to it at its end", () => {
  const player = playerOf();
  player.send(caughtUp);
  // Five seconds before its end.
  player.press("]", "]", "[");
  player.wait(50_000);
  expect(player.screen()).toContain("take water");
  player.press("up", "pageup");
  expect(player.state.follow).toBe(false);
  expect(player.screen()).toContain("scrolled away");
  const { top } = player.state;
  player.wait(2_000);
  expect(player.state.top).toEqual(top);
  player.press(...Array<string>(10).fill("pagedown"));
  expect(player.state.follow).toBe(true);
  player.press(...Array<string>(30).fill("pageup"));
  expect(player.state.top).toEqual({ block: 0, line: 0 });
  player.press(" ", " ");
  expect(player.state.follow).toBe(true);
  expect(player.screen()).not.toContain("scrolled away");
});

test("search: found in text and in names of tools, round the end, none is said", () => {
  const player = playerOf();
  player.send(caughtUp);
  player.press("/", ..."TOKEN]#1", "enter");
  expect(player.screen()).toMatch(/match 1 of 2/);
  expect(player.screen()).toContain("› ");
  expect(player.state.playing).toBe(false);
  player.press("n");
  expect(player.screen()).toMatch(/match 2 of 2/);
  expect(player.screen()).toContain("#1 was not used.");
  player.press("n");
  expect(player.screen()).toMatch(/match 1 of 2/);
  player.press("N");
  expect(player.screen()).toMatch(/match 2 of 2/);
  player.press("home", "/", ..."get_weather", "enter");
  expect(player.screen()).toMatch(/› {3}╭─ calls get_weather/);
  player.press("/", ..."nothing such", "enter");
  expect(player.screen()).toContain("not found: nothing such");
  player.press("escape");
  expect(player.state.found.matches).toEqual([]);
});

test("raw: asks for the frames of the exchange that plays, shows them with their times", () => {
  const player = playerOf();
  player.send(caughtUp);
  player.press("]", "r");
  expect(player.effects).toEqual([{ type: "frames", seq: 2, id: "exc_2" }]);
  expect(player.screen()).toContain("asking for the frames");
  // What was asked for before is not shown as this one's.
  player.send({ type: "frames", seq: 1, frames: sampleFrames });
  expect(player.screen()).toContain("asking for the frames");
  player.send({ type: "frames", seq: 2, frames: sampleFrames });
  expect(player.screen()).toContain("── request head");
  expect(player.screen()).toContain("+0.000 s POST /v1/responses HTTP/1.1");
  expect(player.screen()).toContain("+1.400 s event: a");
  player.press("r");
  expect(player.screen()).toContain("#2 · responses.create");
  player.press("r");
  player.send({ type: "no-frames", seq: 2, message: "pruned" });
  expect(player.screen()).toContain("not shown: pruned");
});

test("raw: a search in the frames, apart from the one in the conversation", () => {
  const player = playerOf();
  player.send(caughtUp);
  player.press("]", "r");
  player.press("/", ..."event", "enter");
  expect(player.screen()).toContain("searching: event");
  player.send({ type: "frames", seq: 2, frames: sampleFrames });
  player.press("n");
  expect(player.screen()).toMatch(/match 1 of \d/);
  expect(player.screen()).toMatch(/^› .*event/m);
  const first = player.state.raw?.match;
  player.press("n");
  expect(player.screen()).toMatch(/match 2 of \d/);
  player.press("N");
  expect(player.state.raw?.match).toBe(first);
  player.press("/", ..."nothing such", "enter");
  expect(player.screen()).toContain("not found: nothing such");
  // Esc ends the search first, and the view then.
  player.press("escape");
  expect(player.state.raw?.wanted).toBe("");
  player.press("escape");
  expect(player.state.raw).toBeNull();
  expect(player.state.found.wanted).toBe("");
});

test("raw: matches stay where they are when the lines are wrapped anew", () => {
  const player = playerOf();
  player.send(caughtUp);
  player.press("]", "r");
  player.send({ type: "frames", seq: 2, frames: sampleFrames });
  player.press("/", ..."event", "enter");
  const count = new Set(player.state.raw?.matches.map(({ number }) => number)).size;
  player.send({ type: "resized", columns: 60, lines: 24 });
  expect(new Set(player.state.raw?.matches.map(({ number }) => number)).size).toBe(count);
  expect(player.screen()).toMatch(/^› /m);
});

test("--exchange begins there once it was read, and says where there is none", () => {
  const later = playerOf(sampleRun.slice(0, 2), { exchange: 3 });
  later.wait(5_000);
  expect(later.state.position).toBe(0);
  for (const conversation of sampleRun.slice(2)) later.send({ type: "read", conversation });
  expect(exchangeNow(later.state)).toBe(2);
  const none = playerOf(sampleRun, { exchange: 9 });
  none.send(caughtUp);
  expect(none.screen()).toContain("there is no exchange 9");
});

test("a session that goes on: live at its end, then what comes is played", () => {
  const player = playerOf(sampleRun.slice(0, 1));
  player.send({ type: "caught-up", live: true });
  player.wait(6_000);
  expect(player.screen()).toContain("● live");
  const [, second] = sampleRun;
  if (second) player.send({ type: "read", conversation: second });
  expect(player.screen()).toContain("▶ playing");
  player.wait(4_000);
  expect(player.screen()).toContain("get_weather answers · call_1");
  player.send(caughtUp);
  player.press("end");
  expect(player.screen()).toContain("■ end");
  player.press(" ");
  expect(player.state.position).toBe(0);
});

test("reading that fails is said, and what was read can still be seen", () => {
  const player = playerOf(sampleRun.slice(0, 1));
  player.send({ type: "failed", message: "the daemon \u001b[31mstopped" });
  player.press("end");
  expect(player.screen()).toContain("no more can be read: the daemon \\x1b[31mstopped");
  expect(player.screen()).toContain("metric");
});

test("text pasted by the terminal presses nothing; a prompt takes it", () => {
  const player = playerOf();
  player.send({ type: "paste", text: "q q" });
  expect(player.effects).toEqual([]);
  player.press("/");
  player.send({ type: "paste", text: "Oslo\n" });
  player.press("enter");
  expect(player.screen()).toMatch(/match \d+ of \d+/);
});

test("q and Ctrl-C quit, help and raw are left first by q", () => {
  const player = playerOf();
  player.press("?");
  expect(player.screen()).toContain("any key goes back");
  player.press("q", "r", "q");
  expect(player.effects.filter(({ type }) => type === "quit")).toEqual([]);
  player.press("q");
  expect(player.effects.at(-1)).toEqual({ type: "quit" });
  const other = playerOf();
  other.press("/", "ctrl-c");
  expect(other.effects).toEqual([{ type: "quit" }]);
});

test("a hundred thousand deltas: a frame lays out what it shows and no more", () => {
  const deltas = Array.from({ length: 100_000 }, (_, at) => ({ at: at * 10, text: `word${at} ` }));
  const text = deltas.map((delta) => delta.text).join("");
  const long = Array.from({ length: 20 }, (_, at) =>
    conversationView({
      exchange: exchangeView({ seq: at + 1, durationMs: 1_000_000 }),
      reply: at === 0 ? [{ kind: "message", role: "assistant", text, deltas }] : [],
    }),
  );
  const player = playerOf(long);
  let laid = 0;
  const { laying } = player.state;
  const counting = {
    ...player.state,
    laying: (...of: Parameters<typeof laying>) => {
      laid += 1;
      return laying(...of);
    },
  };
  const at = reduce({ ...counting, position: 500_000 }, { type: "tick" }, 2_000).state;
  screenOf(at, plain);
  // A page is of few blocks, however many there are before it.
  expect(laid).toBeLessThan(100);
  expect(screenOf(at, plain).join("\n")).toContain("word50000");
});
