/**
 * Pty: a program in a real pseudo-terminal, its screen read as a person sees
 * it: text after cursor moves, colours and redraws.
 */
import { spawn } from "@lydell/node-pty";
import xterm from "@xterm/headless";
import { hoopxProgram } from "./home.js";

export interface PtyOptions {
  readonly environment: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly columns?: number;
  readonly rows?: number;
}

export interface Pty {
  readonly pid: number;
  /** What the screen shows, scrolled-out lines included, without blank ends. */
  screen(): string;
  /** The screen with how each piece is drawn: `{bold}text{/}`, `{inverse cyan}text{/}`. */
  styled(): string;
  /** Every byte that came, escapes and all. */
  raw(): string;
  type(text: string): void;
  /** Resolves once the screen shows this. */
  shows(text: string | RegExp): Promise<string>;
  resize(columns: number, rows: number): void;
  kill(): void;
  readonly exited: Promise<{ readonly exitCode: number; readonly signal?: number | undefined }>;
}

const colourNames = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"];

function styleOf(cell: xterm.IBufferCell): string {
  return [
    cell.isBold() ? "bold" : "",
    cell.isDim() ? "dim" : "",
    cell.isUnderline() ? "underline" : "",
    cell.isInverse() ? "inverse" : "",
    cell.isFgDefault() ? "" : (colourNames[cell.getFgColor()] ?? `colour ${cell.getFgColor()}`),
    cell.isBgDefault() ? "" : `on ${colourNames[cell.getBgColor()] ?? cell.getBgColor()}`,
  ]
    .filter((name) => name !== "")
    .join(" ");
}

/** Runs `hoopx` in a terminal of 80 by 24, unless said. */
export function openHoopx(args: readonly string[], options: PtyOptions): Pty {
  return openPty(process.execPath, [hoopxProgram, ...args], options);
}

/** Runs any program so. */
export function openPty(command: string, args: readonly string[], options: PtyOptions): Pty {
  const cols = options.columns ?? 80;
  const rows = options.rows ?? 24;
  const terminal = new xterm.Terminal({ cols, rows, scrollback: 10_000, allowProposedApi: true });
  const pty = spawn(command, [...args], {
    name: "xterm-256color",
    cols,
    rows,
    cwd: options.cwd,
    env: { ...options.environment, TERM: "xterm-256color" },
  });
  let raw = "";
  const watchers = new Set<() => void>();
  const tell = () => {
    for (const watcher of [...watchers]) watcher();
  };
  pty.onData((data) => {
    raw += data;
    terminal.write(data, tell);
  });
  // Programs ask the terminal where the cursor is; it answers.
  terminal.onData((data) => pty.write(data));
  let over = false;
  const exited = new Promise<{ exitCode: number; signal?: number | undefined }>((resolve) =>
    pty.onExit((exit) => {
      over = true;
      terminal.write("", () => {
        tell();
        resolve(exit);
      });
    }),
  );

  function screen(): string {
    const buffer = terminal.buffer.active;
    const lines = Array.from(
      { length: buffer.length },
      (_, index) => buffer.getLine(index)?.translateToString(true) ?? "",
    );
    return lines.join("\n").trimEnd();
  }

  function styled(): string {
    const buffer = terminal.buffer.active;
    return Array.from({ length: terminal.rows }, (_, row) => {
      const line = buffer.getLine(buffer.baseY + row);
      const pieces: { style: string; text: string }[] = [];
      for (let column = 0; column < terminal.cols; column += 1) {
        const cell = line?.getCell(column);
        // The second half of a wide character.
        if (cell === undefined || cell.getWidth() === 0) continue;
        const style = styleOf(cell);
        const text = cell.getChars() || " ";
        const last = pieces.at(-1);
        if (last?.style === style) last.text += text;
        else pieces.push({ style, text });
      }
      return pieces
        .map(({ style, text }) => (style === "" ? text : `{${style}}${text}{/}`))
        .join("")
        .trimEnd();
    })
      .join("\n")
      .trimEnd();
  }

  return {
    pid: pty.pid,
    screen,
    styled,
    raw: () => raw,
    type: (text) => pty.write(text),
    shows: (text) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const now = screen();
          if (typeof text === "string" ? now.includes(text) : text.test(now)) resolve(now);
          else if (over) reject(new Error(`ended without ${text}:\n${now}`));
          else return;
          watchers.delete(look);
        };
        watchers.add(look);
        look();
      }),
    resize(columns, height) {
      pty.resize(columns, height);
      terminal.resize(columns, height);
    },
    kill: () => pty.kill("SIGKILL"),
    exited,
  };
}
