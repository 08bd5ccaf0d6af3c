/**
 * Run notes: what is said while the agent runs. A line goes to stderr as
 * usual. Where the agent has taken the terminal, a line would land in the
 * middle of its screen or input: then the terminal's title says it, and what
 * is still true is said as lines once the agent has ended.
 */
import type { Context } from "../context.js";
import { escapeLine } from "../output/escape.js";
import { terminalIsTaken } from "./terminal-owner.js";

export interface RunNotes {
  /** Says something of the run. */
  note(text: string): void;
  /** Says that something waits for the person, until `settled`. `title`: the same in a few words. */
  waits(key: string, said: { readonly line: string; readonly title: string }): void;
  settled(key: string): void;
  /** The agent has ended: gives the title back, and says what was kept. */
  end(): Promise<void>;
}

export interface RunNotesOptions {
  readonly context: Pick<Context, "note" | "stderr" | "quiet" | "json">;
  /** Absent: as the terminal says. */
  readonly isTaken?: () => Promise<boolean>;
}

// Xterm's control sequences: a window's title, kept on a stack and taken from it again. ST ends a
// title, since BEL would be heard where the sequence is not known.
const keepTitle = "\u001b[22;2t";
const giveTitleBack = "\u001b[23;2t";
const titled = (text: string) => `\u001b]2;${escapeLine(text)}\u001b\\`;

/** Creates the notes of one run. */
export function createRunNotes({ context, isTaken = terminalIsTaken }: RunNotesOptions): RunNotes {
  const { stderr, quiet, json } = context;
  const waiting = new Map<string, string>();
  const kept: string[] = [];
  let hasTitle = false;
  /** One after the other, since asking the terminal takes a moment. */
  let turn = Promise.resolve();

  function inTurn(act: () => Promise<void> | void): void {
    turn = turn.then(act);
  }

  const taken = async () => stderr.isTTY && !quiet && (await isTaken());

  function showTitle(text: string | undefined): void {
    if (text === undefined) {
      if (hasTitle) stderr.write(giveTitleBack);
      hasTitle = false;
      return;
    }
    stderr.write(`${hasTitle ? "" : keepTitle}${titled(`hoopx: ${text}`)}`);
    hasTitle = true;
  }

  return {
    note(text) {
      inTurn(async () => {
        if (!(await taken())) return context.note(text);
        kept.push(text);
        showTitle(text.trim());
      });
    },
    waits(key, { line, title }) {
      inTurn(async () => {
        if (!(await taken())) return json ? undefined : context.note(line);
        waiting.set(key, title);
        showTitle(title);
      });
    },
    settled(key) {
      inTurn(() => {
        if (waiting.delete(key)) showTitle([...waiting.values()].at(-1) ?? kept.at(-1)?.trim());
      });
    },
    async end() {
      inTurn(() => {
        showTitle(undefined);
        for (const text of kept) context.note(text);
      });
      await turn;
    },
  };
}
