/**
 * Masked events: the events of a stream in their order, each held until all
 * texts in it are settled. What is changed is written in the event it came in;
 * an event with nothing to change leaves as the very bytes that came. What the
 * stream says again at its end agrees with what was streamed.
 */
import type { TextStream } from "../../masking/masking.js";
import type { FoundCounts } from "../../masking/text/found-counts.js";
import type { LogicalMasking } from "../../masking/text/logical-text.js";
import {
  openRestoredText,
  type Restore,
  type RestoredText,
  restoredText,
} from "../../masking/text/restored-text.js";
import { Refusal } from "../../model/refusal.js";
import type { PieceText, TextPiece } from "../../providers/text-reader.js";

export interface MaskedEventsOptions {
  readonly masking: LogicalMasking;
  readonly counts: FoundCounts;
  /** Absent: the agent gets what is recorded. */
  readonly restore?: Restore | undefined;
  /**
   * `delivered` where the agent gets other bytes than the record; `last` where the provider says
   * nothing more after this.
   */
  readonly deliver: (recorded: Buffer, delivered?: Buffer, last?: boolean) => void;
}

export interface MaskedEvents {
  /** Throws where an event must not pass, and none after it may. */
  take(pieces: Iterable<TextPiece>): void;
  end(): void;
}

/** An event on its way. */
interface Waiting {
  readonly piece: TextPiece;
  /** What its texts are in the record, and to the agent. */
  readonly made: string[];
  readonly shown: string[];
  open: number;
}

type Slot = readonly [event: Waiting, index: number];

interface Logical {
  readonly stream: TextStream;
  readonly restored: RestoredText | undefined;
  readonly slots: Slot[];
  readonly shownSlots: Slot[];
  ended: boolean;
}

/** Bytes of events that may wait for one that is not settled. */
const heldLimit = 32 << 20;

const none: readonly string[] = [];

const cleanKey = ({ name, text }: PieceText) => `${name}:${text}`;

