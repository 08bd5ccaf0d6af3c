/**
 * Prompt text: what patterns look at. Texts are made plain first — NFKC, and
 * without characters that take no space — so that a word written with full-
 * width letters or a zero-width joiner is the word that the model reads; what
 * is sent stays as it was (SECURITY P4).
 *
 * A long prompt is looked at in slices that overlap, so that between two of
 * them the daemon can do something else (P5), and none of it is kept: it comes
 * in pieces, and the next look reads it again.
 */
import type { PromptPiece } from "../model/prompt.js";
import { cutPlace, pairCut } from "../model/text-cut.js";

/** Characters a slice has, and how many it shares with the one before: the longest match sure to be found. */
export const sliceLength = 64 * 1024;
export const sliceOverlap = 8 * 1024;

/** A prompt of so few slices is kept as they are. */
const mostKept = 4;

/** What is looked for in a text that PromptText has made plain. */
export interface TextPattern {
  /** As the file has it. */
  readonly source: string;
  readonly kind: "contains" | "matches";
  /** In a text of any length; linear in it. */
  find(text: string, lowered: () => string): boolean;
  /** An anchor ties it to the text's ends: it cannot be looked for in slices. */
  readonly anchored: boolean;
}

export interface PromptText {
  /** Is the pattern in it? Looked for once. */
  has(pattern: TextPattern): boolean;
  /** Looks for all of these in one pass, with a turn of the event loop after each look; `has` knows them from then on. */
  lookFor(patterns: readonly TextPattern[], pause: () => Promise<void>): Promise<void>;
  /** It is more than one slice, or takes a while to read: then only `lookFor` lets others run. */
  readonly long: boolean;
  /** `120 characters`; of a long one, `over 65536 characters`. */
  readonly size: string;
}

/** The text of a prompt whose pieces `read` gives, from the start each time; nothing is read before something is looked for. */
export function promptTextOf(read: () => Iterable<PromptPiece>): PromptText {
  const found = new Map<TextPattern, boolean>();
  const kept: Slice[] = [];
  let slices: Iterator<Slice | undefined> | undefined;
  let first: First | undefined;

  /** Reads the first slices: of most prompts that is all. Undefined where it has read for a while, and goes on when asked again. */
  function begin(): First | undefined {
    while (first === undefined) {
      slices ??= slicesOf(read());
      const { done, value } = nextOf(slices);
      if (done) first = { kept, long: kept.length > 1 };
      else if (value === undefined) return undefined;
      else if (kept.length < mostKept) kept.push(value);
      else {
        kept.length = 0;
        first = { kept: undefined, long: true };
      }
    }
    slices = undefined;
    return first;
  }

  /** The next slice. A reader that throws is over: the next look begins again, and takes no part for the whole. */
  function nextOf(reader: Iterator<Slice | undefined>): IteratorResult<Slice | undefined> {
    let next: IteratorResult<Slice | undefined> | undefined;
    try {
      next = reader.next();
      return next;
    } finally {
      if (next === undefined) {
        slices = undefined;
        kept.length = 0;
      }
    }
  }

  function begun(): First {
    for (;;) {
      const first = begin();
      if (first !== undefined) return first;
    }
  }

  return {
    has(pattern) {
      const known = found.get(pattern);
      if (known !== undefined) return known;
      let has = false;
      for (const slice of begun().kept ?? slicesOf(read())) {
        if (slice === undefined) continue;
        has = pattern.find(slice.text, slice.lowered);
        if (has) break;
      }
      found.set(pattern, has);
      return has;
    },
    async lookFor(patterns, pause) {
      const wanted = new Set(patterns.filter((pattern) => !found.has(pattern)));
      while (begin() === undefined) await pause();
      for (const slice of begun().kept ?? slicesOf(read())) {
        if (wanted.size === 0) return;
        if (slice === undefined) {
          await pause();
          continue;
        }
        for (const pattern of wanted) {
          if (pattern.find(slice.text, slice.lowered)) {
            found.set(pattern, true);
            wanted.delete(pattern);
          }
          await pause();
        }
      }
      for (const pattern of wanted) found.set(pattern, false);
    },
    get long() {
      return begin()?.long ?? true;
    },
    get size() {
      const { kept, long } = begun();
      const [only] = kept ?? [];
      return long ? `over ${sliceLength} characters` : `${only?.text.length ?? 0} characters`;
    },
  };
}

/** A text as patterns see it. */
export function plainText(text: string): string {
  // Most prompts are ASCII, which is plain already.
  if (/^[\x00-\x7f]*$/.test(text)) return text;
  return withoutIgnorable(text).normalize("NFKC");
}

function withoutIgnorable(text: string): string {
  return text.replace(/\p{Default_Ignorable_Code_Point}+/gu, "");
}

/** What the first slices say. */
interface First {
  /** All slices, where they are few. */
  readonly kept: readonly Slice[] | undefined;
  readonly long: boolean;
}

interface Slice {
  readonly text: string;
  readonly lowered: () => string;
}

/** The slices of a prompt; undefined where it has been read for a while and none is whole yet. */
function* slicesOf(pieces: Iterable<PromptPiece>): Generator<Slice | undefined> {
  let plain = "";
  let some = false;
  for (const text of plainPieces(pieces)) {
    plain += text;
    while (plain.length > sliceLength) {
      const end = pairCut(plain, sliceLength);
      yield sliceOf(plain.slice(0, end));
      some = true;
      plain = plain.slice(pairCut(plain, end - sliceOverlap));
    }
    if (text === "") yield undefined;
  }
  if (!some || plain.length > sliceOverlap) yield sliceOf(plain);
}

/** The prompt's texts, a line each, made plain; an empty piece where there was nothing to read for a while. */
function* plainPieces(pieces: Iterable<PromptPiece>): Generator<string> {
  let raw = "";
  let between = "";
  for (const piece of pieces) {
    const text = typeof piece === "string" ? piece : piece.part;
    if (text === "" && typeof piece !== "string") {
      yield "";
      continue;
    }
    raw += between + text;
    between = typeof piece === "string" ? "\n" : "";
    if (raw.length < sliceLength) continue;
    // First all that takes no space: what is left of a long row of it is cut nowhere.
    raw = /^[\x00-\x7f]*$/.test(raw) ? raw : withoutIgnorable(raw);
    let at = 0;
    while (raw.length - at > sliceLength) {
      const end = at + cutPlace(raw.slice(at, at + sliceLength + 2), sliceLength);
      yield plainText(raw.slice(at, end));
      at = end;
    }
    raw = raw.slice(at);
  }
  yield plainText(raw);
}

function sliceOf(text: string): Slice {
  let lowered: string | undefined;
  return {
    text,
    lowered: () => {
      lowered ??= text.toLowerCase();
      return lowered;
    },
  };
}
