/**
 * Full screen: the terminal taken over and given back. However the program
 * ends, by a key, a signal or a crash, the person's own screen, cursor and
 * line editing come back, and an error message is printed there.
 */
import { createKeyReader, type Input } from "./keys.js";

export interface FullScreenOptions {
  readonly input: NodeJS.ReadStream;
  readonly output: NodeJS.WriteStream;
  readonly onInput: (inputs: readonly Input[]) => void;
  readonly onResize: () => void;
  /** The terminal is gone, or the program was told to end. */
  readonly onEnd: () => void;
}

export interface FullScreen {
  readonly columns: number;
  readonly lines: number;
  draw(lines: readonly string[]): void;
  /** The next drawing is of all: something else wrote to the terminal. */
  redraw(): void;
  close(): void;
}

/** Alternate screen, no cursor, no automatic wrap, pasted text marked as such. */
const enter = "\u001b[?1049h\u001b[?25l\u001b[?7l\u001b[?2004h";
const leave = "\u001b[?2004l\u001b[?7h\u001b[?25h\u001b[?1049l";
const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
/** After it, an Escape that stands alone is the key. */
const loneEscapeMs = 50;

/** Takes the terminal over. */
export function openFullScreen(options: FullScreenOptions): FullScreen {
  const { input, output, onInput, onResize, onEnd } = options;
  const keys = createKeyReader();
  let shown: readonly string[] | undefined;
  let timer: NodeJS.Timeout | undefined;
  let over = false;

  function read(chunk: string): void {
    clearTimeout(timer);
    const inputs = keys.push(chunk);
    if (keys.waiting) timer = setTimeout(() => onInput(keys.flush()), loneEscapeMs);
    if (inputs.length > 0) onInput(inputs);
  }
  function resized(): void {
    shown = undefined;
    onResize();
  }
  function close(): void {
    if (over) return;
    over = true;
    clearTimeout(timer);
    input.off("data", read).off("end", onEnd).off("error", onEnd);
    output.off("resize", resized);
    for (const name of signals) process.off(name, onEnd);
    process.off("exit", close).off("uncaughtExceptionMonitor", close);
    try {
      input.setRawMode(false);
      output.write(leave);
    } catch {
      // The terminal itself is gone.
    }
    // Else the open terminal would keep the process alive.
    input.pause();
  }

  // A crash prints its message after this, on the person's own screen.
  process.on("exit", close).on("uncaughtExceptionMonitor", close);
  // Not for once: ink's library ends the process where it finds no other listener.
  for (const name of signals) process.on(name, onEnd);
  output.on("resize", resized);
  // The terminal closed under us: there is no one left to tell.
  output.on("error", onEnd);
  input.on("error", onEnd).on("end", onEnd);
  input.setRawMode(true);
  input.setEncoding("utf8");
  output.write(enter);
  input.on("data", read);

  return {
    get columns() {
      return output.columns || 80;
    },
    get lines() {
      return output.rows || 24;
    },
    draw(lines) {
      if (over) return;
      const bytes = paint(shown, lines);
      shown = lines;
      if (bytes !== "") output.write(bytes);
    },
    redraw() {
      shown = undefined;
    },
    close,
  };
}

const beginUpdate = "\u001b[?2026h";
const endUpdate = "\u001b[?2026l";

/**
 * The bytes that turn one screen into the next. Only lines that differ are written, each at its
 * place, in one synchronized update: nothing flickers and nothing scrolls. `before` undefined: the
 * terminal shows something else, all of it is drawn.
 */
export function paint(before: readonly string[] | undefined, after: readonly string[]): string {
  const changed = after.flatMap((line, index) =>
    before?.[index] === line ? [] : [`\u001b[${index + 1};1H\u001b[2K${line}`],
  );
  if (before !== undefined && changed.length === 0) return "";
  const clear = before === undefined ? "\u001b[2J" : "";
  return `${beginUpdate}${clear}${changed.join("")}${endUpdate}`;
}
