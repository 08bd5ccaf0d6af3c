/** What ink makes of the lines: the same lines, each in its place, cut and never wrapped. */
import { EventEmitter } from "node:events";
import { cleanup, render } from "ink-testing-library";
import { createElement } from "react";
import { afterEach, expect, test } from "vitest";
import { openDrawing, ScreenView } from "../../../src/cli/tui/drawing.js";
import { openFullScreen } from "../../../src/cli/tui/full-screen.js";

afterEach(cleanup);

test("a line a line, empty ones too, colour kept, what is too wide cut", () => {
  const lines = ["one", "", "\u001b[1m日本語\u001b[22m", "x".repeat(60), "end"];
  const { lastFrame, rerender } = render(createElement(ScreenView, { lines, columns: 40 }));
  expect(lastFrame()?.split("\n")).toEqual([
    "one",
    "",
    "\u001b[1m日本語\u001b[22m",
    `${"x".repeat(39)}…`,
    "end",
  ]);
  rerender(createElement(ScreenView, { lines: ["two", "three"], columns: 40 }));
  expect(lastFrame()).toBe("two\nthree");
});

test("a drawing is a frame of the size it is for, at once, another size too", () => {
  const frames: (readonly string[])[] = [];
  const drawing = openDrawing((lines) => frames.push(lines));
  drawing.draw({ lines: ["a", "", "c", ""], columns: 30 });
  drawing.draw({ lines: ["y".repeat(50), "z"], columns: 50 });
  expect(frames).toEqual([
    ["a", "", "c", ""],
    ["y".repeat(50), "z"],
  ]);
  drawing.close();
});

function fakeTerminal() {
  const written: string[] = [];
  const modes: boolean[] = [];
  const input = Object.assign(new EventEmitter(), {
    setRawMode: (on: boolean) => void modes.push(on),
    setEncoding: () => {},
    pause: () => {},
  });
  const output = Object.assign(new EventEmitter(), {
    columns: 80,
    rows: 24,
    write: (text: string) => void written.push(text),
  });
  const screen = openFullScreen({
    input: input as unknown as NodeJS.ReadStream,
    output: output as unknown as NodeJS.WriteStream,
    onInput: () => {},
    onResize: () => {},
    onEnd: () => {},
  });
  return { screen, input, written, modes };
}

test.each(["exit", "uncaughtExceptionMonitor"] as const)(
  "the terminal is given back before a crash is told (%s), and once only",
  (event) => {
    const before = process.listeners(event as "exit");
    const { screen, written, modes } = fakeTerminal();
    expect(written.join("")).toContain("\u001b[?1049h");
    const [ours] = process.listeners(event as "exit").filter((each) => !before.includes(each));
    ours?.call(process, 1);
    expect(written.at(-1)).toBe("\u001b[?2004l\u001b[?7h\u001b[?25h\u001b[?1049l");
    expect(modes).toEqual([true, false]);
    const { length } = written;
    screen.draw(["late"]);
    screen.close();
    expect(written).toHaveLength(length);
    expect(process.listeners(event as "exit")).toEqual(before);
  },
);
