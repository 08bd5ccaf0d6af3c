/**
 * Prompter: asks a person for a secret without showing it, or for a yes. The
 * terminal is in raw mode only while it asks, and is given back however it ends.
 */
import { CliError } from "./cli-error.js";
import type { Output } from "./terminal.js";

export interface Prompter {
  /** Is there a person to ask? */
  readonly interactive: boolean;
  /** Asks for one line that is not shown. */
  hidden(question: string): Promise<string>;
  /** Asks for one key; only `y` is a yes. */
  confirm(question: string): Promise<boolean>;
}

export interface PrompterOptions {
  readonly interactive: boolean;
  readonly stderr: Output;
}

/** Creates the prompter for the terminal that this process reads from. */
export function createPrompter({ interactive, stderr }: PrompterOptions): Prompter {
  async function ask<Answer>(
    question: string,
    read: (terminal: NodeJS.ReadStream) => Promise<Answer>,
  ): Promise<Answer> {
    const terminal = process.stdin;
    terminal.setRawMode(true);
    terminal.setEncoding("utf8");
    try {
      // Only now: an answer that comes at once must not be echoed.
      stderr.write(question);
      return await read(terminal);
    } finally {
      terminal.setRawMode(false);
      // Else the open terminal would keep the process alive.
      terminal.pause();
      stderr.write("\n");
    }
  }

  return {
    interactive,
    hidden: (question) => ask(`${question}: `, readLine),
    confirm: (question) =>
      ask(`${question} [y/N] `, async (terminal) => {
        const [key = ""] = withoutSequences(await nextChunk(terminal));
        if (key > " ") stderr.write(key);
        return key.toLowerCase() === "y";
      }),
  };
}

/** What is typed next; empty at the terminal's end. */
function nextChunk(terminal: NodeJS.ReadStream): Promise<string> {
  return new Promise((resolve) => {
    const settle = (chunk = "") => {
      terminal.off("data", settle);
      terminal.off("end", settle);
      resolve(chunk);
    };
    terminal.on("data", settle);
    terminal.on("end", settle);
    terminal.resume();
  });
}

function readLine(terminal: NodeJS.ReadStream): Promise<string> {
  return new Promise((resolve, reject) => {
    let line = "";
    const finish = (settle: () => void) => {
      terminal.off("data", read);
      terminal.off("end", cancel);
      settle();
    };
    const cancel = () =>
      finish(() =>
        reject(new CliError("cancelled", "cancelled", "nothing was changed", { exitCode: 130 })),
      );
    function read(chunk: string) {
      for (const key of withoutSequences(chunk)) {
        if (key === "\r" || key === "\n") return finish(() => resolve(line));
        if (key === "\u0003" || (key === "\u0004" && line === "")) return cancel();
        if (key === "\u007f" || key === "\b") line = [...line].slice(0, -1).join("");
        else if (key === "\u0015") line = "";
        else if (key >= " ") line += key;
      }
    }
    terminal.on("data", read);
    terminal.on("end", cancel);
    terminal.resume();
  });
}

/** Drops arrow keys and the marks that some terminals put around what is pasted. */
function withoutSequences(chunk: string): string {
  return chunk.replace(/\u001b(\[[0-9;]*[A-Za-z~]|O.)/g, "");
}
