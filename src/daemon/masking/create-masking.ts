/**
 * Creates the masking of a daemon: finders are compiled once for the same
 * terms, for every caller, and marks are kept for as long as a session lives.
 */
import { createLruCache } from "../model/lru-cache.js";
import type { MaskingTerms } from "../model/masking-terms.js";
import { type CleanTexts, createCleanTexts } from "./clean-texts.js";
import { type Clusters, createClusters } from "./engine/clusters.js";
import type { Finder } from "./engine/finding.js";
import { openReading } from "./engine/reading.js";
import { holdsAny } from "./engine/screen.js";
import { type Sieve, sieveSteps } from "./engine/sieve.js";
import { createMarks, type Marks } from "./marks.js";
import type { MaskedFinding, MaskedText, Masking, SessionMasking } from "./masking.js";
import { applied, openTextStream } from "./text-stream.js";

export interface MaskingOptions {
  /** The finders for terms; throws for terms that cannot be compiled. */
  readonly compile: (terms: MaskingTerms) => readonly Finder[];
}

const nothing: readonly MaskedFinding[] = [];

/** Characters that are looked at before others may run. What is decoded of more outlives a collection of the young heap. */
const longStride = 1 << 13;

/** Terms whose finders are remembered. */
const mostCompiled = 50;

/** Creates the masking. */
export function createMasking(options: MaskingOptions): Masking {
  const compiled = createLruCache<string, readonly Finder[]>(mostCompiled);
  // The same terms come with each exchange: a long list of words is written out for its key once.
  const ofTerms = new WeakMap<MaskingTerms, readonly Finder[]>();
  const sessions = new Map<string, Marks>();
  const clean = new WeakMap<readonly Finder[], CleanTexts>();
  const sieves = new WeakMap<readonly Finder[], { readonly sieve: Sieve | undefined }>();

  return {
    open(session, terms) {
      const finders = findersFor(terms);
      const marks = sessions.get(session) ?? createMarks();
      sessions.set(session, marks);
      return sessionMasking({ finders, clean: cleanTexts(finders), marks, mayHold });

      function* mayHold(bytes: Buffer): Generator<void, boolean> {
        const known = sieves.get(finders) ?? { sieve: yield* sieveSteps(finders) };
        sieves.set(finders, known);
        return known.sieve === undefined || (yield* known.sieve(bytes));
      }
    },
    forget(session) {
      sessions.delete(session);
    },
  };

  function cleanTexts(finders: readonly Finder[]): CleanTexts {
    const texts = clean.get(finders) ?? createCleanTexts();
    clean.set(finders, texts);
    return texts;
  }

  function findersFor(terms: MaskingTerms): readonly Finder[] {
    const before = ofTerms.get(terms);
    if (before !== undefined) return before;
    const key = JSON.stringify([terms.detectors, terms.patterns, terms.words]);
    const finders = compiled.get(key, () => options.compile(terms));
    ofTerms.set(terms, finders);
    return finders;
  }
}

interface SessionOptions {
  readonly finders: readonly Finder[];
  readonly clean: CleanTexts;
  readonly marks: Marks;
  /** False where nothing is found in these bytes. */
  readonly mayHold: Sieve;
}

function sessionMasking({ finders, clean, marks, mayHold }: SessionOptions): SessionMasking {
  return {
    mask,
    maskSteps,
    openText: () => openTextStream({ reading: openReading(finders), marks, mask }),
    permit,
    basis: () => marks.basis(finders),
    secretOf: (mark) => marks.secretOf(mark),
  };

  function permit(words: string): void {
    if (!holdsAny(finders, words)) return;
    for (const { start, end } of foundIn(words)) marks.permit(words.slice(start, end));
  }

  function foundIn(text: string): ReturnType<Clusters["take"]> {
    const reading = openReading(finders);
    reading.append(text, true);
    const clusters = createClusters();
    clusters.add(reading.take());
    return clusters.take(text.length);
  }

  function mask(text: string): MaskedText {
    if (clean.has(text)) return { text, findings: nothing };
    if (!holdsAny(finders, text)) {
      clean.add(text);
      return { text, findings: nothing };
    }
    return marked(text, foundIn(text));
  }

  function* maskSteps(
    pieces: Iterable<string>,
    bytes?: Buffer,
  ): Generator<void, readonly MaskedFinding[]> {
    if (bytes !== undefined && !(yield* mayHold(bytes))) return nothing;
    const reading = openReading(finders);
    const clusters = createClusters();
    const found: MaskedFinding[] = [];
    let certain = 0;
    for (const piece of pieces) {
      for (let at = 0; at < piece.length; at += longStride) {
        read(piece.slice(at, at + longStride), false);
        yield;
      }
    }
    read("", true);
    return found.length === 0 ? nothing : found;

    function read(piece: string, whole: boolean): void {
      reading.append(piece, whole, certain);
      clusters.add(reading.take());
      const pending = whole ? Number.POSITIVE_INFINITY : reading.pending();
      certain = clusters.boundary(pending);
      // What has begun and has no end yet takes all that is found in it.
      const begun = whole ? pending : (reading.begun()?.start ?? pending);
      for (const { detector, start, end, identity } of clusters.take(Math.min(certain, begun))) {
        const secret = reading.slice(start, end);
        if (secret !== undefined && marks.permits(secret)) continue;
        const mark = marks.markOf(detector, secret, identity);
        found.push({ detector, start, end, mark });
      }
    }
  }

  function marked(text: string, found: ReturnType<Clusters["take"]>): MaskedText {
    const hidden = found.filter(({ start, end }) => !marks.permits(text.slice(start, end)));
    const findings = hidden.map(({ detector, start, end, identity }) => ({
      detector,
      start,
      end,
      mark: marks.markOf(detector, text.slice(start, end), identity),
    }));
    return { text: applied(text, 0, findings), findings };
  }
}
