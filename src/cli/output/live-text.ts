/**
 * Live text: replies of several exchanges on one terminal, as they come. One
 * of them has the cursor; the others wait for the end of its line, or of a
 * word once enough waits, and then stand in a block of their own. No word is
 * written into another, and everything is escaped.
 */
import type { ChalkInstance } from "chalk";
import type { DeltaEvent } from "../../contract/events.js";
import { escapeBlock, escapeLine } from "./escape.js";
import { cutTo } from "./width.js";

export interface LiveText {
  delta(event: DeltaEvent): void;
  /** The exchange is over: what of it waits is written, and the cursor is at a line's start. */
  end(exchangeId: string): void;
  /** The text that has the cursor leaves its line: something else is to be written. */
  breakLine(): void;
}

export interface LiveTextOptions {
  readonly write: (text: string) => void;
  readonly columns: () => number;
  readonly colours: ChalkInstance;
  /** Names the session before the exchange's place. */
  readonly everySession: boolean;
}

interface Piece {
  readonly turn: string;
  readonly kind: DeltaEvent["kind"];
  role: string | null;
  name: string | null;
  text: string;
  /** What was written of it ended within a line. */
  midLine: boolean;
}

interface Stream {
  readonly place: string;
  readonly waiting: Piece[];
  /** The turn that its last line is of. */
  turn: string | undefined;
  written: number;
}

/** Characters after which a line may be left at the end of a word. */
const block = 240;
/** Characters that wait for no word's end. */
const mostWaiting = 4_000;
/** A word is not longer; text without spaces is not held back. */
const longestWord = 80;
const indent = "    ";

/** Creates an empty screenful. */
export function createLiveText(options: LiveTextOptions): LiveText {
  const { write, colours } = options;
  const streams = new Map<string, Stream>();
  let owner: Stream | undefined;
  let inLine = false;
  let inWord = false;

  function line(stream: Stream, text: string): void {
    leaveLine();
    const place = escapeLine(stream.place);
    const room = Math.max(8, options.columns() - place.length - 2);
    write(`${colours.cyan(place)}  ${colours.dim(cutTo(escapeLine(text), room))}\n`);
  }

  function leaveLine(): void {
    if (inLine) write("\n");
    inLine = false;
    inWord = false;
  }

  /** Gives the cursor to an exchange; its next text stands below a line that says whose it is. */
  function take(stream: Stream): void {
    if (owner === stream) return;
    leaveLine();
    owner = stream;
    stream.turn = undefined;
    stream.written = 0;
  }

  function say(stream: Stream, piece: Piece, given: string): void {
    // A line that goes on further down does so with a word.
    const text = stream.turn !== piece.turn && piece.midLine ? given.trimStart() : given;
    if (text === "") return;
    piece.midLine = !text.endsWith("\n");
    if (stream.turn !== piece.turn) {
      line(stream, piece.role ?? piece.kind);
      stream.turn = piece.turn;
    }
    const lead = inLine ? "" : indent;
    const body = escapeBlock(text).replaceAll("\n", `\n${indent}`);
    write(lead + (body.endsWith(`\n${indent}`) ? body.slice(0, -indent.length) : body));
    stream.written += text.length;
    inLine = !text.endsWith("\n");
    inWord = !/\s$/.test(text);
  }

  /** Writes what waits of the exchange that has the cursor; all of it where it is over. */
  function drain(stream: Stream, over: boolean): void {
    for (;;) {
      const [piece] = stream.waiting;
      if (piece === undefined) return;
      const closed = over || stream.waiting.length > 1;
      if (piece.kind === "tool-call") {
        // Its arguments come in pieces too: a line once they are there.
        if (!closed) return;
        line(stream, `calls ${piece.name ?? "a tool"} ${piece.text}`);
        stream.turn = undefined;
      } else {
        const whole = piece.kind === "note" ? `[${piece.text}]` : piece.text;
        if (piece.kind === "note" && !closed) return;
        const length = closed ? whole.length : sayable(whole);
        say(stream, piece, whole.slice(0, length));
        piece.text = whole.slice(length);
        if (!closed) return;
        leaveLine();
      }
      stream.waiting.shift();
    }
  }

  /** How much of a text that goes on may be written: no half character, beside others no half word. */
  function sayable(text: string): number {
    const whole = text.length - (/[\ud800-\udbff\r]$/.exec(text)?.[0].length ?? 0);
    if (streams.size === 1) return whole;
    const word = /\S*$/.exec(text.slice(0, whole))?.[0].length ?? 0;
    return word > longestWord ? whole : whole - word;
  }

  const size = (stream: Stream) => stream.waiting.reduce((sum, { text }) => sum + text.length, 0);

  function mayLeave(current: Stream, next: Stream): boolean {
    const waits = size(next);
    if (!inLine || waits > mostWaiting) return true;
    return !inWord && (current.written >= block || waits >= block);
  }

  function pump(): void {
    // Each has its turn once: what comes later comes with its own event.
    for (let turns = streams.size; turns > 0; turns -= 1) {
      if (owner !== undefined) drain(owner, false);
      const next = [...streams.values()].find((each) => each !== owner && sayableOf(each) > 0);
      if (next === undefined) return;
      if (owner !== undefined && !mayLeave(owner, next)) return;
      take(next);
    }
    if (owner !== undefined) drain(owner, false);
  }

  function sayableOf({ waiting: [first, second] }: Stream): number {
    if (first === undefined) return 0;
    if (second !== undefined) return first.text.length + 1;
    return first.kind === "message" ? sayable(first.text) : 0;
  }

  return {
    delta({ exchange, turn, kind, role, name, text }) {
      let stream = streams.get(exchange.id);
      if (stream === undefined) {
        const session = options.everySession ? `${exchange.sessionId ?? "no session"} ` : "";
        stream = {
          place: `${session}#${exchange.seq}`,
          waiting: [],
          turn: undefined,
          written: 0,
        };
        streams.set(exchange.id, stream);
      }
      const known = stream.waiting.find((piece) => piece.turn === turn);
      if (known === undefined)
        stream.waiting.push({ turn, kind, role, name, text, midLine: false });
      else {
        known.text += text;
        known.name = name ?? known.name;
      }
      pump();
    },

    end(exchangeId) {
      const stream = streams.get(exchangeId);
      if (stream !== undefined) {
        take(stream);
        drain(stream, true);
        streams.delete(exchangeId);
        owner = undefined;
      }
      this.breakLine();
    },

    breakLine() {
      leaveLine();
      if (owner !== undefined) owner.turn = undefined;
    },
  };
}
