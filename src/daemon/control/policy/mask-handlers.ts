/**
 * Mask handler: hides in a stream of bytes what the policy in force would hide
 * in a reply, as it comes. A line goes on as soon as nothing at its end may be
 * the beginning of a finding. Asked to explain, it answers with where each
 * finding stands and what it is, never with the finding.
 */
import type { MaskFindingView } from "../../../contract/views.js";
import type { Masking, SessionMasking } from "../../masking/masking.js";
import type { MaskingTerms } from "../../model/masking-terms.js";
import { randomId } from "../../model/random-id.js";
import { shortened } from "../../model/text-cut.js";
import { ControlProblem } from "../control-problem.js";
import type { HandlersOf } from "../handler.js";
import { binaryOf, createBinaryDecoder } from "./binary-text.js";

export interface MaskHandlersOptions {
  readonly masking: Masking;
  /** Detectors and groups that may be named. */
  readonly detectors: readonly string[];
  /** What a detector looks for; undefined for the user's own. */
  readonly about: (detector: string) => string | undefined;
  /** The terms in force for who stands in this folder. */
  readonly termsFor: (folder: string | undefined) => Promise<MaskingTerms>;
  readonly nearestWord: (meant: string, words: readonly string[]) => string | undefined;
}

/** Creates the handler of `hoopx mask`. */
export function createMaskHandlers(options: MaskHandlersOptions): HandlersOf<"mask"> {
  const { masking, about } = options;

  return {
    async mask({ query }) {
      const named = query.get("detectors")?.split(",");
      const terms = await options.termsFor(query.get("folder") ?? undefined);
      for (const name of named ?? []) check(name, terms);
      const wanted = named === undefined ? terms : chosen(terms, named);
      const explain = query.get("explain") === "true";
      return async (input, send) => {
        // Marks of its own: what is masked here has nothing to do with any session.
        const id = randomId("msk");
        try {
          const opened = masking.open(id, wanted);
          if (explain) await explained(opened, input, send);
          else await masked(opened, input, send);
        } finally {
          masking.forget(id);
        }
      };
    },
  };

  function check(name: string, { patterns, words }: MaskingTerms): void {
    const known = [...options.detectors, ...[...patterns, ...words].map((own) => own.name)];
    if (known.includes(name)) return;
    const meant = options.nearestWord(name, known);
    const hint = meant === undefined ? "docs/masking.md lists them" : `did you mean ${meant}?`;
    throw new ControlProblem("bad_request", `no detector ${shortened(name, 80)}`, hint);
  }

  async function explained(
    opened: SessionMasking,
    input: AsyncIterable<Buffer>,
    send: Send,
  ): Promise<void> {
    const text = opened.openText();
    const waiting: string[] = [];
    let line = 1;
    let column = 1;

    const tell = async () => {
      for (const after of text.settled()) {
        const before = waiting.shift() ?? "";
        for (const { at, detector, mark } of findingsIn(before, after, opened)) {
          const place = { line, column: column + at };
          const why = about(detector) ?? "a pattern or word list of your policy";
          const view: MaskFindingView = { ...place, detector, mark, about: why };
          await send(Buffer.from(`${JSON.stringify(view)}\n`));
        }
        // A piece is a line, or part of one.
        if (before.endsWith("\n")) {
          line += 1;
          column = 1;
        } else column += before.length;
      }
    };
    for await (const piece of textsOf(input)) {
      for (const each of piece.split(/(?<=\n)/)) {
        waiting.push(each);
        text.push(each);
      }
      await tell();
    }
    text.end();
    await tell();
  }
}

type Send = (bytes: Buffer) => Promise<void>;

/** Own detectors are named like any other. */
function chosen(terms: MaskingTerms, named: readonly string[]): MaskingTerms {
  const isNamed = ({ name }: { readonly name: string }) => named.includes(name);
  return {
    ...terms,
    detectors: named,
    patterns: terms.patterns.filter(isNamed),
    words: terms.words.filter(isNamed),
  };
}

async function masked(
  opened: SessionMasking,
  input: AsyncIterable<Buffer>,
  send: Send,
): Promise<void> {
  const text = opened.openText();
  for await (const piece of textsOf(input)) {
    // What is held is held with its piece: the last line must not hold those before it.
    for (const each of lastLineApart(piece)) text.push(each);
    for (const settled of text.settled()) if (settled !== "") await send(binaryOf(settled));
  }
  text.end();
  for (const settled of text.settled()) if (settled !== "") await send(binaryOf(settled));
}

/** The text of each chunk of bytes. */
async function* textsOf(input: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = createBinaryDecoder();
  for await (const chunk of input) {
    const text = decoder.push(chunk);
    if (text !== "") yield text;
  }
  const rest = decoder.end();
  if (rest !== "") yield rest;
}

function lastLineApart(text: string): readonly string[] {
  const end = text.lastIndexOf("\n") + 1;
  const start = end < 2 ? 0 : text.lastIndexOf("\n", end - 2) + 1;
  return [text.slice(0, start), text.slice(start, end), text.slice(end)].filter(
    (piece) => piece !== "",
  );
}

/** Where in a piece what stood for a finding now stood: by what the marks stand for. */
function* findingsIn(before: string, after: string, { secretOf }: SessionMasking) {
  if (before === after) return;
  let at = 0;
  let from = 0;
  for (const found of after.matchAll(/\[masked:([\w.-]+)\]#\d+/g)) {
    const [mark, detector = ""] = found;
    const between = after.slice(from, found.index);
    // Written in another way than it was first, a secret has another length here.
    const beside = between.slice(0, 16);
    if (!before.startsWith(beside, at)) at = Math.max(at, before.indexOf(beside, at));
    at += between.length;
    from = found.index + mark.length;
    if (before.startsWith(mark, at)) {
      at += mark.length;
      continue;
    }
    yield { at: Math.min(at, before.length), detector, mark };
    at += secretOf(mark)?.length ?? 0;
  }
}