/** Creates an empty queue of events. */
export function createMaskedEvents(options: MaskedEventsOptions): MaskedEvents {
  const { masking, counts, restore, deliver } = options;
  const logical = new Map<string, Logical>();
  const open = new Set<string>();
  /** Whole texts whose findings are counted: the API says some of them several times. */
  const counted = new Set<string>();
  /** Short ones that hold nothing: the API says the model's name in each chunk. */
  const clean = new Set<string>();
  /** Those that a reader says again as the very same. */
  const known = new WeakSet<PieceText>();
  const queue: Waiting[] = [];
  let bytes = 0;

  /**
   * Nearly every event goes on with one text, holds nothing and waits for nothing: it leaves at
   * once. False where it is not such an event; nothing was done with it then.
   */
  function passes(piece: TextPiece): boolean {
    if (queue.length > 0 || restore !== undefined || piece.ends.length > 0) return false;
    if (piece.last === true || (piece.names ?? none).length > 0) return false;
    let going: PieceText | undefined;
    for (const text of piece.texts) {
      if (text.role !== "delta") {
        if (!known.has(text)) return false;
      } else if (going === undefined) going = text;
      else return false;
    }
    const entry = going && logical.get(going.of);
    if (going === undefined || entry === undefined || entry.ended || entry.stream.held() > 0) {
      return false;
    }
    const { stream, slots } = entry;
    stream.push(going.text);
    const settled = stream.settled();
    if (settled.length === 1 && settled[0] === going.text) {
      deliver(piece.bytes);
      return true;
    }
    const event: Waiting = { piece, made: [], shown: [], open: 1 };
    for (const [at, text] of piece.texts.entries()) {
      event.made[at] = text.text;
      event.shown[at] = text.text;
    }
    slots.push([event, piece.texts.indexOf(going)]);
    queue.push(event);
    bytes += piece.bytes.length;
    placed(entry, settled);
    release();
    return true;
  }

  function goOn({ text, of, name }: PieceText, slot: Slot): void {
    let entry = logical.get(of);
    if (entry === undefined || entry.ended) {
      const restored = restore && openRestoredText(restore);
      entry = { stream: masking.open(name), restored, slots: [], shownSlots: [], ended: false };
      logical.set(of, entry);
      open.add(of);
    }
    slot[0].open += 1;
    entry.slots.push(slot);
    entry.stream.push(text);
    drain(entry);
  }

  function drain(entry: Logical): void {
    placed(entry, entry.stream.settled());
  }

  function placed({ restored, slots, shownSlots }: Logical, settled: readonly string[]): void {
    for (const text of settled) {
      const slot = slots.shift();
      if (slot === undefined) throw new Error("more was settled than was pushed");
      const [event, index] = slot;
      event.made[index] = text;
      // An empty piece has nothing to be put back.
      if (restored === undefined || text === "") {
        event.shown[index] = text;
        event.open -= 1;
        continue;
      }
      shownSlots.push(slot);
      restored.push(text);
    }
    for (const text of restored?.settled() ?? []) {
      const [event, index] = shownSlots.shift() as Slot;
      event.shown[index] = text;
      event.open -= 1;
    }
  }

  function finish(prefix: string): void {
    for (const of of open) {
      if (!of.startsWith(prefix)) continue;
      open.delete(of);
      const entry = logical.get(of) as Logical;
      entry.ended = true;
      entry.stream.end();
      drain(entry);
      entry.restored?.end();
      drain(entry);
      if (entry.slots.length > 0) throw new Error("a text ended and was not settled");
      // What log probabilities spell is what the text beside them says.
      if (!of.endsWith("#")) counts.add(entry.stream.counts());
    }
  }

  /** Texts that are all here: what each of them is, in the record. */
  function wholes(texts: readonly PieceText[]): readonly string[] {
    const made = new Map<PieceText, string>();
    for (const one of texts) {
      const said = one.role === "repeat" ? logical.get(one.of) : undefined;
      if (said?.ended) made.set(one, said.stream.repeat(one.text));
      else if (clean.has(cleanKey(one))) {
        made.set(one, one.text);
        known.add(one);
      }
    }
    const unknown = texts.filter((one) => !made.has(one));
    for (const [at, masked] of masking.maskMany(unknown).entries()) {
      const one = unknown[at] as PieceText;
      made.set(one, masked?.text ?? one.text);
      if (masked === undefined) {
        known.add(one);
        if (one.text.length < 256 && clean.size < 1000) clean.add(cleanKey(one));
      } else if (!counted.has(one.text)) {
        counted.add(one.text);
        // What is still streamed is counted there.
        if (!logical.has(one.of)) counts.add(masked.counts);
      }
    }
    return texts.map((one) => made.get(one) ?? one.text);
  }

  function takeOne(piece: TextPiece): void {
    for (const name of piece.names ?? none) masking.checkName(name);
    const event: Waiting = { piece, made: [], shown: [], open: 0 };
    queue.push(event);
    bytes += piece.bytes.length;
    for (const [index, text] of piece.texts.entries()) {
      if (text.role === "delta") goOn(text, [event, index]);
    }
    for (const prefix of piece.ends) finish(prefix);
    const places = [...piece.texts.keys()].filter((at) => piece.texts[at]?.role !== "delta");
    if (places.length === 0) return;
    const made = wholes(places.map((at) => piece.texts[at] as PieceText));
    for (const [index, at] of places.entries()) {
      const text = made[index] ?? "";
      event.made[at] = text;
      event.shown[at] = restore === undefined ? text : restoredText(text, restore);
    }
  }

  function release(): void {
    for (let next = queue[0]; next !== undefined && next.open === 0; next = queue[0]) {
      queue.shift();
      bytes -= next.piece.bytes.length;
      leave(next);
    }
    if (bytes > heldLimit) {
      throw new Refusal(
        "reply_unreadable",
        `over ${heldLimit} bytes of the reply wait for one text`,
      );
    }
  }

  function leave({ piece, made, shown }: Waiting): void {
    const same = piece.texts.every(({ text }, index) => text === made[index]);
    const recorded = same ? piece.bytes : piece.write(made);
    const alike = shown.every((text, index) => text === made[index]);
    deliver(recorded, alike ? undefined : piece.write(shown), piece.last === true);
  }

  return {
    take(pieces) {
      for (const piece of pieces) {
        if (passes(piece)) continue;
        takeOne(piece);
        release();
      }
    },
    end() {
      finish("");
      release();
      if (queue.length > 0) throw new Error("the reply ended and was not settled");
    },
  };
}
