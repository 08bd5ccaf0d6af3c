/** The screen: as many lines as the terminal has, none wider, nothing raw, the same words without colour. */
import { expect, test } from "vitest";
import { colours } from "../../../../src/cli/output/colour.js";
import { widthOf } from "../../../../src/cli/output/width.js";
import {
  emptyPlayer,
  type PlayerEvent,
  type PlayerState,
} from "../../../../src/cli/tui/player/player-state.js";
import { reduce } from "../../../../src/cli/tui/player/reduce.js";
import { screenOf } from "../../../../src/cli/tui/player/screen.js";
import { sampleFrames, sampleRun, sampleSession } from "../../support/sample-run.js";
import { conversationView, exchangeView } from "../../support/views.js";

const plain = colours(false);

function stateOf(columns: number, lines: number, events: readonly PlayerEvent[]): PlayerState {
  let state = emptyPlayer({
    ...{ columns, lines, now: 0, session: sampleSession, speed: 1, exchange: null },
  });
  for (const event of events) state = reduce(state, event, state.now + 500).state;
  return state;
}

const key = (name: string): PlayerEvent => ({ type: "key", key: name });
const nasty = "\u001b[31m\u202e日本語 👩‍👩‍👧 ".repeat(30);
const strange = conversationView({
  exchange: exchangeView({ seq: 5, masked: [{ detector: "x\u0007", count: 2 }] }),
  prompt: [
    { kind: "message", role: `user${nasty}`, text: nasty },
    { kind: "tool-call", id: nasty, name: nasty, arguments: nasty },
    { kind: "tool-result", id: nasty, text: `${nasty}\n\t${nasty}` },
    { kind: "note", text: nasty },
  ],
  reply: [
    {
      kind: "message",
      role: "assistant",
      text: nasty,
      deltas: [...nasty].map((text, at) => ({ at, text })),
    },
  ],
});
const read = [...sampleRun, strange].map(
  (conversation): PlayerEvent => ({ type: "read", conversation }),
);
const frames: PlayerEvent = { type: "frames", seq: 5, frames: sampleFrames };
const situations: readonly (readonly [string, readonly PlayerEvent[]])[] = [
  ["nothing", []],
  ["none was recorded", [{ type: "caught-up", live: false }]],
  ["playing", [...read, { type: "tick" }, { type: "tick" }]],
  ["the middle of a text", [...read, key("g"), key("5"), key("enter"), { type: "tick" }]],
  ["end", [...read, key("end")]],
  ["search", [...read, key("/"), { type: "paste", text: "日本" }, key("enter"), key("n")]],
  ["typing", [...read, key("/"), { type: "paste", text: nasty }]],
  ["raw", [...read, key("end"), key("r"), frames]],
  ["no raw", [...read, key("end"), key("r"), { type: "no-frames", seq: 5, message: nasty }]],
  ["help", [...read, key("?")]],
  ["failed", [{ type: "failed", message: nasty }]],
];

test.each(situations)("%s: fits every size and shows nothing raw", (_, events) => {
  for (const columns of [1, 20, 49, 50, 60, 79, 80, 120, 200]) {
    for (const lines of [1, 5, 10, 24, 40]) {
      const state = stateOf(columns, lines, events);
      const screen = screenOf(state, plain);
      expect(screen).toHaveLength(lines);
      for (const line of screen) {
        expect(widthOf(line), `${columns}×${lines}: ${line}`).toBeLessThanOrEqual(columns);
        expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/);
      }
      const coloured = screenOf(state, colours(true));
      expect(coloured.map((line) => line.replace(/\u001b\[\d+m/g, ""))).toEqual(screen);
    }
  }
});

test("a resize lays the page out anew and stays where it was", () => {
  const wide = stateOf(120, 40, [...read, key("g"), key("3"), key("enter")]);
  const narrow = reduce(wide, { type: "resized", columns: 60, lines: 15 }, wide.now).state;
  expect(screenOf(narrow, plain)[2]).toContain("#3 · responses.create");
  expect(narrow.position).toBe(wide.position);
});
