/** The screen: as many lines as the terminal has, none wider, nothing raw, the same words without colour. */
import { expect, test } from "vitest";
import { colours } from "../../../../src/cli/output/colour.js";
import { widthOf } from "../../../../src/cli/output/width.js";
import { paint } from "../../../../src/cli/tui/full-screen.js";
import {
  emptyInbox,
  type InboxEvent,
  type InboxState,
} from "../../../../src/cli/tui/inbox/inbox-state.js";
import { reduce } from "../../../../src/cli/tui/inbox/reduce.js";
import { screenOf } from "../../../../src/cli/tui/inbox/screen.js";
import { reviewView } from "../../support/fake-reviews.js";
import { sampleReviews } from "../../support/sample-reviews.js";

const now = new Date("2026-11-24T10:00:00.000Z");
const plain = colours(false);

function stateOf(columns: number, lines: number, events: readonly InboxEvent[]): InboxState {
  let state = emptyInbox(columns, lines, now.getTime());
  for (const [at, event] of [{ type: "linked" } as const, ...events].entries()) {
    state = reduce(state, event, now.getTime() + 1_000 * (at + 1)).state;
  }
  return state;
}

const key = (name: string): InboxEvent => ({ type: "key", key: name });
const samples = sampleReviews(now);
const list: InboxEvent = { type: "listed", reviews: samples };
const [, shell] = samples;
if (shell === undefined) throw new Error("no sample");
const situations: readonly (readonly [string, readonly InboxEvent[]])[] = [
  ["nothing", []],
  ["list", [list]],
  ["open", [list, { type: "read", detail: shell }, key("j"), key("enter")]],
  ["search", [list, { type: "read", detail: shell }, key("j"), key("/"), key("d"), key("enter")]],
  ["deny", [list, key("d"), { type: "paste", text: "no \u202e日本語 ".repeat(40) }]],
  [
    "refused key",
    [list, { type: "changed", review: { ...shell, status: "denied" } }, key("j"), key("d")],
  ],
  ["confirm", [list, { type: "read", detail: shell }, key("j"), key("enter"), key("s")]],
  ["help", [list, key("?")]],
  ["filter", [list, key("f"), key("z")]],
  ["lost", [list, { type: "lost", reason: "the daemon \u001b[31mstopped" }]],
  ["refused", [list, key("d"), key("enter"), { type: "refused", message: "not \u0007 yours" }]],
];

test.each(situations)("%s: fits every size and shows nothing raw", (_, events) => {
  for (const columns of [1, 20, 49, 50, 60, 79, 80, 120, 200]) {
    for (const lines of [1, 5, 10, 17, 24, 40, 60]) {
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

test("too small a screen says so and how large it must be", () => {
  expect(screenOf(stateOf(49, 24, [list]), plain).slice(0, 2)).toEqual([
    "too small",
    "hoopx approve needs 50×10, this is 49×24",
  ]);
});

test("colours are of those that no theme lets vanish", () => {
  for (const [, events] of situations) {
    const codes = screenOf(stateOf(100, 40, events), colours(true))
      .join("")
      .matchAll(/\u001b\[(\d+)m/g);
    for (const [, code] of codes) {
      // Bold, dim, underline, inverse; red, green, cyan; their ends.
      expect(["1", "2", "4", "7", "31", "32", "36", "22", "24", "27", "39"]).toContain(code);
    }
  }
});

test("five hundred pending: only what is seen is drawn, and the selection is always seen", () => {
  let drawn = 0;
  const reviews = Array.from({ length: 500 }, (_, at) => {
    const id = `rev_${String(at).padStart(3, "0")}`;
    const review = reviewView(id, { createdAt: new Date(now.getTime() + at).toISOString() });
    const process = Object.defineProperty({ ...review.process }, "command", {
      get() {
        drawn += 1;
        return `agent ${id}`;
      },
    });
    return { ...review, process };
  });
  let state = stateOf(100, 24, [{ type: "listed", reviews }]);
  const rows = () => screenOf(state, plain).filter((line) => line.includes("agent rev_")).length;
  for (const name of ["G", "k", "pageup", "g", "j", "pagedown", "pagedown"]) {
    state = reduce(state, key(name), now.getTime() + 9_000).state;
    drawn = 0;
    const screen = screenOf(state, plain);
    expect(drawn).toBeLessThanOrEqual(9);
    const selected = screen.filter((line) => line.startsWith("›"));
    expect(selected).toHaveLength(1);
  }
  expect(rows()).toBeGreaterThan(5);
  expect(screenOf(state, plain)[0]).toContain("500 reviews pending");
});

test("painting writes what differs, at its place; a new screen is drawn whole", () => {
  expect(paint(undefined, ["a", "b"])).toBe(
    "\u001b[?2026h\u001b[2J\u001b[1;1H\u001b[2Ka\u001b[2;1H\u001b[2Kb\u001b[?2026l",
  );
  expect(paint(["a", "b"], ["a", "c"])).toBe("\u001b[?2026h\u001b[2;1H\u001b[2Kc\u001b[?2026l");
  expect(paint(["a", "b"], ["a", "b"])).toBe("");
});
