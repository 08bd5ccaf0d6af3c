/**
 * Drawing: the lines of a full screen as ink draws them. It lays out and cuts;
 * what it makes is handed on as a whole frame, and `full-screen.ts` writes what is
 * different (decision 12).
 */
import { EventEmitter } from "node:events";
import { Box, render, Text } from "ink";
import { createElement, type ReactElement } from "react";

export interface ScreenProps {
  /** All of the screen's, made by `screen.ts`. */
  readonly lines: readonly string[];
  readonly columns: number;
}

/** The whole screen, a text a line. */
export function ScreenView({ lines, columns }: ScreenProps): ReactElement {
  return createElement(
    Box,
    { flexDirection: "column", width: columns, height: lines.length, overflow: "hidden" },
    ...lines.map((line) =>
      // An empty text would have no height.
      createElement(Text, { wrap: "truncate" }, line === "" ? " " : line),
    ),
  );
}

export interface Drawing {
  draw(props: ScreenProps): void;
  close(): void;
}

/** Draws by ink; `frame` gets each frame's lines. */
export function openDrawing(frame: (lines: readonly string[]) => void): Drawing {
  let columns = 80;
  let height = 24;
  const output = Object.assign(new EventEmitter(), {
    isTTY: true,
    write(text: string) {
      // ink hides and shows the cursor by itself; that is the full screen's business.
      if (/^\u001b\[\?25[hl]$/.test(text)) return true;
      const lines = text.split("\n").slice(0, height);
      frame([...lines, ...Array<string>(height - lines.length).fill("")]);
      return true;
    },
  });
  Object.defineProperty(output, "columns", { get: () => columns });
  Object.defineProperty(output, "rows", { get: () => height });
  let app: ReturnType<typeof render> | undefined;

  return {
    draw(props) {
      columns = props.columns;
      height = props.lines.length;
      const view = createElement(ScreenView, props);
      if (app !== undefined) return app.rerender(view);
      app = render(view, {
        stdout: output as unknown as NodeJS.WriteStream,
        // Whole frames, at once, also where CI is set: a person sits there.
        debug: true,
        exitOnCtrlC: false,
        patchConsole: false,
      });
    },
    close() {
      app?.unmount();
    },
  };
}
